import t from 'tap'
import { call, must } from '../support/call.ts'
import { addresses, as, directory, lease, withSandbox } from '../support/leases.ts'

const small = { subnet: '10.1.2.0/29' }

t.test('Leases are files in the layout of the reference, byte for byte, and nothing else', t =>
  withSandbox(t, async host => {
    const conf = lease({ ranges: [[small], [{ subnet: 'FD00:0:0:1::/64' }]] })
    const result = await must(host, 'ADD', conf, as('c1'))
    t.strictSame(result, {
      cniVersion: '1.1.0',
      ips: [
        { address: '10.1.2.2/29', gateway: '10.1.2.1' },
        { address: 'fd00:0:0:1::2/64', gateway: 'fd00:0:0:1::1' },
      ],
    })
    const listing = await host.sh(
      `cd ${directory} && for f in *; do stat -c '%n %a' $f; od -An -c $f | tr -d ' \\n'; echo; done`,
    )
    t.strictSame(
      listing
        .trim()
        .split('\n')
        .filter(line => !/^lock/.test(line) && line !== ''),
      [
        '10.1.2.2 600',
        'c1\\r\\neth0',
        'fd00:0:0:1::2 600',
        'c1\\r\\neth0',
        'last_reserved_ip.0 600',
        '10.1.2.2',
        'last_reserved_ip.1 600',
        'fd00:0:0:1::2',
      ],
    )
    t.equal((await host.sh(`stat -c %a ${directory}`)).trim(), '755')
    await must(host, 'DEL', conf, as('c1'))
    t.strictSame(
      (await host.sh(`ls ${directory}`))
        .trim()
        .split('\n')
        .filter(name => name !== 'lock'),
      ['last_reserved_ip.0', 'last_reserved_ip.1'],
    )
  }),
)

t.test('Addresses go round, the gateway apart, until nothing is free', t =>
  withSandbox(t, async host => {
    const conf = lease(small)
    const given = []
    for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) given.push(...(await addresses(host, conf, as(id))))
    t.strictSame(
      given,
      [2, 3, 4, 5, 6].map(last => `10.1.2.${last}/29`),
    )
    const full = await call(host, 'ADD', conf, as('c6'))
    t.match(full, {
      code: 1,
      error: { code: 11, msg: /no IP addresses available in range set: 10\.1\.2\.1-10\.1\.2\.6/ },
    })
    t.match(await call(host, 'STATUS', conf), { code: 1, error: { code: 50 } })
    await must(host, 'DEL', conf, as('c2'))
    t.strictSame(await addresses(host, conf, as('c6')), ['10.1.2.3/29'])
    await must(host, 'DEL', conf, as('c6'))
    await must(host, 'DEL', conf, as('c5'))
    t.strictSame(await addresses(host, conf, as('c7')), ['10.1.2.6/29'], 'the search goes on after the last one')
  }),
)

t.test('A set is one pool out of several ranges', t =>
  withSandbox(t, async host => {
    const part = (rangeStart: string, rangeEnd: string) => ({
      subnet: '10.1.2.0/24',
      rangeStart,
      rangeEnd,
      gateway: '10.1.2.10',
    })
    const conf = lease({ ranges: [[part('10.1.2.10', '10.1.2.11'), part('10.1.2.20', '10.1.2.20')]] })
    const given = [...(await addresses(host, conf, as('c1'))), ...(await addresses(host, conf, as('c2')))]
    t.strictSame(given, ['10.1.2.11/24', '10.1.2.20/24'])
  }),
)
