/**
 * A cluster of three etcd members, each on a loopback address of its own: 127.0.0.1 to 127.0.0.3. It runs, and the test with
 * it, in the namespaces of etcd-host.ts: when the test ends, so does everything in them.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { execa } from 'execa'
import type { Test } from 'tap'
import { openEtcd } from '../../lib/agent/etcd/client.ts'
import type { Etcd } from '../../lib/agent/etcd/etcd.ts'
import type { EtcdOptions } from '../../lib/agent/etcd/options.ts'
import { cutRules, type Lock, type Member, members, place, rules, startMember } from './etcd-member.ts'
import { until } from './until.ts'

export interface Cluster {
  readonly options: EtcdOptions
  /** Starts a member that is not running, with what it has on its disk. */
  start(member: Member): void
  kill(member: Member, signal?: NodeJS.Signals): Promise<void>
  /** All members answer. */
  ready(): Promise<void>
  ctl(...args: string[]): Promise<string>
  leader(): Promise<Member>
  /** Cuts a member off from the others, not from clients. */
  cut(member: Member): Promise<void>
  mend(): Promise<void>
  /** Takes all that the members know, after they were killed. */
  wipe(): void
}

type Ctl = Cluster['ctl']

async function leaderBy(ctl: Ctl): Promise<Member> {
  const answers = JSON.parse(await ctl('endpoint', 'status', '-w', 'json')) as {
    Endpoint: string
    Status: { header: { member_id: number }; leader: number }
  }[]
  return memberAt(answers.find(({ Status }) => Status.header.member_id === Status.leader)?.Endpoint)
}

async function readyBy(ctl: Ctl): Promise<void> {
  const isUp = async () => {
    try {
      await ctl('endpoint', 'health')
      return true
    } catch {
      return undefined
    }
  }
  if (!(await until(isUp, 15_000))) throw new Error('the cluster of etcd does not come up')
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  if (signal === 'SIGKILL') await ended
}

/**
 * Starts the cluster.
 *
 * @param ctlWords what etcdctl needs to be let in
 * @param more words for each member
 */
export async function startCluster(
  lock?: Lock,
  ctlWords: readonly string[] = [],
  more: readonly string[] = [],
): Promise<Cluster> {
  const scheme = lock ? 'https' : 'http'
  const endpoints = members.map(n => `${scheme}://127.0.0.${n}:2379`)
  const running = new Map<Member, ChildProcess>()
  const nft = async (input: string) => void (await execa('nft', ['-f', '-'], { input }))
  const ctl = async (...args: string[]) => {
    const words = ['--endpoints', endpoints.join(','), '--command-timeout', '3s', ...ctlWords, ...args]
    return (await execa('etcdctl', words, { env: { ETCDCTL_API: '3' } })).stdout
  }
  const cluster: Cluster = {
    options: { endpoints, prefix: '/fairlead/v1/' },
    start: member => void running.set(member, startMember(member, scheme, lock, more)),
    kill: (member, signal = 'SIGKILL') => end(running.get(member), signal),
    ready: () => readyBy(ctl),
    ctl,
    leader: () => leaderBy(ctl),
    cut: member => nft(cutRules(member)),
    mend: () => nft('flush chain inet cut cutting'),
    wipe: () => rmSync(place, { recursive: true, force: true }),
  }
  await nft(rules)
  for (const member of members) cluster.start(member)
  await cluster.ready()
  return cluster
}

/** The member at an endpoint. */
export function memberAt(endpoint: string | undefined): Member {
  const number = Number(/127\.0\.0\.([123]):/.exec(endpoint ?? '')?.[1])
  const member = members.find(each => each === number)
  if (!member) throw new Error(`no member at ${endpoint}`)
  return member
}

/** A client until the test ends. */
export function openFor(t: Pick<Test, 'teardown'>, options: EtcdOptions): Etcd {
  const etcd = openEtcd(options)
  t.teardown(() => etcd.close())
  return etcd
}
