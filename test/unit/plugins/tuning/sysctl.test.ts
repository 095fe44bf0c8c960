import fc from 'fast-check'
import t from 'tap'
import { CniError } from '../../../../lib/cni/error.ts'
import { checkAllowed } from '../../../../plugins/tuning/allowlist.ts'
import { merged, sysctlsOf } from '../../../../plugins/tuning/sysctl.ts'

const keyOf = (written: string, ifName = 'eth0') => sysctlsOf({ sysctl: { [written]: '1' } }, ifName, 'sysctl')[0]?.key

t.test('names are taken with dots, slashes, and both', async t => {
  const rows = [
    ['net.ipv4.ip_forward', 'net/ipv4/ip_forward'],
    ['net/ipv4/ip_forward', 'net/ipv4/ip_forward'],
    ['net.ipv4/ip_forward', 'net/ipv4/ip_forward'],
    ['net/ipv4.ip_forward', 'net/ipv4/ip_forward'],
    ['net.ipv4.conf.IFNAME.arp_filter', 'net/ipv4/conf/eth0/arp_filter'],
    ['net.ipv4.conf.eth0/100.arp_filter', 'net/ipv4/conf/eth0.100/arp_filter'],
    ['net/ipv4/conf/eth0.100/arp_filter', 'net/ipv4/conf/eth0.100/arp_filter'],
    ['net.ipv6.neigh.eth0/100.mcast_solicit', 'net/ipv6/neigh/eth0.100/mcast_solicit'],
    ['net.ipv4.conf.eth0/arp_filter', 'net/ipv4/conf/eth0/arp_filter'],
    ['net/ipv4.conf.eth0/arp_filter', 'net/ipv4/conf/eth0/arp_filter'],
    ['net.IFNAME.IFNAME', 'net/eth0/IFNAME'],
  ] as const
  for (const [written, key] of rows) t.equal(keyOf(written), key, written)
  t.equal(keyOf('net.ipv4.conf.IFNAME.arp_filter', 'eth0.5'), 'net/ipv4/conf/eth0.5/arp_filter')
  t.throws(() => keyOf('net.ipv4.conf.IFNAME.arp_filter', '$&'), { code: 7 }, 'a name is no pattern')
})

t.test('no name whatever leads out of net', async t => {
  const part = fc.oneof(fc.constantFrom('..', '.', '', 'net', 'IFNAME', '/', 'conf', 'kernel', '../'), fc.string())
  const name = fc.array(fc.oneof(part, fc.constantFrom('.', '/')), { maxLength: 12 }).map(parts => parts.join(''))
  const property = fc.property(
    fc.oneof(
      name,
      name.map(each => `net/${each}`),
      name.map(each => `net.${each}`),
    ),
    part,
    (written, ifName) => {
      try {
        const key = keyOf(written, ifName) ?? ''
        return /^net(\/[^/\s]+)+$/.test(key) && !key.split('/').some(each => each === '..' || each === '.')
      } catch (error) {
        return error instanceof CniError && error.code === 7
      }
    },
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 5_000 }))
})

t.test('what args.cni has wins by its meaning, and keeps its place', async t => {
  const conf = sysctlsOf({ sysctl: { 'net.a.b': '1', 'net.c.d': '2' } }, 'eth0', 'sysctl')
  const args = sysctlsOf(
    { SYSCTL: { 'net/a/b': '3', 'net.e.f': null, 'net.g.h': ' 4\t5 ' } },
    'eth0',
    'args.cni.sysctl',
  )
  t.same(
    merged(conf, args).map(({ key, value }) => `${key}=${value}`),
    ['net/a/b=3', 'net/c/d=2', 'net/g/h=4\t5'],
  )
})

t.test('the list of the host speaks of names as they are written', async t => {
  const wanted = (name: string) => [{ written: name, key: 'net/x', value: '1' }]
  const allows = (line: string, name: string) => {
    try {
      checkAllowed(wanted(name), line)
      return true
    } catch (error) {
      return error instanceof CniError ? error.message : error
    }
  }
  const yes = [
    ['ipv4', 'net.ipv4.ip_forward'],
    ['^net\\.ipv4\\.', 'net.ipv4.ip_forward'],
    ['net\\.ipv4\\.ip\\_forward', 'net.ipv4.ip_forward'],
    ['(?i)IPV4', 'net.ipv4.ip_forward'],
    ['[i\\-z]pv4', 'net.ipv4.ip_forward'],
    ['x\n\n  forward$  \n', 'net.ipv4.ip_forward'],
  ] as const
  for (const [line, name] of yes) t.equal(allows(line, name), true, `${line} allows ${name}`)
  for (const line of ['', '\n', '^ipv4', '# ipv4', '^net/'])
    t.match(allows(line, 'net.ipv4.ip_forward'), /does not allow it/, line)
  for (const line of ['(', '*', '[[:alpha:]]', '\\Aipv4', '\\Qnet.\\E', '(?P<x>net)', 'a\\z'])
    t.match(allows(`ipv4\n${line}`, 'net.ipv4.x'), /line 2, .* is no regular expression/, line)
  t.doesNotThrow(() => checkAllowed(wanted('net.x'), undefined))
})
