/** tap: an interface of the sandbox whose other side is a program, such as a virtual machine. Pure: it says what should be. */
import { CniError, code } from '../../lib/cni/error.ts'
import { addressed, resultOf } from '../../lib/cnm/addressed.ts'
import type { Driver, Endpoint, Facts } from '../../lib/cnm/model.ts'
import type { Link } from '../../lib/kernel/resource.ts'
import { type Options, readOptions } from './options.ts'

/** It exists where SELinux is on (selinux(8)). */
const selinux = '/sys/fs/selinux/enforce'

function contextOf({ selinuxContext: context }: Options, { files }: Facts): Pick<Link, 'context'> {
  if (context === undefined) return {}
  if (files.has(selinux)) return { context }
  const msg = `Cannot use "selinuxContext": ${JSON.stringify(context)}: SELinux is off on this host`
  throw new CniError(code.unsupportedField, `${msg}. Leave the key out`)
}

/** Whatever adds the device to it, it must be there. */
function masterOf({ bridge }: Options, { netns }: Endpoint, { links }: Facts): Pick<Link, 'master'> {
  if (bridge === undefined) return {}
  if (links.get(bridge)?.type === 'bridge') return { master: bridge }
  const msg = `Cannot use "bridge": ${bridge}: ${netns} has no bridge of that name`
  throw new CniError(code.config, `${msg}. Make it before, or leave the key out`)
}

function tapLink(options: Options, endpoint: Endpoint, facts: Facts): Link {
  const { mtu, multiQueue, owner, group } = options
  return {
    kind: 'link',
    lifetime: 'own',
    netns: endpoint.netns,
    name: endpoint.ifName,
    type: 'tun',
    options: {
      mode: 'tap',
      ...(multiQueue ? { multi_queue: '' } : {}),
      ...(owner === undefined ? {} : { user: String(owner) }),
      ...(group === undefined ? {} : { group: String(group) }),
    },
    ...contextOf(options, facts),
    mac: endpoint.mac,
    ...(mtu === 0 ? {} : { mtu }),
    ...masterOf(options, endpoint, facts),
    quiet: facts.ipv6,
    up: true,
  }
}

/** The driver. */
export const tap: Driver<Options> = {
  type: 'tap',
  options: readOptions,
  mac: ({ mac }) => mac,
  inSandbox: ({ bridge }) => bridge !== undefined,
  asks: ({ bridge }) => (bridge === undefined ? [] : [bridge]),
  reads: ({ selinuxContext }) => ({ files: selinuxContext === undefined ? [] : [selinux] }),
  needs: ({ selinuxContext }) => ({
    tools: ['ip', 'nsenter', 'tee', ...(selinuxContext === undefined ? [] : ['runcon'])],
    modules: ['tun'],
  }),
  links: (options, endpoint, facts) => ({ resources: [tapLink(options, endpoint, facts)], effects: [] }),
  // The program is alone on the wire: nobody else can have its addresses, or hear of them.
  addressing: (options, endpoint, _facts, leased) => addressed(options, endpoint, leased, 'none'),
  result(options, { ifName: name, mac, netns: sandbox }, _facts, leased) {
    return resultOf({ name, mac, mtu: options.mtu || 1500, sandbox }, options, leased)
  },
}
