/** Many ADDs, several at a time. */
import { readFileSync } from 'node:fs'
import { addLine, type Result, type Side, writeConfs } from './side.ts'

export interface Crowd {
  readonly ms: number
  /** What each ADD that failed said. */
  readonly failures: readonly string[]
  /** Distinct ones that were given. */
  readonly addresses: number
}

/** The first address of an answer, or undefined where it is none. */
function addressIn(answer: string): string | undefined {
  const result = answer.trim() ? (JSON.parse(answer) as Partial<Result>) : {}
  return result.ips?.[0]?.address
}

/** Attaches sandboxes `s0`, `s1`, … of a host. */
export async function addCrowd(side: Side, count: number, together: number): Promise<Crowd> {
  const { files, watch } = side
  await watch.time(`for ((i = 0; i < ${count}; i++)); do ip netns add s$i || break; done`)
  for (let index = 0; index < count; index++) writeConfs(side, `s${index}`, index)
  const limit = `((i + 1 < ${together})) || wait -n || :`
  const ms = await watch.time(`for ((i = 0; i < ${count}; i++)); do ${addLine(side, 's$i')} & ${limit}; done; wait`)
  const ids = Array.from({ length: count }, (_, index) => `s${index}`)
  const answers = ids.map(id => [id, readFileSync(`${files}/${id}.ADD`, 'utf8')] as const)
  const failed = answers.filter(([, answer]) => addressIn(answer) === undefined)
  const failures = failed.map(([id, answer]) => `${id}: ${answer}${readFileSync(`${files}/${id}.err`, 'utf8')}`)
  const given = answers.flatMap(([, answer]) => addressIn(answer) ?? [])
  return { ms, failures, addresses: new Set(given).size }
}
