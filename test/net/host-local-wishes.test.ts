import t from 'tap'
import { type CallOptions, call, must } from '../support/call.ts'
import { addresses, as, directory, lease, withSandbox } from '../support/leases.ts'

type Keys = Readonly<Record<string, unknown>>

const small = { subnet: '10.1.2.0/29' }

const wishes: readonly (readonly [what: string, change: Keys, options: CallOptions, expected: readonly string[]])[] = [
  ['CNI_ARGS', {}, { args: 'IP=10.1.2.5' }, ['10.1.2.5/29']],
  ['CNI_ARGS with a prefix length', {}, { args: 'IP=10.1.2.5/16' }, ['10.1.2.5/29']],
  ['args.cni.ips', { args: { cni: { ips: ['10.1.2.4'] } } }, {}, ['10.1.2.4/29']],
  ['runtimeConfig.ips', { runtimeConfig: { ips: ['10.1.2.6/29'] } }, {}, ['10.1.2.6/29']],
  ['a repeated wish', { runtimeConfig: { ips: ['10.1.2.6', '10.1.2.6'] } }, {}, ['10.1.2.6/29']],
  ['ipRanges', { runtimeConfig: { ipRanges: [[{ subnet: '10.9.0.0/24' }]] } }, {}, ['10.9.0.2/24', '10.1.2.2/29']],
]

t.test('A wanted address is leased from', t =>
  withSandbox(t, async host => {
    for (const [what, change, options, expected] of wishes) {
      t.strictSame(await addresses(host, lease(small, change), as('c1', options)), expected, what)
      await must(host, 'DEL', lease(small, change), as('c1', options))
      await host.sh(`rm -r ${directory}`)
    }
  }),
)

t.test('A wish that cannot be met leases nothing', t =>
  withSandbox(t, async host => {
    await must(host, 'ADD', lease(small), as('other', { args: 'IP=10.1.2.5' }))
    const leases = async () => (await host.sh(`cd ${directory} && ls | grep -v '^l'`)).trim()
    for (const [ip, code] of [
      ['10.1.2.5', 11],
      ['10.1.2.1', 7],
      ['10.7.7.7', 7],
      ['10.1.2', 7],
    ] as const) {
      const conf = lease({ ranges: [[{ subnet: '10.9.0.0/24' }], [small]] })
      t.match(await call(host, 'ADD', conf, as('c1', { args: `IP=${ip}` })), { code: 1, error: { code } }, ip)
    }
    t.equal(await leases(), '10.1.2.5')
  }),
)

t.test('A second ADD of a living attachment is refused as a duplicate', t =>
  withSandbox(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', lease(small), { netns: a })
    const again = await call(host, 'ADD', lease(small), { netns: a })
    t.match(again, { code: 1, error: { code: 4, msg: /duplicate allocation is not allowed/ } })
    t.strictSame(
      await addresses(host, lease(small), { netns: a, ifName: 'eth1' }),
      ['10.1.2.3/29'],
      'another interface may',
    )
  }),
)

t.test('DEL and CHECK know leases of old releases, which name no interface', t =>
  withSandbox(t, async host => {
    await host.sh(
      `mkdir -p ${directory} && printf old >${directory}/10.1.2.4; printf 'c1\\r\\neth0' >${directory}/10.1.2.5`,
    )
    const prevResult = { cniVersion: '1.1.0', ips: [{ address: '10.1.2.4/29' }] }
    t.equal((await call(host, 'CHECK', lease(small, { prevResult }), as('old'))).code, 0)
    t.equal((await call(host, 'CHECK', lease(small, { prevResult }), as('c1', { ifName: 'eth1' }))).code, 1)
    for (const id of ['old', 'c1', 'c1', 'never']) await must(host, 'DEL', lease(small), as(id))
    t.notMatch(await host.sh(`ls ${directory}`), /10\.1\.2/)
  }),
)

t.test('DEL frees the lease although the configuration is broken by now', t =>
  withSandbox(t, async host => {
    await must(host, 'ADD', lease(small), as('c1'))
    await must(host, 'DEL', lease({ subnet: '10.1.2.3/29', rangeStart: 7 }), as('c1', { args: 'COLOUR=blue' }))
    t.notMatch(await host.sh(`ls ${directory}`), /10\.1\.2/)
  }),
)
