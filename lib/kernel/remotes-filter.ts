/** The filter of a tunnel's senders, as its hosts come and go. */
import { ensureNft, removeNft } from './nft.ts'
import { listedElements } from './nft-elements.ts'
import { table } from './nft-script.ts'
import { KernelError, type Remotes } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'
import { removeFilterScript, senderSets, strangersAmong, vtepFilter } from './vtep-filter.ts'

async function removeStrangers(tools: Tools, remotes: Remotes): Promise<void> {
  for (const set of senderSets(remotes)) {
    const { code, stdout, stderr } = await tools.nft(`list set inet ${table} ${token(set)}\n`)
    if (code !== 0 && faultOf(stderr) !== 'absent')
      throw new KernelError(`nft: ${stderr.trim()}`, faultOf(stderr), remotes)
    await removeNft(tools, strangersAmong(remotes, set, listedElements(stdout).keys()))
  }
}

/** Where the sets stand, elements alone would be made: the rules are declared in any case. */
export async function ensureFilter(tools: Tools, remotes: Remotes): Promise<void> {
  const all = vtepFilter(remotes)
  await ensureNft(
    tools,
    all.filter(({ object }) => object !== 'element'),
  )
  await ensureNft(tools, all)
  await removeStrangers(tools, remotes)
}

/** Lets those in who have come, and no more those who have gone, as `now` has it. Throws KernelError. */
export async function changeFilter(tools: Tools, come: Remotes, gone: Remotes, now: Remotes): Promise<void> {
  const left = gone.remotes.map(({ vtep }) => vtep)
  const isNews = come.remotes.some(({ vtep }) => !left.includes(vtep))
  if (isNews) await ensureNft(tools, vtepFilter(come))
  for (const set of senderSets(now)) {
    const keys = left.filter(each => each.includes(':') === set.startsWith('vteps6'))
    await removeNft(tools, strangersAmong(now, set, keys))
  }
}

/** Nobody listens any more: whom the tunnel would listen to is forgotten. The rest goes with its links. Throws KernelError. */
export async function removeRemotes(tools: Tools, remotes: Remotes): Promise<void> {
  const { code, stderr } = await tools.nft(removeFilterScript(remotes))
  if (code !== 0) throw new KernelError(`nft: ${stderr.trim()}`, faultOf(stderr), remotes)
}
