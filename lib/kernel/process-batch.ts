/** Batches that a process of their own runs: of bridge(8), and of `ip` where the one that is kept open will not do. */
import { type Complaint, complaintsIn } from './ip-process.ts'
import type { Tools } from './tool.ts'

/**
 * Runs lines, and gives what failed: by its line, or with the index -1 where the process does not say which it was.
 *
 * @param argv ends in `-batch -`
 * @throws KernelError where the program cannot run
 */
export async function runLines(
  tools: Tools,
  argv: readonly [string, ...string[]],
  lines: readonly string[],
): Promise<readonly Complaint[]> {
  const { code, stderr } = await tools.run(argv, lines.map(line => `${line}\n`).join(''))
  if (code === 0) return []
  const complaints = complaintsIn(stderr, 1)
  return complaints.length > 0 ? complaints : [{ index: -1, text: stderr.trim() }]
}
