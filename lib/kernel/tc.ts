/**
 * Resources as lines of `tc -batch`, and what tc says of them: the order in which packets leave a link, and where those
 * that come from it go. See tc(8), tc-tbf(8), tc-u32(8), tc-mirred(8).
 */
import { complaintsIn } from './ip-process.ts'
import { type Filter, KernelError, nameOf, type Qdisc, type Resource } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

export type Hook = 'ingress' | 'egress'

interface Line {
  readonly text: string
  readonly resource: Qdisc
}

/** Where a packet is on its way to the host, and on its way out of the link. */
export const hooks: readonly Hook[] = ['ingress', 'egress']
const isQdisc = (resource: Resource): resource is Qdisc => resource.kind === 'qdisc'
const everything = { value: '00000000', mask: '00000000', at: 0 } as const
/** The words as they are told to the kernel, which has no filter without any. */
export const wordsOf = ({ words }: Filter): Filter['words'] => (words.length > 0 ? words : [everything])

/** One place for each filter, and none of both hooks: at one place the kernel lists the u32 filters of either for both. */
export const prefOf = (hook: Hook, index: number): number => index + (hook === 'ingress' ? 1 : 10_001)

const number = (value: number): string => token(String(value))

function filterLine(dev: string, hook: Hook, filter: Filter, index: number): string {
  const words = wordsOf(filter).map(
    ({ value, mask, at }) => ` match u32 0x${token(value)} 0x${token(mask)} at ${number(at)}`,
  )
  const protocol = token(filter.protocol)
  const goes = filter.redirect ? `action mirred egress redirect dev ${token(filter.redirect)}` : 'classid 1:1'
  return `filter add dev ${dev} ${hook} pref ${prefOf(hook, index)} protocol ${protocol} u32${words.join('')} ${goes}`
}

/** The lines that make a qdisc with its filters, whatever stands there now. */
export function qdiscLines(qdisc: Qdisc): readonly Line[] {
  const dev = token(qdisc.dev)
  const line = (text: string): Line => ({ text, resource: qdisc })
  if (qdisc.type === 'tbf') {
    const [rate, burst, limit] = [qdisc.rate * 8, qdisc.burst, qdisc.limit].map(number)
    return [line(`qdisc replace dev ${dev} root handle 1: tbf rate ${rate}bit burst ${burst}b limit ${limit}b`)]
  }
  // Emptied first, so that declaring it a second time doubles nothing.
  const filters = hooks.flatMap(hook => [
    `filter del dev ${dev} ${hook}`,
    ...qdisc[hook].map((filter, index) => filterLine(dev, hook, filter, index)),
  ])
  return [line(`qdisc replace dev ${dev} clsact`), ...filters.map(line)]
}

/** The line that removes a qdisc: by its place, where the reference has another one, which is called `ingress`. */
export const removeQdiscLine = (qdisc: Qdisc): Line => ({
  text: `qdisc del dev ${token(qdisc.dev)} ${qdisc.type === 'tbf' ? 'root' : 'parent ffff:fff1'}`,
  resource: qdisc,
})

/** Runs lines in one process; those that failed come back, the first alone where it is to stop there. */
async function runBatch(tools: Tools, lines: readonly Line[], options: readonly string[]) {
  const text = lines.map(line => `${line.text}\n`).join('')
  const output = await tools.run(['tc', ...options, '-batch', '-'], text)
  if (output.code === 0) return []
  const failed = complaintsIn(output.stderr, 1).map(({ index, text }) => ({ line: lines[index], text }))
  return failed.length > 0 ? failed : [{ line: undefined, text: output.stderr.trim() }]
}

/**
 * Makes the qdiscs, in order, with their filters, in one process. Their links, and those that they lead to, must stand.
 *
 * @throws KernelError that names the qdisc
 */
export async function ensureQdiscs(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const [first] = await runBatch(tools, resources.filter(isQdisc).flatMap(qdiscLines), [])
  if (!first) return
  const what = first.line ? `${nameOf(first.line.resource)} (tc ${first.line.text})` : 'tc'
  throw new KernelError(`${what}: ${first.text.replaceAll('\n', '; ')}`, faultOf(first.text), first.line?.resource)
}

/**
 * Removes qdiscs, in order; what is absent is fine, and so is a link that is gone.
 *
 * @throws KernelError with everything that could not be removed
 */
export async function removeQdiscs(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const failed = await runBatch(tools, resources.filter(isQdisc).map(removeQdiscLine), ['-force'])
  const real = failed.filter(({ text }) => faultOf(text) !== 'absent')
  if (!real[0]) return
  throw new KernelError(real.map(({ line, text }) => `${line?.text}: ${text}`).join('; '), faultOf(real[0].text))
}
