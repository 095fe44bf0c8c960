/** A plugin's case on a host of its own, and attachments there that are made and taken away again. */
import type { Test } from 'tap'
import type { Record } from '../../../lib/cnm/record.ts'
import type { Resource } from '../../../lib/kernel/resource.ts'
import { documentIn } from '../../../lib/store/store.ts'
import { container } from '../attachment.ts'
import { type Answer, type CallOptions, type Conf, call, must } from '../call.ts'
import { type Host, withHost } from '../host.ts'
import { type State, stateOf } from '../state.ts'

/** What the contract has to know of a plugin. */
export interface Case {
  /** Where titles say which it is. */
  readonly name: string
  /** A configuration that leaves as many kinds of objects as can be. */
  readonly conf: Conf
  /** Of a chained plugin: those before it in the list. They get the name of its network. */
  readonly before?: readonly Conf[]
  /** Makes what a host must have first, such as a parent link. */
  prepare?(host: Host): Promise<unknown>
  /** Makes again what a sandbox that went has taken along: a link of the host's that was in it. */
  revive?(host: Host): Promise<unknown>
  /** What STATUS has to miss: programs, and modules of the kernel. */
  readonly tools: readonly string[]
  readonly modules: readonly string[]
  /** Calls that ADD can do without, as faulty.ts writes them: those of them that fail need not make it fail. */
  readonly dispensable: RegExp
  /** Values to break a sysctl by, for those that take neither 0 nor 1; by key. */
  readonly wrong?: Readonly<{ [key: string]: string }>
}

/** An attachment that stands. */
export interface Standing {
  /** As ADD was told. */
  readonly conf: Conf
  // biome-ignore lint/suspicious/noExplicitAny: results differ by protocol version
  readonly result: any
  /** The host's state before the plugin acted. */
  readonly before: State
  /** An operation of the plugin, with its result, as a runtime has it. */
  call(operation: string, change?: object, options?: CallOptions): Promise<Answer>
  /** DEL of the plugin, which must succeed. */
  del(): Promise<void>
}

export interface Stage {
  readonly host: Host
  readonly each: Case
  /** Container and sandbox, which has the name `a`. */
  readonly options: CallOptions
  /** The host's state with nobody attached. */
  readonly empty: State
  /** Adds what comes before the plugin, and gives its configuration as the runtime would. */
  precede(): Promise<Conf>
  /** ADD of the plugin, after that. */
  attach(): Promise<Standing>
  /** DEL of what comes before the plugin. */
  leave(): Promise<void>
  /** Puts a new sandbox in the place of the one that is there, or is not. */
  renew(): Promise<void>
}

/** The kernel gives the uplink addresses some time after it is up: no state would last. */
const quiet = 'for link in up0 up1; do ip link set $link addrgenmode none; ip -6 address flush dev $link; done'

async function precede(host: Host, { conf, before = [] }: Case, options: CallOptions): Promise<Conf> {
  let prevResult: unknown
  for (const plugin of before) {
    const given = prevResult === undefined ? {} : { prevResult }
    prevResult = await must(host, 'ADD', { ...plugin, name: conf.name, ...given }, options)
  }
  return prevResult === undefined ? conf : { ...conf, prevResult }
}

async function attach(host: Host, each: Case, options: CallOptions): Promise<Standing> {
  const conf = await precede(host, each, options)
  const before = await stateOf(host)
  const result = await must(host, 'ADD', conf, options)
  return {
    conf,
    result,
    before,
    call: (operation, change = {}, other = {}) =>
      call(host, operation, { ...conf, prevResult: result, ...change }, { ...options, ...other }),
    del: () => must(host, 'DEL', { ...conf, prevResult: result }, options),
  }
}

async function leave(host: Host, { conf, before = [] }: Case, options: CallOptions): Promise<void> {
  for (const plugin of before.toReversed()) await must(host, 'DEL', { ...plugin, name: conf.name }, options)
}

/** Both stand for a moment: the number of the one that goes would be free for the other. */
const renewal = `
ip netns add next && ip -n next link set lo up
ip netns del a 2>/dev/null || rm -f /run/netns/a
touch /run/netns/a && mount --bind /run/netns/next /run/netns/a && umount /run/netns/next && rm /run/netns/next`

/** Runs a test body on a host that the plugin was used on once, so that what is shared stands. */
export const staged = (t: Test, each: Case, body: (stage: Stage) => Promise<void>): Promise<void> =>
  withHost(t, async host => {
    await host.sh(quiet)
    await each.prepare?.(host)
    const options = await container(host)
    const steps = {
      precede: () => precede(host, each, options),
      attach: () => attach(host, each, options),
      leave: () => leave(host, each, options),
      async renew() {
        await host.sh(renewal)
        await each.revive?.(host)
      },
    }
    await (await steps.attach()).del()
    await steps.leave()
    await body({ host, each, options, empty: await stateOf(host), ...steps })
  })

const records = '/var/lib/cni/fairlead/attachments/'

/** Other hosts are in a document of their own, which all attachments of a network share. */
function withHosts(resource: Resource, files: { readonly [path: string]: string }): Resource {
  if (resource.kind !== 'remotes') return resource
  const shared = JSON.parse(files[`/var/lib/cni/fairlead/remotes/${resource.dev}`] ?? '[]') as readonly Resource[]
  return shared.find(({ kind }) => kind === 'remotes') ?? resource
}

/** The record of what the plugin has made. */
export async function recordOf({ host, each, options }: Stage): Promise<Record> {
  const files = await host.files()
  const found = Object.entries(files)
    .filter(([path]) => path.startsWith(records))
    .map(([, text]) => documentIn(text) as Record)
    .find(({ key }) => key.type === each.conf.type && key.containerId === options.containerId)
  if (!found) throw new Error(`no record of ${each.conf.type}`)
  return { ...found, resources: found.resources.map(each => withHosts(each, files)) }
}

/** What a call answers that has nothing to say. */
export const silent = { code: 0, stdout: '', stderr: '' }
