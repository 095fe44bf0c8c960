/** One side of a comparison: a directory of plugins on a host of its own, with a stopwatch. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bridgeConf, type Conf } from '../support/call.ts'
import { type Host, startHost } from '../support/host.ts'
import { type Stopwatch, startStopwatch } from './stopwatch.ts'

export interface Result {
  readonly ips: readonly { readonly address: string }[]
}

export interface Timed {
  readonly ms: number
  readonly result: Result
}

export interface Side {
  /** Directory of the plugins. */
  readonly bin: string
  readonly host: Host
  readonly watch: Stopwatch
  /** Directory for configurations and answers. */
  readonly files: string
  add(id: string): Promise<Timed>
  /** Milliseconds. */
  del(id: string, result: Result): Promise<number>
  stop(): Promise<void>
}

/** bridge + host-local + ipMasq. */
export const conf: Conf = bridgeConf({ cniVersion: '1.0.0' })

export const addNetns = (side: Side, id: string) => side.watch.time(`ip netns add ${id}`)
export const dropNetns = (side: Side, id: string) => side.watch.time(`ip netns del ${id}`)

/** A line of shell that calls the bridge; `id` and `files` may be shell expressions. */
export function callLine(bin: string, operation: string, id: string, files: string, input: string): string {
  const env = `CNI_COMMAND=${operation} CNI_CONTAINERID=${id} CNI_NETNS=/run/netns/${id} CNI_IFNAME=eth0 CNI_PATH=${bin}`
  return `${env} ${bin}/bridge <${input} >${files}/${id}.out 2>${files}/${id}.err`
}

const read = (file: string): string => readFileSync(file, 'utf8')

export async function startSide(bin: string): Promise<Side> {
  const host = await startHost()
  const watch = startStopwatch(host)
  const files = mkdtempSync(join(tmpdir(), 'bench-'))
  const input = join(files, 'conf.json')
  writeFileSync(input, JSON.stringify(conf))
  const blame = (id: string) => () => read(`${files}/${id}.out`) + read(`${files}/${id}.err`)
  return {
    bin,
    host,
    watch,
    files,
    async add(id) {
      const ms = await watch.time(callLine(bin, 'ADD', id, files, input), blame(id))
      return { ms, result: JSON.parse(read(`${files}/${id}.out`)) as Result }
    },
    async del(id, result) {
      const own = join(files, `${id}.json`)
      writeFileSync(own, JSON.stringify({ ...conf, prevResult: result }))
      return watch.time(callLine(bin, 'DEL', id, files, own), blame(id))
    },
    async stop() {
      await watch.stop()
      await host.stop()
      rmSync(files, { recursive: true })
    },
  }
}

/** Runs a body with sides, and stops them whatever happens. */
export async function withSides<T>(bins: readonly string[], body: (sides: readonly Side[]) => Promise<T>): Promise<T> {
  const sides: Side[] = []
  try {
    for (const bin of bins) sides.push(await startSide(bin))
    return await body(sides)
  } finally {
    for (const side of sides) await side.stop()
  }
}
