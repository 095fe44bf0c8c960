import t from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import { flushAddress, flushPorts } from '../../../lib/kernel/conntrack.ts'
import { KernelError } from '../../../lib/kernel/resource.ts'
import { tools } from '../../../lib/kernel/tool.ts'

const listing = `udp      17 29 src=192.0.2.2 dst=192.0.2.1 sport=4000 dport=5007 src=10.88.0.2 dst=192.0.2.2 sport=53 dport=4000 mark=0 use=1
udp      17 29 src=192.0.2.2 dst=192.0.2.1 sport=5003 dport=53 [UNREPLIED] src=192.0.2.1 dst=192.0.2.2 sport=53 dport=5003 mark=0 use=1
udp      17 29 src=192.0.2.3 dst=192.0.2.1 sport=4000 dport=5007 src=10.88.0.2 dst=192.0.2.3 sport=53 dport=4000 mark=0 use=1
`
const at = (hostIp: string, first: number, last = first) => ({ hostIp, first, last })
const flush = (address: string, ...ports: readonly ReturnType<typeof at>[]) =>
  ({ effect: 'flush-conntrack', protocol: 'udp', address, ports }) as const

async function commands(work: (kernel: ReturnType<typeof tools>) => Promise<void>): Promise<string[]> {
  const host = fakeHost({ run: ({ argv }) => (argv.includes('-L') ? { stdout: listing } : { code: 1 }) })
  await work(tools(host, ''))
  return host.heard.map(({ argv }) => argv.join(' '))
}

t.test('few ports are deleted one by one', async t => {
  t.same(await commands(kernel => flushPorts(kernel, flush('10.88.0.2', at('', 53), at('192.0.2.1', 54, 55)))), [
    'conntrack -D -f ipv4 -p udp --orig-port-dst 53',
    'conntrack -D -f ipv4 -p udp --orig-port-dst 54 --orig-dst 192.0.2.1',
    'conntrack -D -f ipv4 -p udp --orig-port-dst 55 --orig-dst 192.0.2.1',
    'conntrack -D -f ipv4 -p udp --reply-src 10.88.0.2',
  ])
})

t.test('of many ports those that have entries are', async t => {
  t.same(await commands(kernel => flushPorts(kernel, flush('10.88.0.2', at('', 5000, 14_999), at('', 80)))), [
    'conntrack -L -f ipv4 -p udp',
    'conntrack -D -f ipv4 -p udp --orig-port-dst 5007',
    'conntrack -D -f ipv4 -p udp --reply-src 10.88.0.2',
  ])
})

t.test('at the end of an endpoint only what goes there is', async t => {
  t.same(await commands(kernel => flushAddress(kernel, flush('fd00::2', at('', 53)))), [
    'conntrack -D -f ipv6 -p udp --reply-src fd00::2',
  ])
})

t.test('an address that is none goes nowhere', async t => {
  const wrong = commands(kernel => flushAddress(kernel, flush('10.0.0.2 -F', at('', 53))))
  await t.rejects(wrong, KernelError)
})
