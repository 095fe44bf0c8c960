/** What the daemon is asked: lines of JSON, read with care, and answered with what the leases make of them. */
import * as z from 'zod/mini'
import { CniError, code } from '../../cni/error.ts'
import type { Answer, Holder } from '../../ipam/dhcp.ts'
import { leaseName, nameOfMark } from '../../ipam/dhcp-leases.ts'
import { belongsTo } from '../../ipam/lease.ts'
import { apply } from './change.ts'
import { forget, inTurn, type Keeper } from './keeper.ts'
import { readNews } from './news.ts'
import { lease, needClient } from './obtain.ts'

const owner = z.object({ containerId: z.string(), ifName: z.string() })
const holder = z.object({ ...owner.shape, network: z.string() })
const option = z.int().check(z.minimum(1), z.maximum(254))
const wish = z.object({
  provide: z.record(z.string().check(z.regex(/^\d{1,3}$/)), z.string().check(z.regex(/^([0-9a-f]{2}){1,255}$/))),
  request: z.array(option),
})
const schema = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('lease'), holder, netns: z.string(), wish }),
  z.object({ ask: z.literal('check'), holder }),
  z.object({ ask: z.literal('release'), holder }),
  z.object({ ask: z.literal('collect'), network: z.string(), valid: z.array(owner) }),
  z.object({ ask: z.literal('event'), mark: z.string() }),
  z.object({ ask: z.literal('status') }),
])

type Known = z.infer<typeof schema>

function read(line: string): Known {
  try {
    return schema.parse(JSON.parse(line))
  } catch (error) {
    const msg = 'Cannot understand the question: it is of another version. Restart the DHCP daemon'
    throw new CniError(code.internal, msg, undefined, { cause: error })
  }
}

function check(keeper: Keeper, held: Holder): Answer {
  const kept = keeper.entries.get(leaseName(held))?.kept
  const lost = kept?.lost !== undefined
  if (kept?.lease && kept.address !== undefined && !lost) return { lease: kept.lease }
  const what = lost ? `the lease of ${kept?.address} was lost` : 'there is no lease'
  const msg = `Cannot confirm the lease of ${held.containerId} ${held.ifName}: ${what}`
  throw new CniError(code.internal, `${msg}. Remove the attachment and add it again`)
}

async function release(keeper: Keeper, held: Holder): Promise<void> {
  const entry = keeper.entries.get(leaseName(held))
  if (!entry) return
  entry.cancel?.abort()
  await inTurn(entry, () => forget(keeper, entry))
  keeper.log('released', held)
}

async function hear(keeper: Keeper, mark: string): Promise<void> {
  const entry = keeper.entries.get(nameOfMark(mark))
  const news = entry?.kept.mark === mark ? await readNews(keeper.store, mark) : undefined
  if (!entry || !news) return
  if (entry.hear) return entry.hear(news)
  const work = inTurn(entry, async () => {
    const isCurrent = entry.kept.mark === mark && entry.kept.address !== undefined
    if (isCurrent && keeper.entries.get(nameOfMark(mark)) === entry) await apply(keeper, entry, news)
  })
  await work.catch(error => keeper.log('failed', entry.kept.holder, { why: String(error) }))
}

async function act(keeper: Keeper, question: Known, gone: AbortSignal): Promise<Answer> {
  switch (question.ask) {
    case 'lease':
      return { lease: await lease(keeper, question, gone) }
    case 'check':
      return check(keeper, question.holder)
    case 'release':
      await release(keeper, question.holder)
      return {}
    case 'collect': {
      const { network, valid } = question
      const held = [...keeper.entries.values()].map(({ kept }) => kept.holder)
      const stray = held.filter(each => each.network === network && !valid.some(one => belongsTo(one, each)))
      await Promise.all(stray.map(each => release(keeper, each)))
      return {}
    }
    case 'event':
      // The client waits for its messenger, and we may be waiting for the client.
      void hear(keeper, question.mark)
      return {}
    case 'status':
      await needClient(keeper, code.notAvailable)
      return {}
  }
}

/**
 * The answer to a line.
 *
 * @param gone aborted when the asker has hung up
 */
export async function answer(keeper: Keeper, line: string, gone: AbortSignal): Promise<Answer> {
  try {
    return await act(keeper, read(line), gone)
  } catch (error) {
    const msg = error instanceof Error ? error.message : String(error)
    return { error: { code: error instanceof CniError ? error.code : code.internal, msg } }
  }
}
