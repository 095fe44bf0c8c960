/** STATUS: whether an ADD could succeed now. Polled every few seconds, so it reads a few files and runs next to nothing. */
import { CniError, code } from '../cni/error.ts'
import { FileError, type Host } from '../host/host.ts'
import { hasTool, packageOf, tools } from '../kernel/tool.ts'
import { stateDirectory } from '../store/layout.ts'
import type { Needs } from './model.ts'
import type { Ports } from './ports.ts'

/** True or false where the kernel's own lists tell; undefined, which counts as ready, where they do not. */
async function hasModule(host: Host, name: string): Promise<boolean | undefined> {
  if (await host.files.stat(`/sys/module/${name}`)) return true
  const release = (await host.files.read('/proc/sys/kernel/osrelease'))?.trim()
  const builtin = await host.files.read(`/lib/modules/${release}/modules.builtin`)
  const loadable = await host.files.read(`/lib/modules/${release}/modules.dep`)
  const file = new RegExp(`/${name}\\.ko`, 'm')
  if (file.test(builtin ?? '') || file.test(loadable ?? '')) return true
  return builtin === undefined || loadable === undefined ? undefined : false
}

/** Kinds of links that kernels are built without: the option behind the module, and what it is for. */
const optionOf: Readonly<Record<string, readonly [option: string, what: string]>> = {
  '8021q': ['VLAN_8021Q', 'VLANs'],
  dummy: ['DUMMY', 'dummy links'],
  ipvlan: ['IPVLAN', 'ipvlan'],
  macvlan: ['MACVLAN', 'macvlan'],
  vrf: ['NET_VRF', 'VRFs'],
}

/** The running kernel's configuration, from the places where it may be; undefined where it is in none of them. */
async function kernelConfig(host: Host): Promise<string | undefined> {
  if ((await host.files.stat('/proc/config.gz')) && (await hasTool(host, 'gzip'))) {
    const unpacked = await tools(host, '').run(['gzip', '-dc', '/proc/config.gz'])
    if (unpacked.code === 0) return unpacked.stdout
  }
  const release = (await host.files.read('/proc/sys/kernel/osrelease'))?.trim()
  return (await host.files.read(`/boot/config-${release}`)) ?? host.files.read(`/lib/modules/${release}/config`)
}

async function checkKernel(host: Host, options: Readonly<Record<string, string>>): Promise<void> {
  if (Object.keys(options).length === 0) return
  const config = await kernelConfig(host)
  if (config === undefined) return
  for (const [option, what] of Object.entries(options)) {
    if (new RegExp(`^CONFIG_${option}=[ym]$`, 'm').test(config)) continue
    const msg = `Cannot attach containers: this kernel has no ${what} (CONFIG_${option}). Boot a kernel that has it`
    throw new CniError(code.notAvailable, msg)
  }
}

/**
 * Checks the programs and kernel features of a driver.
 *
 * @throws CniError 50 that names the first one missing
 */
export async function checkNeeds(host: Host, needs: Needs): Promise<void> {
  for (const tool of needs.tools) {
    if (await hasTool(host, tool)) continue
    throw new CniError(
      code.notAvailable,
      `Cannot attach containers: ${tool} is not installed. Install the package ${packageOf(tool)}`,
    )
  }
  const options = { ...needs.kernel }
  for (const name of needs.modules) {
    const has = await hasModule(host, name)
    const [option, what = ''] = (has === undefined && optionOf[name]) || []
    if (option !== undefined) options[option] = what
    if (has !== false) continue
    const msg = `Cannot attach containers: this kernel has no module ${name}. Boot a kernel that has it, or install its modules`
    throw new CniError(code.notAvailable, msg)
  }
  await checkKernel(host, options)
}

/**
 * Checks that a record could be written.
 *
 * @throws CniError 50 that names the state directory
 */
export async function checkStore({ host, store }: Ports): Promise<void> {
  const probe = `status-${host.random(8)}.0`
  try {
    await store.claim('claims', probe, {})
    await store.drop('claims', probe)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    const msg = `Cannot write records to ${stateDirectory(host)}: ${error.message}`
    throw new CniError(code.notAvailable, `${msg}. Free or mount the directory, or set FAIRLEAD_STATE_DIR`)
  }
}
