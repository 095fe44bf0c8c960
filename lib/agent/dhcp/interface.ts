/** The interface of a container, as far as a lease is concerned: up, and with the address only while it is leased. */
import { execa } from 'execa'
import { nodeHost } from '../../host/node.ts'
import { type Kept, linkOf } from '../../ipam/dhcp-leases.ts'
import { enter } from '../../kernel/netns.ts'
import { nameNow, underName } from '../../kernel/old-name.ts'
import { type Tools, tools } from '../../kernel/tool.ts'

const deadline = 20_000

type Place = Pick<Kept, 'netns' | 'holder' | 'link'>

/** Runs `ip` in the sandbox and gives what it prints. Throws what it complains of. */
async function ip({ netns }: Place, args: readonly string[], input = ''): Promise<string> {
  const [file, ...words] = enter(netns.path)
  const { exitCode, stdout, stderr } = await execa(file, [...words, 'ip', ...args], {
    reject: false,
    timeout: deadline,
    env: { LC_ALL: 'C' },
    input,
  })
  if (exitCode === 0) return stdout
  throw new Error(stderr.trim() || `ip ended with status ${exitCode}`)
}

async function withTools<T>(work: (own: Tools) => Promise<T>): Promise<T> {
  const own = tools(nodeHost(), '')
  try {
    return await work(own)
  } finally {
    own.end()
  }
}

/** What the interface is called by now, for a container may rename it. Throws where it, or its namespace, is gone. */
export async function nameOf(place: Place): Promise<string> {
  const name = await withTools(own => nameNow(own, place.netns.path, linkOf(place)))
  if (name !== undefined) return name
  throw new Error(`${linkOf(place).name} is gone from ${place.netns.path}`)
}

/** Does something while the interface answers to the name that its client knows it by. */
export const byItsName = (place: Place, work: () => Promise<void>): Promise<void> =>
  withTools(own => underName(own, place.netns.path, linkOf(place), work))

/** Sets the interface up, for nothing can be asked through one that is down; gives its number. Throws where there is none. */
export async function setUp(place: Place): Promise<number> {
  const dev = linkOf(place).name
  await ip(place, ['link', 'set', 'dev', dev, 'up'])
  const [link] = JSON.parse(await ip(place, ['-j', 'link', 'show', 'dev', dev])) as { ifindex: number }[]
  return link?.ifindex ?? 0
}

/** Has the interface up and with an address: a client says good-bye from its own. */
export async function giveAddress(place: Place, address: string): Promise<void> {
  const dev = `dev ${await nameOf(place)}`
  await ip(place, ['-batch', '-'], `link set ${dev} up\naddress replace ${address} ${dev}\n`)
}

/** Takes an address off the interface. */
export const takeAddress = async (place: Place, address: string): Promise<void> =>
  void (await ip(place, ['address', 'delete', address, 'dev', await nameOf(place)]))

/** What `ip` says of a route's state, and does not take for a part of it. */
const states = new Set(['linkdown', 'dead', 'offload', 'trap', 'pervasive'])

/** The IPv4 routes of the interface that somebody made, as `ip` words them: the kernel drops them with the last address. */
export async function routesOf(place: Place): Promise<readonly string[]> {
  const text = await ip(place, ['-4', 'route', 'show', 'table', 'all', 'dev', await nameOf(place)])
  const lines = text.split('\n').map(line => line.split(' ').filter(word => word !== '' && !states.has(word)))
  return lines.map(words => words.join(' ')).filter(line => line !== '' && !line.includes('proto kernel'))
}

/** Gives the interface its address and these routes; those on the link come first, for others may lead through them. */
export async function putBack(place: Place, address: string, routes: readonly string[]): Promise<void> {
  const dev = `dev ${await nameOf(place)}`
  const order = [...routes.filter(line => !line.includes(' via ')), ...routes.filter(line => line.includes(' via '))]
  const lines = [`address replace ${address} ${dev}`, ...order.map(line => `route replace ${line} ${dev}`)]
  await ip(place, ['-force', '-batch', '-'], `${lines.join('\n')}\n`)
}
