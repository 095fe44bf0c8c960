/**
 * Where the time of one ADD goes, as strace(1) sees it: it stops each process for a moment at whatever it tells of, so
 * the sum is larger than what the same ADD takes by itself, which is told too.
 */
import { readFileSync } from 'node:fs'
import { type Engine, median, type Setting } from './row.ts'
import { addLine, addNetns, bridgeAlone, dropNetns, type Side, withSides, writeConfs } from './side.ts'
import { readTrace, type Span, type Trace } from './strace.ts'

/** A part of an ADD; milliseconds. */
export interface Step {
  readonly what: string
  readonly start: number
  readonly end: number
  /** As much of that as it did not wait for its input. */
  readonly work: number
  /** As much of its work as the kernel took to answer; of child processes. */
  readonly kernel?: number
}

/** Where the time goes with one build; medians. */
export interface Timeline {
  readonly engine: Engine
  readonly runs: number
  /** Milliseconds of an ADD that is not traced. */
  readonly alone: number
  readonly steps: readonly Step[]
}

const warmUp = 2
const calls = 'execve,read,sendmsg,sendto,recvmsg,clone,clone3,fork,vfork'

const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, [start, end]) => sum + end - start, 0)

/** What is in one span and not in others, which follow each other. */
function without([start, end]: Span, others: readonly Span[]): readonly Span[] {
  const cuts = others.toSorted(([a], [b]) => a - b)
  const starts = [start, ...cuts.map(([, last]) => Math.max(start, last))]
  const ends = [...cuts.map(([first]) => Math.min(end, first)), end]
  return starts.flatMap((from, index): Span[] => {
    const to = ends[index] ?? end
    return from < to ? [[from, to]] : []
  })
}

/** The spans as one list without overlaps. */
function union(spans: readonly Span[]): readonly Span[] {
  const merged: [number, number][] = []
  for (const [start, end] of spans.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

function stepsOf({ first, parsed, end, children }: Trace): readonly Step[] {
  const begun = children[0]?.start ?? end
  const work = children.map(({ start, end: last, waits }) => without([start, last], waits))
  const own = without([begun, end], union(work.flat()))
  return [
    { what: 'process start, to the first line that reads', start: 0, end: first, work: first },
    { what: 'request: read, until it looks at the host', start: first, end: parsed, work: parsed - first },
    { what: 'until the first child process', start: parsed, end: begun, work: begun - parsed },
    ...children.map(({ words, start, end: last, netlink }, index) => {
      return { what: words, start, end: last, work: lengthOf(work[index] ?? []), kernel: netlink }
    }),
    { what: 'what remains: own work, while no child process has any', start: begun, end, work: lengthOf(own) },
    { what: 'in all, traced', start: 0, end, work: end },
  ]
}

async function traced(side: Side, id: string): Promise<readonly Step[]> {
  const { bin, files, watch } = side
  writeConfs(side, id, 0)
  const strace = `strace -f --seccomp-bpf -ttt -T -s 128 -e signal=none -e trace=${calls} -o ${files}/trace`
  await watch.time(addLine(side, id).replace(` ${bin}/`, ` ${strace} ${bin}/`))
  return stepsOf(readTrace(readFileSync(`${files}/trace`, 'utf8')))
}

/** The medians of those that had the same steps as most. */
function middle(all: readonly (readonly Step[])[]): readonly Step[] {
  const kindOf = (steps: readonly Step[]) => steps.map(({ what }) => what).join('\n')
  const kinds = all.map(kindOf)
  const count = (kind: string) => kinds.filter(each => each === kind).length
  const [most] = kinds.toSorted((a, b) => count(b) - count(a))
  const usual = all.filter((_, index) => kinds[index] === most)
  const figure = (index: number, of: (step: Step) => number) =>
    median(usual.flatMap(({ [index]: step }) => (step ? [of(step)] : [])))
  return (usual[0] ?? []).map(({ what, kernel }, index) => ({
    what,
    start: figure(index, ({ start }) => start),
    end: figure(index, ({ end }) => end),
    work: figure(index, ({ work }) => work),
    ...(kernel === undefined ? {} : { kernel: figure(index, step => step.kernel ?? Number.NaN) }),
  }))
}

/** A timeline of an ADD of bridge + host-local + ipMasq for each build, taken in turn. */
export async function timelines({ short, builds }: Setting): Promise<readonly Timeline[]> {
  const runs = short ? 7 : 25
  const found = builds.map(() => ({ alone: [] as number[], steps: [] as (readonly Step[])[] }))
  await withSides(
    builds.map(({ bin }) => bridgeAlone(bin)),
    async sides => {
      for (let run = -warmUp; run < runs; run++) {
        for (const [index, side] of sides.entries()) {
          const [id, other] = [`w${run + warmUp}`, `t${run + warmUp}`]
          for (const each of [id, other]) await addNetns(side, each)
          const { ms } = await side.add(id)
          const steps = await traced(side, other)
          for (const each of [id, other]) await side.del(each)
          for (const each of [id, other]) await dropNetns(side, each)
          if (run < 0) continue
          found[index]?.alone.push(ms)
          found[index]?.steps.push(steps)
        }
      }
    },
  )
  return builds.flatMap(({ engine }, index) => {
    const { alone = [], steps = [] } = found[index] ?? {}
    return [{ engine, runs, alone: median(alone), steps: middle(steps) }]
  })
}
