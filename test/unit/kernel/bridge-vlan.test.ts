import t from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import { ensureBridgeVlans, missingBridgeVlans, vlanLines } from '../../../lib/kernel/bridge-vlan.ts'
import { type BridgeVlan, nameOf } from '../../../lib/kernel/resource.ts'
import { tools } from '../../../lib/kernel/tool.ts'
import { keepsShape, words } from '../../support/hostile.ts'

const port: BridgeVlan = { kind: 'bridge-vlan', lifetime: 'own', netns: null, dev: 'veth1', tagged: [] }
const linesOf = (resource: BridgeVlan): string[] => vlanLines(resource).map(({ text }) => text)

t.test('a port gets its VLANs, and loses the others', async t => {
  const tagged = [
    { first: 1, last: 1 },
    { first: 20, last: 30 },
  ]
  for (const [resource, lines] of [
    [
      { ...port, native: 100 },
      ['add dev veth1 vid 100 pvid untagged', 'del dev veth1 vid 1-99', 'del dev veth1 vid 101-4094'],
    ],
    [
      { ...port, native: 4094, tagged },
      [
        'add dev veth1 vid 4094 pvid untagged',
        'add dev veth1 vid 1',
        'add dev veth1 vid 20-30',
        'del dev veth1 vid 2-19',
        'del dev veth1 vid 31-4093',
      ],
    ],
    [{ ...port, native: 100, keepsOthers: true }, ['add dev veth1 vid 100 pvid untagged']],
    [{ ...port, tagged: [{ first: 1, last: 4094 }], keepsOthers: true }, ['add dev veth1 vid 1-4094']],
  ] as const) {
    t.same(
      linesOf(resource),
      lines.map(line => `vlan ${line}`),
    )
  }
})

t.test('no text of a port adds a word to the batch that gives it its VLANs', async t =>
  keepsShape(t, port, each => linesOf({ ...each, native: 7 }).join('\n'), words, ['bridge-vlan', 'own']),
)

const told = (output: { code?: number; stdout?: string; stderr?: string }) => tools(fakeHost({ run: () => output }), '')

t.test('what bridge refuses is named', async t => {
  const stderr = 'RTNETLINK answers: Operation not supported\nCommand failed -:2\n'
  await t.rejects(ensureBridgeVlans(told({ code: 1, stderr }), [{ ...port, native: 7 }]), {
    message: 'VLANs of port veth1 (bridge vlan del dev veth1 vid 1-6): RTNETLINK answers: Operation not supported',
    fault: 'lacking',
  })
})

/** What `bridge -j vlan show` says, and what is wrong with it. */
const faults: readonly (readonly [vlans: string, why: string | undefined])[] = [
  ['{"vlan":5},{"vlan":6},{"vlan":7},{"vlan":100,"flags":["PVID","Egress Untagged"]}', undefined],
  ['{"vlan":5,"vlanEnd":7},{"vlan":100,"flags":["PVID","Egress Untagged"]}', undefined],
  ['', 'lack 5'],
  ['{"vlan":5},{"vlan":6},{"vlan":100,"flags":["PVID","Egress Untagged"]}', 'lack 7'],
  ['{"vlan":5},{"vlan":6},{"vlan":7},{"vlan":100}', 'have 100 not as the native one'],
  ['{"vlan":5},{"vlan":6},{"vlan":7},{"vlan":100,"flags":["PVID"]}', 'have 100 not as the native one'],
  [
    '{"vlan":5,"flags":["Egress Untagged"]},{"vlan":6},{"vlan":7},{"vlan":100,"flags":["PVID","Egress Untagged"]}',
    'have 5 without a tag',
  ],
  ['{"vlan":1},{"vlan":5,"vlanEnd":7},{"vlan":100,"flags":["PVID","Egress Untagged"]}', 'have 1 too'],
]

t.test('a port that has other VLANs than it should is found', async t => {
  const wanted: BridgeVlan = { ...port, native: 100, tagged: [{ first: 5, last: 7 }] }
  for (const [vlans, why] of faults) {
    const stdout = `[{"ifname":"veth1","vlans":[${vlans}]}]`
    const missing = await missingBridgeVlans(told({ stdout }), [wanted])
    t.same(missing, why === undefined ? [] : [{ resource: wanted, why }], vlans)
  }
  const stdout = `[{"ifname":"veth1","vlans":[${faults.at(-1)?.[0]}]}]`
  t.same(await missingBridgeVlans(told({ stdout }), [{ ...wanted, keepsOthers: true }]), [], 'others may stay')
  t.match(await missingBridgeVlans(told({ stdout: '[]' }), [wanted]), [{ why: 'lack 5' }], 'no port of a bridge')
  const absent = told({ code: 255, stderr: 'Cannot find device "veth1"\n' })
  t.match(await missingBridgeVlans(absent, [wanted]), [{ why: 'lack 5' }], 'no link at all')
  const denied = missingBridgeVlans(told({ code: 1, stderr: 'Operation not permitted' }), [wanted])
  await t.rejects(denied, { message: /not permitted/ })
  t.equal(nameOf(wanted), 'VLANs of port veth1')
})

t.test('one port is asked for by its name, several are asked for at once', async t => {
  const host = fakeHost({ run: () => ({ stdout: '[]' }) })
  await missingBridgeVlans(tools(host, ''), [port])
  await missingBridgeVlans(tools(host, ''), [port, { ...port, dev: 'veth2' }])
  t.same(
    host.heard.map(({ argv }) => argv.join(' ')),
    ['bridge -j vlan show dev veth1', 'bridge -j vlan show'],
  )
})
