/**
 * Runs plugins of the bundle once against a host without a kernel, and keeps the code that V8 compiled for it: loaded with
 * the bundle, it spares every later process the same work. Loading takes time too, so each kind of plugin has its own.
 * Usage: node warm.ts BUNDLE CACHE KIND
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Script } from 'node:vm'
import type { Command, Conversation, Host } from '../lib/host/host.ts'
import type * as Plugins from '../plugins/main.ts'

const [bundle = '', cache = '', kind = ''] = process.argv.slice(2)
const script = new Script(readFileSync(bundle, 'latin1'), { filename: basename(bundle) })
const module = { exports: {} as typeof Plugins }
script.runInThisContext()(process.getBuiltinModule, module, module.exports)
const { nodeHost, pluginOf, serve } = module.exports

const directory = mkdtempSync(join(tmpdir(), 'fairlead-warm-'))
const netns = '/run/netns/warm'
const link = (name: string, master: boolean) => ({
  ifname: name,
  link_type: 'ether',
  address: '02:00:00:00:00:01',
  mtu: 1500,
  flags: ['UP', 'LOWER_UP'],
  linkinfo: { info_kind: 'bridge', ...(master ? { info_slave_data: { state: 'forwarding' } } : {}) },
  addr_info: [{ family: 'inet', local: '10.88.0.1', prefixlen: 16, scope: 'global' }],
})

/** Answers like `ip` does; a real process is run all the same, for its code has to be compiled too. */
function converse(real: Host, command: Command): Conversation {
  const child = real.converse({ ...command, argv: ['cat'] })
  let count = 0
  const say: Conversation['say'] = async (text, enough) => {
    await child.say(text, ({ stdout }) => stdout.length >= text.length)
    const said = { stdout: '', stderr: '', ended: false }
    for (const line of text.trim().split('\n')) {
      count++
      if (line === 'address show') said.stdout += `${JSON.stringify([link('lo', false)])}\n`
      const name = /^address show dev (\S+)$/.exec(line)?.[1]
      if (name === undefined) {
        if (/^=\w+=$/.test(line))
          said.stderr += `Object "${line}" is unknown, try "ip help".\nCommand failed -:${count}\n`
        continue
      }
      if (/^(cni0|up0|veth)/.test(name)) said.stdout += `${JSON.stringify([link(name, name.startsWith('veth'))])}\n`
      else said.stderr += `Device "${name}" does not exist.\nCommand failed -:${count}\n`
    }
    if (!enough(said)) throw new Error('the end of an exchange with ip is not recognised')
    return said
  }
  return { ...child, say }
}

/** What has to be answered, of what is run. */
function answer(argv: readonly string[]): { stdout: string } | undefined {
  if (argv.includes('local')) return { stdout: JSON.stringify([{ type: 'local', dst: '192.0.2.1', dev: 'up0' }]) }
  return argv[0] === 'nft' && argv[1] === '-j' ? { stdout: '{"nftables":[]}' } : undefined
}

function warmHost(operation: string, conf: unknown): Host {
  const real = nodeHost()
  const variables: Readonly<Record<string, string>> = {
    CNI_COMMAND: operation,
    CNI_CONTAINERID: 'warm',
    CNI_NETNS: netns,
    CNI_IFNAME: 'eth0',
    CNI_PATH: directory,
    FAIRLEAD_STATE_DIR: join(directory, 'state'),
    PATH: '/usr/bin:/bin',
  }
  const stat: Host['files']['stat'] = async path => {
    const own = await real.files.stat('/proc/self/ns/net')
    if (path === netns && own) return { ...own, inode: own.inode + 1 }
    return real.files.stat(path.startsWith(directory) && !path.includes('state') ? real.executable : path)
  }
  return {
    ...real,
    env: name => variables[name],
    files: { ...real.files, stat, read: async path => (path.endsWith('route_localnet') ? '1' : real.files.read(path)) },
    run: async command => ({ ...(await real.run({ ...command, argv: ['true'] })), ...answer(command.argv) }),
    converse: command =>
      command.argv[0] === 'nft' ? real.converse({ ...command, argv: ['true'] }) : converse(real, command),
    stdin: async () => JSON.stringify(conf),
    stdout: async text => void (JSON.parse(text).code === undefined || process.stderr.write(text)),
  }
}

const ranges = ['10.88.0.0/16', 'fd00:88::/64'].map(subnet => [{ subnet }])
const routes = [{ dst: '0.0.0.0/0' }]
const ipam = { type: 'host-local', dataDir: join(directory, 'networks'), ranges, routes }
const cniVersion = '1.0.0'
const runtimeConfig = {
  portMappings: [
    { hostPort: 8080, containerPort: 80, protocol: 'tcp' },
    { hostPort: 8081, containerPort: 8081, protocol: 'udp' },
  ],
}
const bridge = { type: 'bridge', isGateway: true, ipMasq: true, macspoofchk: true, ipam }
const prevResult = {
  cniVersion,
  interfaces: [{ name: 'cni0' }, { name: 'veth1', mac: '02:00:00:00:00:01' }, { name: 'eth0', sandbox: netns }],
  ips: [{ address: '10.88.0.2/16', gateway: '10.88.0.1', interface: 2 }],
}
const nodes = [1, 2].map(number => ({ address: `192.0.2.${number}`, blocks: [`10.88.${number}.0/26`] }))
const overlay = { type: 'vxlan-overlay', controlPlane: { type: 'static', nodes }, ipam: { ...ipam, routes: [] } }
const onParent = { master: 'up0', ipam }
/** What runtimes call most, by kind: a bridge alone and with the features of its own, the chain behind it, other links. */
const confsOf: Readonly<Record<string, readonly (Readonly<Record<string, unknown>> & { readonly type: string })[]>> = {
  bridge: [bridge, { ...bridge, runtimeConfig, isolation: 'same-network' }],
  overlay: [overlay, { ...overlay, runtimeConfig }],
  chained: [
    { type: 'portmap', runtimeConfig, prevResult },
    { type: 'firewall', prevResult },
    { type: 'firewall', ingressPolicy: 'same-bridge', prevResult },
    { type: 'tuning', prevResult },
    { type: 'tuning', sysctl: { 'net.core.somaxconn': '4096' }, prevResult },
  ],
  others: [
    { type: 'macvlan', ...onParent },
    { type: 'ipvlan', ...onParent },
    { type: 'ptp', ipMasq: true, ipam },
  ],
}
const confs = confsOf[kind] ?? []
try {
  for (const conf of [...confs, ...confs]) {
    for (const operation of ['ADD', 'DEL']) {
      const host = warmHost(operation, { cniVersion, name: 'warm', ...conf })
      const status = await serve(host, pluginOf(conf.type), conf.type)
      if (status !== 0) throw new Error(`the bundled ${conf.type} fails ${operation}`)
    }
  }
  writeFileSync(cache, script.createCachedData())
} finally {
  rmSync(directory, { recursive: true })
}
