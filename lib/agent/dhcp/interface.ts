/** The interface of a container, as far as a lease is concerned: up, and with the address only while it is leased. */
import { execa } from 'execa'
import type { Holder } from '../../ipam/dhcp.ts'
import type { Kept } from '../../ipam/dhcp-leases.ts'
import { enter } from '../../kernel/netns.ts'

const deadline = 20_000

/** Runs `ip` in the sandbox and gives what it prints, in base64. Throws what `ip` says. */
async function ip(netns: string, args: readonly string[], input = ''): Promise<string> {
  const [file, ...words] = enter(netns)
  const { exitCode, stdout, stderr } = await execa(file, [...words, 'ip', ...args], {
    reject: false,
    timeout: deadline,
    env: { LC_ALL: 'C' },
    input: Buffer.from(input, 'base64'),
    encoding: 'buffer',
  })
  if (exitCode === 0) return Buffer.from(stdout).toString('base64')
  throw new Error(Buffer.from(stderr).toString().trim() || `ip ended with status ${exitCode}`)
}

type Place = Pick<Kept, 'netns'> & { readonly holder: Pick<Holder, 'ifName'> }

/** Sets the interface up: nothing can be asked through one that is down. Throws where there is none. */
export const setUp = async ({ netns, holder }: Place): Promise<void> =>
  void (await ip(netns.path, ['link', 'set', 'dev', holder.ifName, 'up']))

/** False where the interface, or its namespace, is gone. */
export const stands = ({ netns, holder }: Place): Promise<boolean> =>
  ip(netns.path, ['link', 'show', 'dev', holder.ifName]).then(
    () => true,
    () => false,
  )

/** Gives the interface an address, if it does not have it: a client says good-bye from its own address. */
export const giveAddress = async ({ netns, holder }: Place, address: string): Promise<void> =>
  void (await ip(netns.path, ['address', 'replace', address, 'dev', holder.ifName]))

/** What the interface has of IPv4, for `putBack`. The kernel drops the routes with the last address. */
export async function dump({ netns, holder }: Place): Promise<NonNullable<Kept['lost']>> {
  const addresses = await ip(netns.path, ['-4', 'address', 'save', 'dev', holder.ifName])
  const routes = await ip(netns.path, ['-4', 'route', 'save', 'table', 'all', 'dev', holder.ifName])
  return { addresses, routes }
}

/** Takes an address off the interface. */
export const takeAddress = async ({ netns, holder }: Place, address: string): Promise<void> =>
  void (await ip(netns.path, ['address', 'delete', address, 'dev', holder.ifName]))

/** Gives the interface what it had; `ip` passes over what is there already. */
export async function putBack({ netns }: Place, { addresses, routes }: NonNullable<Kept['lost']>): Promise<void> {
  await ip(netns.path, ['address', 'restore'], addresses)
  await ip(netns.path, ['route', 'restore'], routes)
}
