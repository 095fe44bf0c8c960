/** One side of a comparison: plugins of a directory on a host of their own, with a stopwatch. */
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

/** The plugins that attach a container, in order; what containers publish differs by `index`. */
export type Chain = (index: number) => readonly Conf[]

export interface Contender {
  /** Directory of the plugins. */
  readonly bin: string
  readonly chain: Chain
}

export interface Side extends Contender {
  readonly host: Host
  readonly watch: Stopwatch
  /** Directory for configurations and answers. */
  readonly files: string
  add(id: string, index?: number): Promise<Timed>
  /** Milliseconds. */
  del(id: string): Promise<number>
  stop(): Promise<void>
}

/** bridge + host-local + ipMasq. */
export const conf: Conf = bridgeConf({ cniVersion: '1.0.0' })
export const bridgeAlone = (bin: string): Contender => ({ bin, chain: () => [conf] })

export const addNetns = (side: Side, id: string) => side.watch.time(`ip netns add ${id}`)
export const dropNetns = (side: Side, id: string) => side.watch.time(`ip netns del ${id}`)

const read = (file: string): string => readFileSync(file, 'utf8')

type Place = Contender & { readonly files: string }

/** Writes what the plugins of a container get: the first one all of it, the others all but the previous result. */
export function writeConfs({ chain, files }: Place, id: string, index: number): void {
  for (const [at, plugin] of chain(index).entries()) {
    const text = JSON.stringify(plugin)
    writeFileSync(`${files}/${id}.${at}`, text)
    writeFileSync(`${files}/${id}.${at}.head`, text.slice(0, -1))
  }
}

function callLine({ bin, files }: Place, operation: string, id: string, type: string, input: string): string {
  const env = `CNI_COMMAND=${operation} CNI_CONTAINERID=${id} CNI_NETNS=/run/netns/${id} CNI_IFNAME=eth0 CNI_PATH=${bin}`
  return `${env} ${bin}/${type} <${files}/${input} >${files}/${id}.${operation} 2>${files}/${id}.err`
}

/** A line of shell that calls the plugins of a container, for which `id` may be an expression. */
export function addLine(place: Place, id: string): string {
  const { chain, files } = place
  const hand = (at: number) =>
    `printf '%s,"prevResult":%s}' "$(<${files}/${id}.${at}.head)" "$(<${files}/${id}.ADD)" >${files}/${id}.${at}`
  const steps = chain(0).map(({ type }, at) => {
    const call = callLine(place, 'ADD', id, type, `${id}.${at}`)
    return at === 0 ? call : `${hand(at)} && ${call}`
  })
  return `{ ${steps.join(' && ')}; }`
}

/** The same for DEL; writes what the plugins get. */
function delLine(place: Place, id: string): string {
  const { chain, files } = place
  const result = read(`${files}/${id}.ADD`)
  const steps = chain(0).map(({ type }, at) => {
    writeFileSync(`${files}/${id}.${at}`, `${read(`${files}/${id}.${at}.head`)},"prevResult":${result}}`)
    return callLine(place, 'DEL', id, type, `${id}.${at}`)
  })
  return steps.toReversed().join(' && ')
}

export async function startSide(contender: Contender): Promise<Side> {
  const host = await startHost()
  const watch = startStopwatch(host)
  const place = { ...contender, files: mkdtempSync(join(tmpdir(), 'bench-')) }
  const { files } = place
  const blame = (id: string, operation: string) => () =>
    read(`${files}/${id}.${operation}`) + read(`${files}/${id}.err`)
  return {
    ...place,
    host,
    watch,
    async add(id, index = 0) {
      writeConfs(place, id, index)
      const ms = await watch.time(addLine(place, id), blame(id, 'ADD'))
      return { ms, result: JSON.parse(read(`${files}/${id}.ADD`)) as Result }
    },
    del: async id => watch.time(delLine(place, id), blame(id, 'DEL')),
    async stop() {
      await watch.stop()
      await host.stop()
      rmSync(files, { recursive: true })
    },
  }
}

/** All of a list with their places, the other way round in every second run: what comes later in a run is at no disadvantage. */
export function inTurnOf<T>(all: readonly T[], run: number): readonly (readonly [number, T])[] {
  const turns = [...all.entries()]
  return run % 2 === 0 ? turns : turns.toReversed()
}

/** Runs a body with sides, and stops them whatever happens. */
export async function withSides<T>(
  contenders: readonly Contender[],
  body: (sides: readonly Side[]) => Promise<T>,
): Promise<T> {
  const sides: Side[] = []
  try {
    for (const contender of contenders) sides.push(await startSide(contender))
    return await body(sides)
  } finally {
    for (const side of sides) await side.stop()
  }
}
