import t from 'tap'
import { fairlead } from '../support/host.ts'
import { withHosts } from '../support/overlay.ts'
import { asked, etcdConf, lone, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { until } from '../support/until.ts'

interface Line {
  readonly event: string
  readonly about?: string
  readonly why?: string
}

const about = 'connection to etcd'
const linesAbout = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Line)
    .filter(line => line.about?.startsWith(about))

t.test('the log says that etcd is away, once, and that it is back', t =>
  withAgents(
    t,
    1,
    etcdConf(),
    async ({ hosts: [host], agents: [agent], cluster }) => {
      if (!host || !agent) throw new Error('no host')
      const lines = () => linesAbout(agent.said())
      const isOver = async () => (lines().some(({ event }) => event === 'over') ? true : undefined)
      const isSaid = async () => (lines().length > 0 ? true : undefined)
      await until(async () => ((await asked(host, '/v1/state')).etcd.connected ? true : undefined), 10_000)
      await cluster.kill(1)
      t.ok(await until(isSaid, 20_000), 'it says that etcd is away')
      const looks = async (): Promise<number> => (await asked(host, '/v1/state')).looks
      const enough = (await looks()) + 2
      t.ok(await until(async () => ((await looks()) >= enough ? true : undefined), 30_000), 'it has looked again')
      const away = { event: 'fault', about, why: /^Cannot reach etcd at http:\S+: .* See that it runs, and that / }
      t.match(lines(), [away], 'once, and what to do')
      t.equal(lines().length, 1)
      cluster.start(1)
      t.ok(await until(isOver, 30_000), 'and that it is back')
      t.match(lines(), [away, { event: 'over', about }])
    },
    lone,
  ),
)

t.test('the log says why etcd cannot be reached from the start', t =>
  withHosts(t, 1, async ({ hosts: [host] }) => {
    if (!host) throw new Error('no host')
    const agent = await startAgent(t, host, 1, { etcd: { endpoints: ['http://10.99.0.100:2379'] } })
    const isSaid = async () => (linesAbout(agent.said()).length > 0 ? true : undefined)
    t.ok(await until(isSaid, 20_000))
    t.match(linesAbout(agent.said()), [{ event: 'fault', why: /Cannot reach etcd at http:..10\.99\.0\.100:2379: / }])
  }),
)

t.test('files that are refused keep the agent from starting', t =>
  withHosts(t, 1, async ({ hosts: [host] }) => {
    if (!host) throw new Error('no host')
    await host.sh('mkdir -p /run/pw; echo secret >/run/pw/open; chmod 0644 /run/pw/open')
    const login = (passwordFile: string) => ({ endpoints: ['http://10.99.0.100:2379'], user: 'x', passwordFile })
    const ca = { endpoints: ['https://10.99.0.100:2379'], ca: '/run/pw/none' }
    const rows = [
      [login('/run/pw/open'), /Cannot use \/run\/pw\/open as the password: others may read it .* Run chmod 0600/],
      [login('/run/pw/none'), /Cannot use \/run\/pw\/none as the password: .* Correct the path/],
      [ca, /Cannot read the certificates of authorities: .* Correct its path/],
    ] as const
    for (const [etcd, says] of rows) {
      await host.sh(`cat >/run/agent.json <<'end'\n${JSON.stringify({ etcd, confDir: '/run/net.d' })}\nend`)
      const ran = await host.exec(['timeout', '5', fairlead, 'agent', '--config', '/run/agent.json'])
      t.match(ran, { code: 1, stderr: says })
      t.equal(ran.stderr.trim().split('\n').length, 1, 'one line')
    }
  }),
)
