/**
 * The executable's engine is set up for processes that live for milliseconds: it compiles nothing, and keeps what is thrown
 * away. What lives on has its code compiled, and gives memory back when it has done much.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Without the highest compiler, which takes 20 MB for itself. */
const flags = ['--sparkplug', '--maglev', '--expose-gc']

/** Bytes that are worth some milliseconds of work. */
const much = 32 * 2 ** 20

/**
 * Makes the engine one for a process that lives on.
 *
 * @returns a function to be called after each piece of work: it gives memory back once much has come
 */
export function liveOn(): () => void {
  for (const each of flags) setFlagsFromString(each)
  const collect = runInNewContext('gc') as (wish: { type: string; execution: string; flavor: string }) => void
  let kept = 0
  return () => {
    if (process.memoryUsage.rss() < kept + much) return
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    kept = process.memoryUsage.rss()
  }
}
