/** Real connections between sandboxes: a server that tells each client its address, and a client that asks. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { canonical } from '../../lib/ipam/cidr.ts'
import type { Host, Sandbox } from './host.ts'
import { slowness } from './slowness.ts'
import { until } from './until.ts'

export type Protocol = 'tcp' | 'udp' | 'sctp'

/** The names of socat's addresses. */
const listening = { tcp: 'TCP6-LISTEN', sctp: 'SCTP6-LISTEN' } as const
const connecting = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' } as const

const inside = (host: Host, where: Sandbox | Host): string[] => [
  '-t',
  String(host.pid),
  '-m',
  '-n',
  '--',
  ...('pid' in where ? [] : ['ip', 'netns', 'exec', where.name]),
]

async function isUp(host: Host, where: Sandbox | Host, protocol: Protocol, port: number): Promise<boolean> {
  if (protocol === 'sctp') return (await where.exec(['sh', '-c', `grep -q ' ${port} ' /proc/net/sctp/eps`])).code === 0
  const { stdout } = await where.exec(['ss', '-Hlan', `--${protocol}`, `sport = :${port}`])
  return stdout.trim() !== '' && host.pid > 0
}

/** What a server says to a client: its address, or what it said itself. */
const sayings = { address: 'read line; echo $SOCAT_PEERADDR', echo: 'cat' } as const

/** Answers each datagram by itself, for both families (IPV6_V6ONLY off); socat's server for them stops after a burst. */
const datagrams = `socket(S, AF_INET6, SOCK_DGRAM, 0) or die $!; setsockopt(S, 41, 26, 0) or die $!;
bind(S, pack_sockaddr_in6($ARGV[0], IN6ADDR_ANY)) or die $!;
while (defined(my $from = recv(S, my $said, 65535, 0))) {
  my ($port, $address) = unpack_sockaddr_in6($from);
  send(S, $ARGV[1] eq 'echo' ? $said : inet_ntop(AF_INET6, $address) . "\n", 0, $from);
}`

/** The command of a server. Clients that come at the same moment wait until it takes them. */
function server(port: number, protocol: Protocol, says: keyof typeof sayings): string[] {
  if (protocol === 'udp') return ['perl', '-MSocket=:all', '-e', datagrams, String(port), says]
  const address = `${listening[protocol]}:${port},fork,reuseaddr,ipv6only=0,backlog=64`
  return ['socat', address, `SYSTEM:"${sayings[says]}"`]
}

/** Serves a port in a sandbox, or on the host, on both address families, until the test ends. */
export async function serve(
  t: Test,
  host: Host,
  where: Sandbox | Host,
  port: number,
  protocol: Protocol = 'tcp',
  says: keyof typeof sayings = 'address',
): Promise<ChildProcess> {
  const words = [...inside(host, where), ...server(port, protocol, says)]
  const child = spawn('nsenter', words, { stdio: 'ignore' })
  t.teardown(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  if (!(await until(async () => ((await isUp(host, where, protocol, port)) ? true : undefined)))) {
    throw new Error(`nothing listens on ${protocol} port ${port}`)
  }
  return child
}

/** Without brackets, and as everybody writes it; socat writes every digit, of an IPv4 address that an IPv6 socket sees too. */
const plain = (text: string): string => canonical(text.replace(/[[\]]/g, '').trim())

/**
 * Asks a served port for our address as the server sees it; undefined where nobody answers.
 *
 * @param seconds to wait: short, for what must not answer takes that long; a slow machine needs them to start what answers
 */
export async function ask(
  from: Sandbox | Host,
  address: string,
  port: number,
  protocol: Protocol = 'tcp',
  seconds = slowness > 1 ? 20 : 1,
): Promise<string | undefined> {
  const family = address.includes(':') ? '6' : '4'
  const target = family === '6' ? `[${address}]` : address
  const limit = protocol === 'udp' ? '' : `,connect-timeout=${seconds}`
  const argv = ['socat', '-t', String(seconds), '-', `${connecting[protocol]}${family}:${target}:${port}${limit}`]
  const { stdout } = await from.exec(argv, { input: 'hello\n', deadline: (seconds + 2) * 1000 })
  return stdout.trim() === '' ? undefined : plain(stdout)
}
