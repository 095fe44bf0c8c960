/** Lines of `ip`, in steps that each wait for the one before. */
import type { Line } from './ip.ts'
import { meaningOf } from './refusal.ts'
import { KernelError, type Netns, nameOf } from './resource.ts'
import { faultOf, type Tools } from './tool.ts'

interface Failed {
  readonly line: Line | undefined
  readonly text: string
}

/**
 * The line at which `ip` has ended as a whole, which it does not say: -force does not keep it going where an option of a
 * link's type names a link that is absent.
 */
function fatalLine(lines: readonly Line[], text: string): Line | undefined {
  const [, absent] = /Cannot find device "(.+)"/.exec(text) ?? []
  const names = ({ resource }: Line) =>
    resource.kind === 'link' && Object.values(resource.options ?? {}).includes(absent ?? '')
  return lines.find(line => names(line) && line.text.includes(' type '))
}

/** Runs lines; those that failed come back. Throws KernelError where `ip` cannot run. */
export async function runBatch(tools: Tools, netns: Netns, lines: readonly Line[]): Promise<Failed[]> {
  if (lines.length === 0) return []
  const { complaints } = await tools.ip(
    netns,
    lines.map(line => line.text),
  )
  return complaints.map(({ index, text }) => ({ line: index < 0 ? fatalLine(lines, text) : lines[index], text }))
}

/** Cuts a batch after each link that is made: what follows must not touch the link that was there instead. */
export function steps(lines: readonly Line[]): Line[][] {
  const cut: Line[][] = [[]]
  for (const line of lines) {
    cut.at(-1)?.push(line)
    if (line.makes) cut.push([])
  }
  return cut
}

/** What is made in a context of its own is the last of its step, and takes another process. */
async function runStep(tools: Tools, netns: Netns, step: readonly Line[]): Promise<Failed[]> {
  const last = step.at(-1)
  if (last?.context === undefined) return runBatch(tools, netns, step)
  const before = await runBatch(tools, netns, step.slice(0, -1))
  if (before.length > 0) return before
  const { runLabelled } = await import('./labelled.ts')
  const text = await runLabelled(tools, netns, last.text, last.context)
  return text === undefined ? [] : [{ line: last, text }]
}

/** Runs a step; throws KernelError that names the resource whose line failed first. */
export async function makeStep(tools: Tools, netns: Netns, step: readonly Line[]): Promise<void> {
  const [first] = await runStep(tools, netns, step)
  if (!first) return
  const what = first.line
    ? `${nameOf(first.line.resource)} (ip ${first.line.text})`
    : `namespace ${netns ?? 'of the host'}`
  const resource = first.line?.resource
  const meaning = resource?.kind === 'link' ? meaningOf(resource, first.text) : ''
  throw new KernelError(`${what}: ${first.text.replaceAll('\n', '; ')}${meaning}`, faultOf(first.text), resource)
}
