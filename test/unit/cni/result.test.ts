import { deepStrictEqual as deepEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { parseObject } from '../../../lib/cni/json.ts'
import { encodeResult, type Ip, type Result, type ResultRoute } from '../../../lib/cni/result.ts'
import { decodeResult, prevResult } from '../../../lib/cni/result-decode.ts'
import { isFirstFormat, isSecondFormat, type Version, versions } from '../../../lib/cni/version.ts'
import { defined, result } from '../../support/results.ts'

/** What a version can say of a result. */
function sayable(version: Version, { interfaces, ips, routes, dns }: Result): Result {
  if (!isFirstFormat(version)) {
    const few = interfaces.map(({ mtu, socketPath, pciID, ...rest }) => rest)
    return { interfaces: isSecondFormat(version) ? few : interfaces, ips, routes, dns }
  }
  const families = [false, true].map(v6 => ips.find(({ address }) => address.includes(':') === v6))
  return {
    interfaces: [],
    ips: families.flatMap(each => (each ? [defined({ address: each.address, gateway: each.gateway })] : [])) as Ip[],
    routes: families.flatMap((each, v6) =>
      each
        ? routes.filter(({ dst }) => dst.includes(':') === (v6 === 1)).map(({ dst, gw }) => defined({ dst, gw }))
        : [],
    ) as ResultRoute[],
    dns,
  }
}

t.test('a result comes back from every version with all that the version can say', async () => {
  for (const version of versions) {
    fc.assert(
      fc.property(result, original => {
        const document = JSON.stringify(encodeResult(original, version))
        const back = decodeResult(parseObject(document, 'the result'), version)
        deepEqual(JSON.parse(JSON.stringify(back)), sayable(version, original))
      }),
      { numRuns: 60 },
    )
  }
})

const sample: Result = {
  interfaces: [{ name: 'br0', mac: '02:00:00:00:00:01', mtu: 1500 }],
  ips: [
    { address: '10.4.0.9/24', gateway: '10.4.0.1', interface: 0 },
    { address: 'fd00::9/64', interface: 0 },
  ],
  routes: [{ dst: '0.0.0.0/0', gw: '10.4.0.1', table: 0 }, { dst: '::/0' }],
  dns: {},
}

t.test('each format writes its own members', async t => {
  t.same(encodeResult(sample, '0.2.0'), {
    cniVersion: '0.2.0',
    ip4: { ip: '10.4.0.9/24', gateway: '10.4.0.1', routes: [{ dst: '0.0.0.0/0', gw: '10.4.0.1' }] },
    ip6: { ip: 'fd00::9/64', routes: [{ dst: '::/0' }] },
    dns: {},
  })
  t.match(encodeResult(sample, '0.3.1'), {
    interfaces: [{ mtu: undefined }],
    ips: [{ version: '4' }, { version: '6' }],
    dns: {},
  })
  t.match(encodeResult(sample, '1.0.0'), {
    interfaces: [{ mtu: 1500 }],
    ips: [{ version: undefined }, {}],
    dns: undefined,
  })
  t.match(encodeResult(sample, '1.1.0'), { routes: [{ table: 0 }, {}] })
})

t.test('a result without addresses has no form in the first versions', async t => {
  t.throws(() => encodeResult({ ...sample, ips: [] }, '0.1.0'), { code: 7 })
  t.same(encodeResult({ interfaces: [], ips: [], routes: [], dns: {} }, '1.1.0'), { cniVersion: '1.1.0' })
})

t.test('an IPv4-mapped address counts as IPv4', async t => {
  const mapped = { ...sample, ips: [{ address: '::ffff:10.4.0.9/120' }] }
  t.match(encodeResult(mapped, '0.4.0'), { ips: [{ version: '4' }] })
})

t.test('a prevResult is read in the format of the configuration, or refused', async t => {
  for (const [own, version, taken] of [
    ['', '0.4.0', true],
    [undefined, '1.1.0', true],
    ['1.0.0', '1.1.0', true],
    ['0.3.0', '0.4.0', true],
    ['0.1.0', '0.2.0', true],
    ['0.4.0', '1.1.0', false],
    ['1.0.0', '0.4.0', false],
    ['0.2.0', '0.3.0', false],
  ] as const) {
    const conf = parseObject(JSON.stringify({ PREVRESULT: { cniVersion: own } }), 'conf')
    if (taken)
      t.same(prevResult(conf, version), { interfaces: [], ips: [], routes: [], dns: {} }, `${own} in ${version}`)
    else t.throws(() => prevResult(conf, version), { code: 7 }, `${own} in ${version}`)
  }
  t.equal(prevResult(parseObject('{"prevResult": null}', 'conf'), '1.1.0'), undefined)
})

t.test('members of the wrong type and empty gateways count as absent', async t => {
  const text =
    '{"IPS":[{"ADDRESS":"10.4.0.9/24","gateway":"","interface":"0"},5],"interfaces":{},"routes":[{"gw":5}],"dns":[]}'
  t.same(decodeResult(parseObject(text, 'the result'), '1.1.0'), {
    interfaces: [],
    ips: [{ address: '10.4.0.9/24' }],
    routes: [{ dst: '' }],
    dns: {},
  })
})
