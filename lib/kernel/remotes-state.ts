/** What the kernel does know of other hosts of a tunnel. */
import { checksum } from '../host/checksum.ts'
import { isBridged, type Ledger, ledgerOf } from './remotes-ledger.ts'
import { KernelError, type Remotes } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** Who made a neighbour or a route, by rtnetlink(7): no other program uses this number. */
export const protocol = '117'

const aliases = new WeakMap<Remotes, string>()

/** The alias of a device that has been told all of it. */
export function toldAlias(remotes: Remotes): string {
  const alias = aliases.get(remotes) ?? `fairlead:remotes:${checksum(JSON.stringify(remotes))}`
  aliases.set(remotes, alias)
  return alias
}

/** The alias of a device while it is being told: whoever finds that has to look. */
export const halfTold = 'fairlead:remotes:'

interface Route {
  readonly dst: string
  readonly gateway?: string
  readonly prefsrc?: string
}

/** What is asked of a link that is absent has no answer. */
async function ask(tools: Tools, words: readonly [string, ...string[]]): Promise<string> {
  const { code, stdout, stderr } = await tools.run(words)
  const fault = faultOf(stderr)
  if (code !== 0 && fault !== 'absent') throw new KernelError(`${words.join(' ')}: ${stderr.trim()}`, fault)
  return stdout.trim()
}

/** The words of each line: what is told of thousands takes ten times the memory as JSON. */
function* linesOf(text: string): Generator<readonly string[]> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    yield text.slice(start, end).trim().split(' ')
    start = end + 1
  }
}

/** What follows a word. */
const after = (words: readonly string[], word: string): string | undefined => {
  const at = words.indexOf(word)
  return at < 0 ? undefined : words[at + 1]
}

async function enterEntries(tools: Tools, { dev }: Remotes, ledger: Ledger): Promise<void> {
  for (const words of linesOf(await ask(tools, ['bridge', 'fdb', 'show', 'dev', token(dev)]))) {
    const [mac = ''] = words
    const vtep = after(words, 'dst')
    if (vtep !== undefined) ledger.led(mac, vtep)
    // Of the bridge's own entries, those that no frame moves elsewhere.
    else if (words.includes('master') && words.includes('static') && words.includes('sticky')) ledger.held(mac)
  }
}

async function enterNeighbours(tools: Tools, { on }: Remotes, ledger: Ledger): Promise<void> {
  for (const words of linesOf(await ask(tools, ['ip', 'neighbour', 'show', 'dev', token(on), 'nud', 'permanent'])))
    if (after(words, 'proto') === protocol) ledger.neighbour(words[0] ?? '', after(words, 'lladdr') ?? '')
}

async function enterRoutes(tools: Tools, { dev }: Remotes, ledger: Ledger): Promise<void> {
  for (const family of ['-4', '-6']) {
    const text = await ask(tools, ['ip', '-j', family, 'route', 'show', 'dev', token(dev), 'proto', protocol])
    for (const { dst, gateway: via = '', prefsrc: src } of text === '' ? [] : (JSON.parse(text) as Route[]))
      ledger.route({ dst, via, ...(src ? { src } : {}) })
  }
}

/** What should stand, with what does entered. Throws KernelError where the kernel cannot be asked. */
export async function lookedAt(tools: Tools, remotes: Remotes): Promise<Ledger> {
  const ledger = ledgerOf(remotes)
  await Promise.all([
    enterEntries(tools, remotes, ledger),
    enterNeighbours(tools, remotes, ledger),
    isBridged(remotes) ? undefined : enterRoutes(tools, remotes, ledger),
  ])
  return ledger
}
