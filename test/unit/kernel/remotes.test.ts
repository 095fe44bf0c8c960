import fc from 'fast-check'
import t from 'tap'
import { type FakeHost, fakeHost } from '../../../lib/host/fake.ts'
import { changeRemotes, ensureRemotes, missingRemotes } from '../../../lib/kernel/remotes.ts'
import { KernelError, type Remotes } from '../../../lib/kernel/resource.ts'
import { tools } from '../../../lib/kernel/tool.ts'
import { remotes } from '../../support/remotes.ts'

const routed: Remotes = {
  ...remotes,
  on: 'flv7',
  remotes: [
    {
      vtep: '192.0.2.2',
      rows: [],
      mac: '02:00:00:00:00:02',
      routes: [{ dst: '10.200.2.0/26', via: '10.200.2.0', src: '10.200.1.0' }],
    },
  ],
}

const mac = (last: string) => `02:42:0a:c8:02:${last}`
const led = (last: string, dst: string) => `${mac(last)} dst ${dst} self sticky static`
const held = (last: string) => `${mac(last)} sticky master flb7 static`
const neighbour = (address: string, lladdr: string, protocol = '117') =>
  `${address} lladdr ${lladdr} PERMANENT proto ${protocol} `

const lines = (texts: readonly string[]): string => texts.map(text => `${text}\n`).join('')

interface Known {
  readonly fdb?: readonly string[]
  readonly neighbours?: readonly string[]
  readonly routes?: readonly object[]
  readonly senders?: string
}

/** A kernel that knows something already. */
const kernel = ({ fdb = [], neighbours = [], routes = [], senders }: Known = {}): FakeHost =>
  fakeHost({
    run: ({ argv, stdin = '' }) => {
      if (argv.includes('fdb')) return { stdout: lines(fdb) }
      if (argv.includes('neighbour')) return { stdout: lines(neighbours) }
      if (argv.includes('route')) return { stdout: JSON.stringify(argv.includes('-4') ? routes : []) }
      return senders && stdin.startsWith('list set inet fairlead vteps4-7')
        ? { stdout: `elements = { ${senders} }` }
        : {}
    },
  })

const told = (host: FakeHost, tool: string): string[] =>
  host.heard
    .filter(({ argv }) => argv[0] === tool && argv.includes('-batch'))
    .flatMap(({ stdin }) => stdin.trim().split('\n'))

t.test('what is missing comes, what is wrong is put right, what is left of before goes', async t => {
  const host = kernel({
    fdb: [led('09', '192.0.2.2'), held('09'), led('0a', '192.0.2.9'), held('0a'), led('ff', '192.0.2.2'), held('fe')],
    neighbours: [
      neighbour('10.200.2.9', mac('09')),
      neighbour('fd20::2:9', mac('ff')),
      neighbour('10.200.2.77', mac('4d')),
      neighbour('10.200.2.78', mac('4e'), 'static'),
    ],
    senders: '192.0.2.2, 192.0.2.9',
  })
  await ensureRemotes(tools(host, ''), remotes)
  t.same(told(host, 'bridge').toSorted(), [
    'fdb del 02:42:0a:c8:02:fe dev flv7 self master',
    'fdb del 02:42:0a:c8:02:ff dev flv7 self master',
    'fdb replace 02:42:0a:c8:02:0a dev flv7 self master static sticky dst 192.0.2.2',
  ])
  t.match(told(host, 'ip'), [
    /^link set dev flv7 alias fairlead:remotes:$/,
    'neighbour del 10.200.2.77 dev flb7',
    'neighbour replace fd20::2:9 lladdr 02:42:0a:c8:02:09 dev flb7 nud permanent protocol 117',
    'neighbour replace 10.200.2.10 lladdr 02:42:0a:c8:02:0a dev flb7 nud permanent protocol 117',
    'neighbour replace fd20::2:a lladdr 02:42:0a:c8:02:0a dev flb7 nud permanent protocol 117',
    /^link set dev flv7 alias fairlead:remotes:[0-9a-f]{16}$/,
  ])
  const filters = host.heard.filter(({ argv }) => argv[0] === 'nft').map(({ stdin }) => stdin)
  t.ok(filters.some(text => text.includes('delete element inet fairlead vteps4-7 { 192.0.2.9 }')))
})

