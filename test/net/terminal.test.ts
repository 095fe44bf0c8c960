/** What a person sees and a script does not: colours, and what is done now. */
import t from 'tap'
import { bin, fairlead, type Host, withHost } from '../support/host.ts'

const doctor = `${fairlead} doctor --conf-dir /run/net.d --cni-bin-dir ${bin}`
const csi = '\u001b['
const [green, wiped] = [`${csi}32m`, `\r${csi}K`]

/** What a command says on a terminal, to which it has both outputs. */
const seen = async (host: Host, command: string, env: Readonly<Record<string, string>> = {}): Promise<string> =>
  (await host.exec(['script', '-q', '-c', command, '/dev/null'], { env: { TERM: 'xterm', ...env } })).stdout

t.test('colours, and what is done now, are for terminals', t =>
  withHost(t, async host => {
    const shown = await seen(host, doctor)
    t.match(shown, green)
    t.match(shown, `${wiped}looking at programs, kernel, `)
    t.match(shown.split('\n')[0], wiped + csi, 'the last of it is gone before the first line')
    const plain = await seen(host, doctor, { NO_COLOR: '1' })
    t.notMatch(plain, green, 'no colours for whom they disturb')
    t.match(plain, `${wiped}looking at`)
    t.notMatch(await seen(host, doctor, { TERM: 'dumb' }), 'looking at', 'no line that cannot be taken back')
    const json = await seen(host, `${doctor} --json`)
    t.notMatch(json, csi)
    t.ok(Array.isArray(JSON.parse(json)), 'and JSON alone where that is wished')
    const { stdout, stderr } = await host.exec(['sh', '-c', doctor])
    t.notMatch(stdout, csi, 'none in a pipe')
    t.equal(stderr, '')
  }),
)
