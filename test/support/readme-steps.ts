/** The commands that a README tells its reader to type: blocks of code that are marked `sh`. */

const fence = '```'

const levelOf = (line: string): number => /^#+(?= )/.exec(line)?.[0].length ?? 0

/**
 * The `sh` blocks of a section, in order: below a heading such as `### podman`, up to the next one of its level or a higher.
 *
 * @throws Error where there is no such heading, or no block below it
 */
export function steps(readme: string, heading: string): string[] {
  const found: string[] = []
  let [within, block]: [boolean, string[] | undefined] = [false, undefined]
  for (const line of readme.split('\n')) {
    // Within a block, a line that begins with # is a comment of the shell.
    if (block) {
      if (line !== fence) block.push(line)
      else if (within && block.shift() === `${fence}sh`) found.push(block.join('\n'))
      if (line === fence) block = undefined
    } else if (line.startsWith(fence)) block = [line]
    else if (line === heading) within = true
    else if (levelOf(line) > 0 && levelOf(line) <= levelOf(heading)) within = false
  }
  if (found.length === 0) throw new Error(`the README has no sh block below "${heading}"`)
  return found
}