t.test('a change of a list that the kernel knows is told without a look, and nothing else', async t => {
  const host = kernel()
  const stays = { vtep: '192.0.2.9', rows: [{ count: 1, mac: ['02:42:0a:c8:09:', 1] as const }], routes: [] }
  const before = { ...remotes, remotes: [stays, ...remotes.remotes] }
  const moved = remotes.remotes.map(each => ({
    ...each,
    vtep: '192.0.2.3',
    rows: each.rows.map(row => ({ ...row, count: 1 })),
  }))
  await changeRemotes(tools(host, ''), before, { ...remotes, remotes: [stays, ...moved] })
  t.same(told(host, 'bridge'), [
    'fdb del 02:42:0a:c8:02:0a dev flv7 self master',
    'fdb replace 02:42:0a:c8:02:09 dev flv7 self master static sticky dst 192.0.2.3',
  ])
  t.match(told(host, 'ip'), [
    /^link set dev flv7 alias fairlead:remotes:$/,
    'neighbour del 10.200.2.10 dev flb7',
    'neighbour del fd20::2:a dev flb7',
    /^link set dev flv7 alias/,
  ])
  const filters = host.heard.filter(({ argv }) => argv[0] === 'nft').map(({ stdin }) => stdin)
  t.ok(filters.some(text => text.includes('vteps4-7 { 192.0.2.3 }')))
  t.ok(filters.some(text => text.includes('delete element inet fairlead vteps4-7 { 192.0.2.2 }')))
  t.notOk(
    filters.some(text => text.includes('192.0.2.9')),
    'who stays is not spoken of',
  )
  t.notOk(
    host.heard.some(({ argv }) => argv.includes('show')),
    'nothing is asked',
  )
})

t.test('where blocks are routed, neighbours come before the routes that need them', async t => {
  const host = kernel({ routes: [{ dst: '10.200.9.0/26', gateway: '10.200.9.0', prefsrc: '10.200.1.0' }] })
  await ensureRemotes(tools(host, ''), routed)
  t.same(told(host, 'bridge'), ['fdb replace 02:00:00:00:00:02 dev flv7 self static sticky dst 192.0.2.2'])
  t.same(told(host, 'ip').slice(0, -1), [
    'link set dev flv7 alias fairlead:remotes:',
    'route del 10.200.9.0/26 dev flv7',
    'neighbour replace 10.200.2.0 lladdr 02:00:00:00:00:02 dev flv7 nud permanent protocol 117',
    'route replace 10.200.2.0/26 via 10.200.2.0 dev flv7 onlink src 10.200.1.0 proto 117',
  ])
})

t.test('what the kernel refuses is an error, what was gone already is none', async t => {
  const failing = (stderr: string) =>
    fakeHost({ run: ({ argv }) => (argv[0] === 'bridge' && argv.includes('-batch') ? { code: 1, stderr } : {}) })
  const ensured = (stderr: string) => ensureRemotes(tools(failing(stderr), ''), remotes)
  await t.rejects(ensured('RTNETLINK answers: No space left\nCommand failed -:2\n'), {
    message: /0a dev flv7.*No space/,
  })
  await t.rejects(ensured('killed'), { message: /killed/ })
  const host = fakeHost({
    run: ({ argv }) => {
      if (argv.includes('show')) return { stdout: argv.includes('fdb') ? lines([led('ff', '192.0.2.2')]) : '' }
      return argv[0] === 'bridge' ? { code: 1, stderr: 'RTNETLINK answers: No such file\nCommand failed -:1\n' } : {}
    },
  })
  await t.resolves(ensureRemotes(tools(host, ''), remotes))
})

t.test('what is missing is named', async t => {
  const fdb = [led('09', '192.0.2.2'), held('09'), led('0a', '192.0.2.2'), held('0a')]
  const whys = async (known: Known, each = remotes) =>
    (await missingRemotes(tools(kernel(known), ''), [each])).map(({ why }) => why)
  t.same(await whys({}), ['lacks the entry of 02:42:0a:c8:02:09'])
  t.same(await whys({ fdb: fdb.slice(0, 3) }), ['lacks the entry of 02:42:0a:c8:02:0a'])
  t.same(await whys({ fdb }), ['lacks the neighbour 10.200.2.9 on flb7'])
  const entry = '02:00:00:00:00:02 dst 192.0.2.2 self static'
  const neighbours = [neighbour('10.200.2.0', '02:00:00:00:00:02')]
  t.same(await whys({ fdb: [entry], neighbours }, routed), ['lacks the route to 10.200.2.0/26'])
})

t.test('no text of a record adds a word to what is told', async t => {
  const texts = fc.constantFrom('a b', 'a\nlink del dev eth0', 'a;b', '"', 'a # b', '{ }')
  const { failed } = await fc.check(
    fc.asyncProperty(texts, fc.constantFrom('dev', 'on', 'vtep', 'mac', 'v4'), async (text, place) => {
      const [remote] = remotes.remotes
      const [row] = remote?.rows ?? []
      if (!remote || !row) return false
      const rows = [
        {
          ...row,
          ...(place === 'mac' ? { mac: [text, 9] as const } : {}),
          ...(place === 'v4' ? { v4: [text, 9] as const } : {}),
        },
      ]
      const hostile: Remotes = {
        ...remotes,
        ...(place === 'dev' ? { dev: text } : {}),
        ...(place === 'on' ? { on: text } : {}),
        remotes: [{ ...remote, rows, ...(place === 'vtep' ? { vtep: text } : {}) }],
      }
      return ensureRemotes(tools(kernel(), ''), hostile).then(
        () => false,
        error => error instanceof KernelError,
      )
    }),
  )
  t.notOk(failed)
})
