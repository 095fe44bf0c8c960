/** Results of any shape, for properties. */
import fc from 'fast-check'
import type { Ip, Result, ResultRoute } from '../../lib/cni/result.ts'

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }
/** Without the members that are undefined. */
export const defined = <T extends object>(object: T): Defined<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })
const byte = fc.nat({ max: 255 })
const v4 = fc.tuple(byte, byte, byte).map(([a, b, c]) => `10.${a}.${b}.${c}`)
const v6 = fc.nat({ max: 0xffff }).map(last => `fd00::${last.toString(16)}`)
const ip = (address: fc.Arbitrary<string>, prefix: number): fc.Arbitrary<Ip> =>
  fc
    .record({
      address: address.map(text => `${text}/${prefix}`),
      gateway: maybe(address),
      interface: maybe(fc.constant(0)),
    })
    .map(defined)
const route: fc.Arbitrary<ResultRoute> = fc
  .record({
    dst: fc.oneof(
      v4.map(text => `${text}/32`),
      v6.map(text => `${text}/128`),
    ),
    gw: maybe(v4),
    mtu: maybe(fc.nat({ max: 65_535 })),
    advmss: maybe(fc.nat({ max: 65_535 })),
    priority: maybe(fc.integer()),
    table: maybe(fc.nat()),
    scope: maybe(byte),
  })
  .map(defined)
const names = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 3 })
/** Results with at least one IPv4 address. */
export const result: fc.Arbitrary<Result> = fc.record({
  interfaces: fc.array(
    fc
      .record({
        name: fc.stringMatching(/^[a-z0-9]{1,15}$/),
        mac: maybe(fc.constant('02:00:00:00:00:01')),
        mtu: maybe(fc.integer({ min: 68, max: 65_535 })),
        sandbox: maybe(fc.constant('/run/netns/a')),
        socketPath: maybe(fc.constant('/run/a.sock')),
        pciID: maybe(fc.constant('0000:00:1f.6')),
      })
      .map(defined),
    { maxLength: 3 },
  ),
  ips: fc
    .tuple(ip(v4, 16), fc.array(fc.oneof(ip(v4, 24), ip(v6, 64)), { maxLength: 3 }))
    .map(([first, rest]) => [first, ...rest]),
  routes: fc.array(route, { maxLength: 4 }),
  dns: fc
    .record({
      nameservers: maybe(names),
      domain: maybe(fc.constant('a.b')),
      search: maybe(names),
      options: maybe(names),
    })
    .map(defined),
})
