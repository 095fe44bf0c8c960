/**
 * Links of the host's that come back from a sandbox, as they were before. Where that is gone the kernel has brought
 * hardware back itself (default_device_exit_net), under a name that happened to be free; other links went with it.
 */
import { giveLines, isSameAddress } from './given-address.ts'
import { KernelError, type MovedLink, type Original } from './resource.ts'
import { allLinks, type LinkState, snapshot } from './snapshot.ts'
import { quoted, token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

const step = 20
/** The kernel takes a namespace down some time after its last user has gone. */
const teardown = 2_000

/** Every namespace has a loopback of its own. */
const sameDevice = ({ was }: MovedLink, { type, permaddr, loopback }: LinkState): boolean =>
  type === was.type && permaddr === was.permaddr && !loopback

const hasAlias = ({ was }: MovedLink, { type, alias }: LinkState): boolean => type === was.type && alias === was.name

/** Runs lines; what is absent is fine. */
async function run(tools: Tools, netns: string | null, lines: readonly string[], { was }: MovedLink): Promise<void> {
  const { complaints } = await tools.ip(netns, lines)
  const real = complaints.find(({ text }) => faultOf(text) !== 'absent')
  if (!real) return
  throw new KernelError(`cannot give ${was.name} back (ip ${lines[real.index]}): ${real.text}`, faultOf(real.text))
}

const hasNumber = ({ index, was }: MovedLink, { index: now, type, loopback }: LinkState): boolean =>
  now === index && type === was.type && !loopback

/** The link in its sandbox: by its number, else by what it has from us. A container may have changed all but the first. */
async function inside(tools: Tools, moved: MovedLink, netns: string): Promise<LinkState | undefined> {
  const links = [...(await allLinks(tools, netns)).values()]
  const isIt = (link: LinkState) => sameDevice(moved, link) || hasAlias(moved, link)
  const mine = links.filter(isIt)
  return links.find(link => hasNumber(moved, link)) ?? mine.find(({ name }) => name === moved.name) ?? mine[0]
}

/** What it must be, where nothing has its number, MAC or alias: a link of its kind that has the name that it was given. */
async function likely(tools: Tools, { name, was }: MovedLink, netns: string): Promise<LinkState | undefined> {
  const named = (await snapshot(tools, netns, [name])).get(name)
  return named?.type === was.type && !named.loopback ? named : undefined
}

/** A name is for one link: who has taken it meanwhile has to give it back first. */
async function needName(tools: Tools, { was }: MovedLink): Promise<void> {
  if (!(await snapshot(tools, null, [was.name])).has(was.name)) return
  const msg = `cannot give ${was.name} back: the host has another link of that name by now`
  throw new KernelError(`${msg}. Rename that one, then call DEL again`, 'taken')
}

/** Brings the link out of its sandbox, where it is found there; gives what it is on the host. */
async function bringOut(tools: Tools, moved: MovedLink, find: typeof inside): Promise<LinkState | undefined> {
  const { netns, was } = moved
  const link = netns === null ? undefined : await find(tools, moved, netns)
  if (!link) return undefined
  await needName(tools, moved)
  const host = `/proc/${tools.host.pid}/ns/net`
  await run(tools, netns, [`link set dev ${token(link.name)} netns ${token(host)} name ${token(was.name)}`], moved)
  return (await snapshot(tools, null, [was.name])).get(was.name)
}

/** Others may have its MAC: on the host it takes more to be the link. */
async function thrownBack(tools: Tools, moved: MovedLink): Promise<LinkState | undefined> {
  const { name, was, index = was.index } = moved
  const isIt = (link: LinkState) =>
    hasAlias(moved, link) || (sameDevice(moved, link) && (link.name === was.name || link.index === index))
  // The names that the kernel gives it.
  const names = [was.name, name, `dev${index}`]
  const end = tools.host.now() + (moved.netns === null && was.type === '' ? teardown : 0)
  for (;;) {
    const found = [...(await snapshot(tools, null, names)).values()].find(isIt)
    if (found) return found
    if (tools.host.now() >= end) break
    await tools.host.sleep(step)
  }
  return [...(await allLinks(tools, null)).values()].find(isIt)
}

/** The lines that make the link what it was, given what it is. */
function restoreLines(was: Original, now: LinkState): readonly string[] {
  const set = `link set dev ${token(was.name)}`
  const lost = was.addresses.filter(each => !now.addresses.some(address => isSameAddress(each, address)))
  return [
    ...(now.alias === was.alias ? [] : [`${set} alias ${quoted(was.alias)}`]),
    ...(now.mac === was.mac ? [] : [`${set} address ${token(was.mac)}`]),
    ...(now.mtu === was.mtu ? [] : [`${set} mtu ${was.mtu}`]),
    ...(was.master === '' || now.master === was.master ? [] : [`${set} master ${token(was.master)}`]),
    ...(was.up && !now.up ? [`${set} up`] : []),
    ...giveLines(lost, was.name),
  ]
}

/**
 * Brings a moved link back to the host, with the name and all that it had. A link that is nowhere is fine.
 *
 * @throws KernelError `taken` where its name is another link's by now; in a sandbox that lives, it stays there
 */
export async function giveBack(tools: Tools, moved: MovedLink): Promise<void> {
  const { was } = moved
  const now =
    (await bringOut(tools, moved, inside)) ?? (await thrownBack(tools, moved)) ?? (await bringOut(tools, moved, likely))
  if (!now) return
  if (now.name !== was.name) {
    await needName(tools, moved)
    const dev = token(now.name)
    await run(tools, null, [`link set dev ${dev} down`, `link set dev ${dev} name ${token(was.name)}`], moved)
  }
  const lines = restoreLines(was, now)
  if (lines.length > 0) await run(tools, null, lines, moved)
}
