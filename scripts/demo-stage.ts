/** What the demo is told with: words, commands with their output, and a host, a machine outside and plugins to run. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/** The plugins that the demo calls. */
export const bin = process.env.FAIRLEAD_BIN ?? join(root, 'dist/bin')

const own = (process.env.PATH ?? '').split(':').filter(Boolean)
/** Where programs are: a plain `su` leaves the directories of the system's own out of PATH. */
export const path: readonly string[] = [...own, '/usr/sbin', '/usr/bin', '/sbin', '/bin']
/** Milliseconds for one command; the slowest takes a tenth of a second. */
const deadline = 20_000

// Whoever was reading has gone.
process.stdout.on('error', () => process.exit(1))

const styled = (code: number, text: string): string => (process.stdout.isTTY ? `\x1b[${code}m${text}\x1b[0m` : text)
const print = (text: string): void => void process.stdout.write(`${text}\n`)

/** A chapter of the story. */
export const chapter = (title: string): void => print(`\n${styled(1, title)}`)
/** A sentence about what comes next. */
export const say = (text: string): void => print(`  ${text}`)
/** Something that was claimed and has been seen. */
export const seen = (text: string): void => print(`  ${styled(32, `✓ ${text}`)}`)

/** Ends the story where something is not as told. */
export function fail(error: unknown): number {
  print(`\n${styled(31, `NOT AS TOLD: ${error instanceof Error ? error.message : String(error)}`)}`)
  return 1
}

/** @throws Error that names the package of a program that is missing */
export function need(tool: string, name: string): void {
  if (path.some(directory => existsSync(`${directory}/${tool}`))) return
  throw new Error(`the program ${tool} is missing. Try: apt-get install ${name}`)
}

interface Wish {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** The command must fail. */
  readonly refused?: boolean
}

/** Runs a command without a word, and gives what it printed. */
export function quiet(argv: readonly string[], { input = '', env = {}, refused = false }: Wish = {}): string {
  const [file = '', ...args] = argv
  const ran = spawnSync(file, args, {
    input,
    env: { PATH: path.join(':'), LC_ALL: 'C', ...env },
    encoding: 'utf8',
    timeout: deadline,
  })
  const output = `${ran.stdout ?? ''}${ran.stderr ?? ''}`
  if (ran.error) throw new Error(`${argv.join(' ')}: ${ran.error.message}`)
  if ((ran.status === 0) === refused) throw new Error(`"${argv.join(' ')}" ended with status ${ran.status}: ${output}`)
  return output
}

/** Shows a command as a person would type it, and what it prints. */
export function show(argv: readonly string[], wish: Wish = {}): string {
  const variables = Object.entries(wish.env ?? {}).map(([name, value]) => `${name}=${value} `)
  print(`  ${styled(36, `# ${variables.join('')}${argv.join(' ')}`)}`)
  const output = quiet(argv, wish)
  const lines = output.split('\n').filter(line => line.trim() !== '')
  for (const line of lines) print(`  ${styled(2, '|')} ${line.replaceAll('\t', '    ')}`)
  return output
}

/** @throws Error with the claim where it does not hold */
export function claim(holds: boolean, text: string): void {
  if (!holds) throw new Error(`expected: ${text}`)
  seen(text)
}

const uplink = { host: '203.0.113.1', outside: '203.0.113.2' } as const

/** Makes the host that this namespace plays, and a machine outside that knows nothing but the wire between them. */
export function buildHost(): typeof uplink {
  const lines = [
    'mount -t tmpfs none /run',
    'mkdir -p /run/netns /run/lock /var/lib/cni',
    'mount -t tmpfs none /var/lib/cni',
    'ip link set lo up',
    'ip netns add outside',
    'ip link add uplink0 type veth peer name eth0 netns outside',
    `ip address add ${uplink.host}/24 dev uplink0`,
    'ip link set uplink0 up',
    `ip -n outside address add ${uplink.outside}/24 dev eth0`,
    'ip -n outside link set eth0 up',
    `ip route add default via ${uplink.outside}`,
  ]
  for (const line of lines) quiet(line.split(' '))
  // The machine outside writes down who has asked it for an answer.
  const sources = 'add set inet notes sources { type ipv4_addr; flags dynamic; }'
  const hook = 'add chain inet notes input { type filter hook input priority 0; }'
  const rule = 'add rule inet notes input icmp type echo-request add @sources { ip saddr }'
  const notes = ['add table inet notes', sources, hook, rule].map(line => `${line}\n`).join('')
  quiet(['ip', 'netns', 'exec', 'outside', 'nft', '-f', '-'], { input: notes })
  return uplink
}
