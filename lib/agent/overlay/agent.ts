/**
 * The agent of networks that several hosts share. It is level-triggered: whatever happens only says that it is time to look,
 * and each look brings this host from what it is to what it should be. Nothing that forwards ever goes because etcd, or a
 * part of it, is away; and plugins go on without etcd and without the agent.
 */
import { setTimeout as pauseFor } from 'node:timers/promises'
import { learned, tellEnd, twinOf, wantedPlace } from '../../../plugins/vxlan-overlay/control-plane/etcd.ts'
import { wishPlace } from '../../../plugins/vxlan-overlay/control-plane/wish.ts'
import type { Underlay } from '../../../plugins/vxlan-overlay/options.ts'
import { journal } from '../../cni/log.ts'
import { type Ports, portsOf } from '../../cnm/ports.ts'
import type { Host } from '../../host/host.ts'
import { stateDirectory } from '../../store/layout.ts'
import { openStore } from '../../store/store.ts'
import { liveOn } from '../engine.ts'
import type { Etcd, Following, KeptLease } from '../etcd/etcd.ts'
import { needFiles } from '../etcd/files.ts'
import { type Config, readConfig } from './config.ts'
import type { Memory } from './esp/encrypt.ts'
import { type Faults, log } from './log.ts'
import { look, type Seen } from './look.ts'
import { kernelEvents, newsIn } from './monitor.ts'
import { openAgent } from './open.ts'
import type { Retirement } from './retire.ts'
import { instanceOf } from './self.ts'
import { serve } from './serve.ts'
import { alarm, asked } from './wake.ts'

export interface Agent {
  readonly host: Host
  readonly config: Config
  readonly etcd: Etcd
  readonly following: Following
  readonly lease: KeptLease
  /** All that this process has been granted so far. */
  readonly leases: ReadonlySet<bigint>
  readonly instance: string
  /** Why this host cannot be its node: another one is. */
  twin: string | undefined
  readonly faults: Faults
  readonly retirement: Retirement
  readonly encryption: Memory
  /** Looks again when anything changes in a directory, from now on; it is made with `mode`, or 0700, where it is missing. */
  attend(directory: string, mode?: number): Promise<void>
  /** What plugins were told last of how we do. */
  told: string | undefined
  /** By network, where the tunnel of this host begins, as the last look at everything has found. */
  readonly homes: Map<string, Underlay>
  /** By device, whether an address or a MAC should have an entry. */
  readonly rosters: Map<string, (text: string) => boolean>
  /** Somebody may have told a tunnel something else than we did. */
  doubtful: boolean
  /** What the last look has seen. */
  seen: Seen | undefined
  /** Looks so far, and objects of the kernel that had to be made again. */
  looks: number
  repairs: number
}

/** Milliseconds between two looks at everything. */
const rhythm = 30_000
/** Milliseconds until it is noticed that etcd has gone, or is back. */
const pulse = 5_000
/** Milliseconds for etcd before the first look. */
const moment = 300
/** Events come in crowds. */
const calm = 5

/** Ports for one look: processes that it has started end with it. */
async function withPorts<T>(host: Host, work: (ports: Ports) => Promise<T>): Promise<T> {
  const ports = await portsOf(host, journal(), { ipam: {}, chained: {} })
  try {
    return await work(ports)
  } finally {
    ports.end()
  }
}

/**
 * Runs the agent until SIGTERM or SIGINT; what it has made goes on working then.
 *
 * @throws CniError 7 for a configuration that makes no sense, EtcdFault for files that it names, Error where it cannot listen
 */
export async function overlayAgent(host: Host, path: string): Promise<void> {
  const rest = liveOn()
  const config = await readConfig(host, path)
  needFiles(config.etcd)
  const over = new AbortController()
  const bell = alarm()
  const store = openStore(host, why => log('torn', { why }))
  const agent = openAgent(host, config, await instanceOf({ host, store }), bell.ring, over.signal)
  // Until we have heard of the cluster it is as it was.
  agent.twin = await twinOf(store)
  let [whole, ending] = [true, false]
  const drift = () => {
    whole = true
    bell.ring()
  }
  const doubt = () => {
    agent.doubtful = true
    bell.ring()
  }
  const close = await serve(agent, name => learned(store, name))
  await agent.attend(config.confDir)
  for (const place of [wantedPlace, wishPlace]) await agent.attend(`${stateDirectory(host)}/${place}`)
  const monitor = kernelEvents(
    host,
    newsIn((dev, text) => agent.rosters.get(dev)?.(text) ?? false),
    { changed: news => (news === 'all' ? drift() : doubt()), lost: () => void agent.etcd.prove() },
    over.signal,
  )
  const timer = setInterval(drift, rhythm)
  const heartbeat = setInterval(bell.ring, pulse)
  log('started', { node: config.id, name: config.name, endpoints: config.etcd.endpoints })
  const end = asked().then(signal => {
    ending = true
    bell.ring()
    return signal
  })
  const working = (async () => {
    // What etcd says comes soon, or not for long.
    await Promise.race([agent.following.listed.catch(() => undefined), pauseFor(moment)])
    while (!ending) {
      const all = whole
      whole = false
      await withPorts(host, ports => look(agent, ports, all)).catch(error => agent.faults.set('agent', error))
      rest()
      await bell.next()
      await pauseFor(calm)
    }
  })()
  const signal = await end
  clearInterval(timer)
  clearInterval(heartbeat)
  over.abort()
  await Promise.all([working, monitor, close()])
  await tellEnd(store)
  await agent.etcd.close()
  log('ended', { signal })
}
