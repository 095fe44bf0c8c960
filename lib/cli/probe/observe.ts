/** What is tried, and in which order: each try tells what the ones before leave open. */
import type { Tell } from '../progress.ts'
import { answersPing, askTcp, askUdp, type Outcome, type Way } from './ask.ts'

/** There and back, each by what is small, of full size, and more than one packet takes: that is cut into two. */
export interface Observed {
  readonly mtu: number
  /** A small question with a small answer: their checksums are left to what is below. */
  readonly small: Outcome
  /** The same in two packets each: checksums of those a host makes itself. Not tried where the small ones arrive. */
  readonly cut?: Outcome
  /** A small question with an answer in two packets, and the other way round. */
  readonly cutBack?: Outcome
  readonly cutThere?: Outcome
  /** A question of full size with a small answer, and the other way round. */
  readonly fullThere?: Outcome
  readonly fullBack?: Outcome
  /** The largest packets that arrive, where those of full size do not. */
  readonly mostThere?: number
  readonly mostBack?: number
  readonly tcp?: Outcome
  /** Where nothing else is answered: whether pings are. */
  readonly pings?: boolean
}

const small = 100

/** IP and UDP headers (RFC 791, RFC 8200, RFC 768). */
export const headers = ({ to }: Pick<Way, 'to'>): number => (to.includes(':') ? 40 : 20) + 8

/** The largest packet between two sizes that arrives. */
async function largest(low: number, high: number, arrives: (size: number) => Promise<boolean>): Promise<number> {
  let [good, bad] = [low, high]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (await arrives(middle)) good = middle
    else bad = middle
  }
  return good
}

function byTcp(way: Way, tell: Tell): Promise<Outcome> {
  tell('sending much by TCP')
  return askTcp(way)
}

async function ofFullSize(way: Way, mtu: number, tell: Tell): Promise<Partial<Observed>> {
  const payload = (size: number) => size - headers(way)
  const there = (size: number) => askUdp(way, payload(size), small)
  const back = (size: number) => askUdp(way, small, payload(size))
  const search = (ask: (size: number) => Promise<Outcome>) => {
    tell('looking for the largest packet that arrives')
    return largest(small + headers(way), mtu, async size => (await ask(size)) === 'arrives')
  }
  tell(`sending packets of ${mtu} bytes`)
  const [fullThere, fullBack] = [await there(mtu), await back(mtu)]
  return {
    fullThere,
    fullBack,
    ...(fullThere === 'silent'
      ? { cutThere: await askUdp(way, mtu + small, small), mostThere: await search(there) }
      : {}),
    ...(fullBack === 'silent' ? { cutBack: await askUdp(way, small, mtu + small), mostBack: await search(back) } : {}),
    ...(fullThere === 'arrives' && fullBack === 'arrives' ? { tcp: await byTcp(way, tell) } : {}),
  }
}

/** The host makes the checksums of what takes several packets itself: so it tells who gets the others wrong. */
async function inPieces(way: Way, mtu: number, tell: Tell): Promise<Partial<Observed>> {
  const two = mtu + small
  tell('sending what takes two packets')
  const cut = await askUdp(way, two, two)
  if (cut !== 'arrives') return { cut, pings: await answersPing(way, small) }
  return { cut, cutBack: await askUdp(way, small, two), cutThere: await askUdp(way, two, small) }
}

/** Tries everything that it takes to tell how the way is. */
export async function observe(way: Way, mtu: number, tell: Tell): Promise<Observed> {
  tell(`sending small packets to ${way.to}`)
  const first = await askUdp(way, small, small)
  const more =
    first === 'arrives' ? await ofFullSize(way, mtu, tell) : first === 'refused' ? {} : await inPieces(way, mtu, tell)
  return { mtu, small: first, ...more }
}
