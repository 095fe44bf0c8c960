/** Three etcd members on the underlay of a lab, and an agent on each host. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Conf } from './call.ts'
import { type Member, members, wordsOf } from './etcd-member.ts'
import { fairlead, type Host } from './host.ts'
import { type Ending, type Lab, overlayConf, withHosts } from './overlay.ts'
import { slowness } from './slowness.ts'
import { until } from './until.ts'

const addressOf = (member: Member): string => `10.99.0.${100 + member}`
const endpointOf = (member: Member): string => `http://${addressOf(member)}:2379`
export const endpoints = members.map(endpointOf)

/** A cluster of one, where to start three takes too long. */
export const lone: readonly Member[] = [1]

/** A process in the namespaces of a host, with what it writes on standard error. */
export interface Running {
  readonly child: ChildProcess
  said(): string
  end(signal?: NodeJS.Signals): Promise<void>
}

function runOn(t: Ending, { pid }: Host, argv: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  // Without --fork nsenter becomes the program itself: signals reach it.
  const child = spawn('nsenter', ['-t', String(pid), '-m', '-n', '--', ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', ...env },
  })
  let text = ''
  child.stderr?.on('data', data => (text += String(data)))
  const end = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  t.teardown(() => end())
  return { child, said: () => text, end }
}

export interface Cluster {
  start(member: Member): void
  kill(member: Member, signal?: NodeJS.Signals): Promise<void>
  ctl(...args: string[]): Promise<string>
  /** All members that run answer. */
  ready(): Promise<void>
}

async function startCluster(t: Ending, { outside }: Lab, all: readonly Member[]): Promise<Cluster> {
  for (const each of all) await outside.sh(`ip address add ${addressOf(each)}/24 dev sw0`)
  const running = new Map<Member, Running>()
  const ctl = (...args: string[]) =>
    outside.sh(
      `ETCDCTL_API=3 etcdctl --endpoints ${all.map(endpointOf).join(',')} --command-timeout 3s ${args.join(' ')}`,
    )
  const more = { 'initial-cluster': all.map(n => `m${n}=http://${addressOf(n)}:2380`).join(',') }
  const cluster: Cluster = {
    start: member =>
      void running.set(
        member,
        runOn(t, outside, ['etcd', ...wordsOf(member, `/run/m${member}`, addressOf, 'http', more)]),
      ),
    kill: async (member, signal = 'SIGKILL') => {
      if (signal === 'SIGKILL') await running.get(member)?.end()
      else running.get(member)?.child.kill(signal)
    },
    ctl,
    async ready() {
      const isUp = () =>
        ctl('endpoint', 'health').then(
          () => true as const,
          () => undefined,
        )
      if (!(await until(isUp, 20_000))) throw new Error('etcd does not come up')
    },
  }
  for (const each of all) cluster.start(each)
  await cluster.ready()
  return cluster
}

/** A network whose hosts are known from etcd. */
export const etcdConf = (change: Readonly<Record<string, unknown>> = {}): Conf =>
  overlayConf(4, 0, { controlPlane: { type: 'etcd' }, ...change })

/** Writes the files of a host, and starts its agent. */
export async function startAgent(t: Ending, host: Host, number: number, change: object = {}): Promise<Running> {
  const config = {
    etcd: { endpoints },
    id: `h${number}`,
    name: `host${number}`,
    confDir: '/run/net.d',
    // An agent that gets little of a slow machine must not lose it.
    lease: slowness > 1 ? 30 : 5,
    ...change,
  }
  await host.sh(`cat >/run/agent.json <<'end'\n${JSON.stringify(config)}\nend`)
  const running = runOn(t, host, [fairlead, 'agent', '--config', '/run/agent.json'])
  const isUp = () =>
    asked(host, '/v1/state').then(
      () => true as const,
      () => undefined,
    )
  if (!(await until(isUp, 10_000))) throw new Error(`no agent: ${running.said()}`)
  return running
}

/** Gives a host the file of a network. */
export const writeConf = (host: Host, conf: Conf): Promise<string> =>
  host.sh(`mkdir -p /run/net.d; cat >/run/net.d/30-${conf.name}.conflist <<'end'
${JSON.stringify({ cniVersion: conf.cniVersion, name: conf.name, plugins: [conf] })}
end`)

/** What the agent of a host answers. */
// biome-ignore lint/suspicious/noExplicitAny: the shape depends on the question
export async function asked(host: Host, path: string): Promise<any> {
  return JSON.parse(await host.sh(`curl -s --unix-socket /run/fairlead/agent.sock http://agent${path}`))
}

export interface EtcdLab extends Lab {
  readonly cluster: Cluster
  readonly agents: readonly Running[]
}

/** Runs a test body with so many hosts, each with an agent and the file of a network. */
export const withAgents = (
  t: Ending,
  count: number,
  conf: Conf,
  body: (lab: EtcdLab) => Promise<void>,
  cluster: readonly Member[] = members,
): Promise<void> =>
  withHosts(t, count, async lab => {
    const etcd = { endpoints: cluster.map(endpointOf) }
    const started = await startCluster(t, lab, cluster)
    const agents: Running[] = []
    for (const [index, host] of lab.hosts.entries()) {
      await writeConf(host, conf)
      agents.push(await startAgent(t, host, index + 1, { etcd }))
    }
    await body({ ...lab, cluster: started, agents })
  })
