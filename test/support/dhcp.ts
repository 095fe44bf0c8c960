/** DHCP at work: a server in a machine of its own on a bridge of the host, and the daemon that asks it for containers. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { bridgeConf, type Conf } from './call.ts'
import { fairlead, type Host, type Sandbox, withHost } from './host.ts'
import { until } from './until.ts'

const socket = '/run/cni/dhcp.sock'

/** A network without addresses of the host's, whose containers get theirs by DHCP. */
export const dhcpConf = (ipam: Readonly<Record<string, unknown>> = {}): Conf =>
  bridgeConf({ bridge: 'br0', isGateway: false, ipMasq: false, ipam: { type: 'dhcp', ...ipam } })

/** A process on the host, until the test ends. */
export interface Running {
  readonly child: ChildProcess
  /** What it has said on stderr. */
  said(): string
  /** Ends it and waits for that. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

function run(t: Test, host: Host, argv: readonly string[]): Running {
  const child = spawn('nsenter', ['-t', String(host.pid), '-m', '-n', '--', ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  let text = ''
  child.stderr.on('data', data => (text += String(data)))
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  t.teardown(() => stop('SIGKILL'))
  return { child, said: () => text, stop }
}

/** Names of the files that the daemon keeps of its leases. */
export const leaseFiles = async (host: Host): Promise<readonly string[]> =>
  (await host.sh('cd /var/lib/cni/fairlead/dhcp && ls')).split('\n').filter(name => /^[0-9a-f]{32}/.test(name))

/** Processes in the namespaces of containers: clients outlive their daemon, and must not outlive the test. */
const endClients = 'for name in $(ls /run/netns); do for pid in $(ip netns pids $name); do kill -9 $pid; done; done'

/** Starts the daemon, by another program where one is named, and waits until it listens. */
export async function startDaemon(
  t: Test,
  host: Host,
  options: readonly string[] = [],
  before: readonly string[] = [],
): Promise<Running> {
  const daemon = run(t, host, [...before, fairlead, 'dhcp', 'daemon', ...options])
  t.teardown(() => host.exec(['sh', '-c', endClients]))
  const path = options.includes('--socketpath') ? options[options.indexOf('--socketpath') + 1] : socket
  const listens = await until(async () => {
    if (daemon.child.exitCode !== null) return false
    const { stdout } = await host.exec(['socat', '-t', '5', '-', `UNIX:${path}`], { input: '{"ask":"status"}\n' })
    return stdout !== '' || undefined
  }, 10_000)
  if (!listens) throw new Error(`the daemon does not listen: ${daemon.said()}`)
  return daemon
}

/** A machine with 10.50.0.1/24 on a port of a bridge; both are made. */
export async function serverMachine(host: Host, bridge = 'br0'): Promise<Sandbox> {
  const sandbox = await host.sandbox('server')
  await host.sh(`
    ip link add ${bridge} address 02:00:00:00:00:01 type bridge
    ip link set ${bridge} up
    ip link add port0 type veth peer name eth0 netns server
    ip link set port0 master ${bridge} up
    ip -n server address add 10.50.0.1/24 dev eth0
    ip -n server link set eth0 up`)
  return sandbox
}

export interface Server extends Running {
  /** Its leases as it has them on disk. */
  leases(): Promise<string>
}

const usual = ['--dhcp-range=10.50.0.100,10.50.0.199,255.255.255.0,120', '--dhcp-option=option:router,10.50.0.1']

/** Starts dnsmasq in a machine; two minutes are the shortest lease that it gives. */
export async function dnsmasq(
  t: Test,
  host: Host,
  { name }: Sandbox,
  options: readonly string[] = usual,
): Promise<Server> {
  const common = [
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--port=0',
    '--no-ping',
    '--user=root',
    '--pid-file=',
  ]
  const own = ['--log-facility=-', '--log-dhcp', '--dhcp-leasefile=/run/dnsmasq.leases', '--dhcp-authoritative']
  const server = run(t, host, ['ip', 'netns', 'exec', name, 'dnsmasq', ...common, ...own, ...options])
  if (!(await until(async () => server.said().includes('started') || undefined))) throw new Error(server.said())
  const leases = async () => (await host.exec(['cat', '/run/dnsmasq.leases'])).stdout
  return { ...server, leases }
}

/** Starts busybox's udhcpd in a machine, for leases as short as clients take them: 30 s. */
export async function udhcpd(t: Test, host: Host, { name }: Sandbox, lines: readonly string[] = []): Promise<Running> {
  const usualLines = ['start 10.50.0.100', 'end 10.50.0.199', 'interface eth0', 'min_lease 30', 'max_leases 100']
  const files = ['lease_file /run/udhcpd.leases', 'pidfile /run/udhcpd.pid', 'opt subnet 255.255.255.0']
  const text = [...usualLines, ...files, 'opt router 10.50.0.1', 'opt lease 30', ...lines].join('\n')
  await host.exec(['tee', '/run/udhcpd.conf', '/run/udhcpd.leases'], { input: '' })
  await host.exec(['tee', '/run/udhcpd.conf'], { input: `${text}\n` })
  const server = run(t, host, ['ip', 'netns', 'exec', name, 'busybox', 'udhcpd', '-f', '/run/udhcpd.conf'])
  if (!(await until(async () => server.said().includes('started') || undefined))) throw new Error(server.said())
  return server
}

export interface Dhcp {
  readonly host: Host
  /** What the server runs on. */
  readonly machine: Sandbox
  readonly server: Server
  readonly daemon: Running
}

/** Runs a test body on a host of its own that has a daemon, and dnsmasq on its bridge br0. */
export const withDhcp = (
  t: Test,
  body: (dhcp: Dhcp) => Promise<void>,
  daemonOptions: readonly string[] = [],
  serverOptions: readonly string[] = usual,
): Promise<void> =>
  withHost(t, async host => {
    const machine = await serverMachine(host)
    const server = await dnsmasq(t, host, machine, serverOptions)
    await body({ host, machine, server, daemon: await startDaemon(t, host, daemonOptions) })
  })
