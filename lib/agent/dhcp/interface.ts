/** The interface of a container, as far as a lease is concerned: up, and with the address only while it is leased. */
import { execa } from 'execa'
import type { Holder } from '../../ipam/dhcp.ts'
import type { Kept } from '../../ipam/dhcp-leases.ts'
import { enter } from '../../kernel/netns.ts'

const deadline = 20_000

type Place = Pick<Kept, 'netns'> & { readonly holder: Pick<Holder, 'ifName'> }

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

/** Sets the interface up: nothing can be asked through one that is down. Throws where there is none. */
export const setUp = async (place: Place): Promise<void> =>
  void (await ip(place, ['link', 'set', 'dev', place.holder.ifName, 'up']))

/** False where the interface, or its namespace, is gone. */
export const stands = (place: Place): Promise<boolean> =>
  ip(place, ['link', 'show', 'dev', place.holder.ifName]).then(
    () => true,
    () => false,
  )

/** Gives the interface an address, if it does not have it: a client says good-bye from its own address. */
export const giveAddress = async (place: Place, address: string): Promise<void> =>
  void (await ip(place, ['address', 'replace', address, 'dev', place.holder.ifName]))

/** Takes an address off the interface. */
export const takeAddress = async (place: Place, address: string): Promise<void> =>
  void (await ip(place, ['address', 'delete', address, 'dev', place.holder.ifName]))

/** What `ip` says of a route's state, and does not take for a part of it. */
const states = new Set(['linkdown', 'dead', 'offload', 'trap', 'pervasive'])

/** The IPv4 routes of the interface that somebody made, as `ip` words them: the kernel drops them with the last address. */
export async function routesOf(place: Place): Promise<readonly string[]> {
  const text = await ip(place, ['-4', 'route', 'show', 'table', 'all', 'dev', place.holder.ifName])
  const lines = text.split('\n').map(line => line.split(' ').filter(word => word !== '' && !states.has(word)))
  return lines.map(words => words.join(' ')).filter(line => line !== '' && !line.includes('proto kernel'))
}

/** Gives the interface its address and these routes; those on the link come first, for others may lead through them. */
export async function putBack(place: Place, address: string, routes: readonly string[]): Promise<void> {
  const dev = `dev ${place.holder.ifName}`
  const order = [...routes.filter(line => !line.includes(' via ')), ...routes.filter(line => line.includes(' via '))]
  const lines = [`address replace ${address} ${dev}`, ...order.map(line => `route replace ${line} ${dev}`)]
  await ip(place, ['-force', '-batch', '-'], `${lines.join('\n')}\n`)
}
