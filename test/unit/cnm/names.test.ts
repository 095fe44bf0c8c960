import fc from 'fast-check'
import t from 'tap'
import { aliasOf, hostEndName, linkLocal, macOf, macOfAddress, recordName } from '../../../lib/cnm/names.ts'
import { parseSubnet } from '../../../lib/ipam/cidr.ts'
import { isToken } from '../../../lib/kernel/token.ts'

const identifier = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,80}$/)
const key = fc.record({
  network: identifier,
  containerId: identifier,
  ifName: fc.stringMatching(/^[a-z0-9]{1,15}$/),
  type: fc.constantFrom('bridge', 'macvlan'),
})
const mac = fc
  .tuple(...Array.from({ length: 6 }, () => fc.nat({ max: 255 })))
  .map(bytes => bytes.map(byte => byte.toString(16).padStart(2, '0')).join(':'))
const firstByte = (text: string): number => Number.parseInt(text.slice(0, 2), 16)

t.test('a host end has a name that a link may have, and always the same', async () => {
  fc.assert(
    fc.property(
      key,
      each => /^veth[0-9a-f]{11}$/.test(hostEndName(each)) && hostEndName(each) === hostEndName({ ...each }),
    ),
  )
})

t.test('different attachments have different host ends, records and aliases', async t => {
  const keys = Array.from({ length: 5_000 }, (_, index) => ({
    network: `n${index % 3}`,
    containerId: `c${Math.floor(index / 2)}`,
    ifName: `eth${index % 2}`,
    type: 'bridge',
  }))
  t.equal(new Set(keys.map(hostEndName)).size, keys.length)
  t.equal(new Set(keys.map(each => aliasOf(recordName(each)))).size, keys.length)
})

t.test('a record has the name of a file and can be an alias', async () => {
  fc.assert(
    fc.property(
      key,
      each => /^[0-9a-f]{16}-[0-9a-f]{20}-[a-z]+$/.test(recordName(each)) && isToken(aliasOf(recordName(each))),
    ),
  )
})

t.test('a derived MAC is of one station, and locally administered', async () => {
  fc.assert(
    fc.property(fc.array(fc.string()), parts => {
      const made = macOf(...parts)
      return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(made) && firstByte(made) % 2 === 0 && (firstByte(made) & 2) === 2
    }),
  )
})

t.test('an IPv4 address says the MAC, an IPv6 address does not', async t => {
  for (const [address, wanted] of [
    ['10.88.0.3/16', '02:42:0a:58:00:03'],
    ['255.255.255.255', '02:42:ff:ff:ff:ff'],
    ['fd00::1/64', undefined],
  ] as const) {
    t.equal(macOfAddress(address), wanted)
  }
})

t.test('the link-local address is the one that the kernel would make of the MAC', async t => {
  for (const [from, wanted] of [
    ['02:42:0a:58:00:03', 'fe80::42:aff:fe58:3/64'],
    ['52:54:00:12:34:56', 'fe80::5054:ff:fe12:3456/64'],
    ['02:00:00:00:00:00', 'fe80::ff:fe00:0/64'],
  ] as const) {
    t.equal(linkLocal(from), wanted)
  }
  fc.assert(
    fc.property(mac, from => {
      const subnet = parseSubnet(linkLocal(from))
      const id = (subnet?.address ?? 0n) & ((1n << 64n) - 1n)
      const bytes = from.split(':').map(byte => BigInt(`0x${byte}`))
      return (
        subnet?.first === 0xfe80n << 112n &&
        (id >> 24n) % 0x10000n === 0xfffen &&
        (id & 0xffffffn) === (bytes[3] ?? 0n) * 65536n + (bytes[4] ?? 0n) * 256n + (bytes[5] ?? 0n)
      )
    }),
  )
})
