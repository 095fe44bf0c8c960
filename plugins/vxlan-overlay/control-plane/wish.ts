/**
 * A container may ask for an address that is in no block of its host. Then its plugin asks the agent, by a document on disk,
 * and the agent answers in the same document: it alone can see to it that no other host gives the address.
 */
import * as z from 'zod/mini'
import { CniError } from '../../../lib/cni/error.ts'
import type { Request } from '../../../lib/cni/request.ts'
import { networkPrefix } from '../../../lib/cnm/names.ts'
import { patiently } from '../../../lib/cnm/patience.ts'
import type { Ports } from '../../../lib/cnm/ports.ts'
import { isAlive, thisProcess } from '../../../lib/store/boot.ts'
import type { Store } from '../../../lib/store/store.ts'

/** The place to watch for wishes. */
export const wishPlace = 'overlay-wishes'

/** Milliseconds that an ADD waits for the agent. */
const patience = 5_000
/** Milliseconds after which no ADD is at work any more, be its process out of sight. */
const longest = 600_000

const schema = z.object({
  network: z.string(),
  /** As the runtime has it, for messages. */
  address: z.string(),
  /** Its place in the subnets of the network. */
  offset: z.string().check(z.regex(/^\d+$/)),
  /** The attachment that it is for. */
  owner: z.string(),
  /** Of this call of the plugin alone. */
  call: z.string(),
  /** The wish lasts as long as the plugin: after that the address is either leased, or not needed. */
  process: z.object({ boot: z.string(), pidns: z.string(), pid: z.number(), start: z.string() }),
  answer: z.exactOptional(z.object({ refused: z.exactOptional(z.object({ code: z.number(), why: z.string() })) })),
})

export type Wish = z.infer<typeof schema>
export type Answer = NonNullable<Wish['answer']>

const nameOf = ({ network, call }: Pick<Wish, 'network' | 'call'>): string => `${networkPrefix(network)}-${call}`

async function readWish(store: Store, name: string): Promise<Wish | undefined> {
  const found = schema.safeParse(await store.get(wishPlace, name))
  return found.success ? found.data : undefined
}

/** All wishes for a network. */
export async function wishesFor(store: Store, network: string): Promise<readonly Wish[]> {
  const names = (await store.list(wishPlace)).filter(name => name.startsWith(`${networkPrefix(network)}-`))
  const wishes = await Promise.all(names.map(name => readWish(store, name)))
  return wishes.filter(wish => wish !== undefined)
}

/** True while the plugin that asks may be at work. */
export async function isAsking({ host, store }: Pick<Ports, 'host' | 'store'>, wish: Wish): Promise<boolean> {
  const written = (await store.written(wishPlace, nameOf(wish))) ?? 0
  return host.now() - written < longest && isAlive(host, wish.process)
}

export const answerWish = (store: Store, wish: Wish, answer: Answer): Promise<void> =>
  store.put(wishPlace, nameOf(wish), { ...wish, answer } satisfies Wish)

export const dropWish = (store: Store, wish: Wish): Promise<boolean> => store.drop(wishPlace, nameOf(wish))

/**
 * Asks the agent for an address, for as long as this process lasts; with its lease it stays.
 *
 * @throws CniError 7 where somebody else has it, 11 where the agent does not answer, or cannot tell
 */
export async function askFor(
  { host, store }: Pick<Ports, 'host' | 'store'>,
  request: Request,
  address: string,
  offset: bigint,
) {
  const { network, containerId, ifName } = request
  const wish: Wish = {
    network,
    address,
    offset: String(offset),
    owner: `${containerId} ${ifName}`,
    call: host.random(8),
    process: await thisProcess(host),
  }
  const name = nameOf(wish)
  await store.put(wishPlace, name, wish)
  const busy = `Cannot give address ${address}: it is in no block of this host, and "fairlead agent" has not answered; see that it runs, and its log. Waited`
  try {
    const { refused } = await patiently(host, busy, async () => (await readWish(store, name))?.answer, patience)
    if (refused) throw new CniError(refused.code, refused.why)
  } catch (error) {
    await dropWish(store, wish)
    throw error
  }
}
