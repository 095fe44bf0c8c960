/** What the bench says: a table for people, countable lines for continuous integration, a file for programs. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { resolve } from 'node:path'
import { fairlead } from '../support/host.ts'
import { peerVersion } from './peer.ts'
import { type Row, type Setting, type Verdict, verdictOf } from './row.ts'

const file = resolve(import.meta.dirname, '../../bench.json')

function figure(value: number | undefined, unit: string): string {
  if (value === undefined) return ''
  if (unit === '') return String(value)
  return `${value.toFixed(unit === '×' || unit === 's' ? 2 : 1)} ${unit}`
}

/** The cells of the table; a time that only the slack of the short mode lets pass is told apart, for it proves little. */
function cells(row: Row, verdict: Verdict): readonly string[] {
  const { what, unit, ours, peer, value, bar, exact, relative } = row
  const shown = relative ? figure(value, '×') : ''
  const limit = `${exact ? '=' : '≤'} ${figure(bar, relative ? '×' : unit)}`
  const said = verdict === 'ok' && !exact && (value ?? 0) > bar ? 'ok, with slack' : verdict
  return [what, figure(ours, unit), figure(peer, unit), shown, limit, said]
}

function table(lines: readonly (readonly string[])[]): string {
  const head = ['What', 'fairlead', 'peer', 'ratio', 'bar', 'verdict']
  const all = [head, ...lines]
  const widths = head.map((_, column) => Math.max(...all.map(line => line[column]?.length ?? 0)))
  const text = (line: readonly string[]) =>
    `| ${widths.map((width, at) => (line[at] ?? '').padEnd(width)).join(' | ')} |`
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`
  return [text(head), rule, ...lines.map(text)].join('\n')
}

function tap(row: Row, verdict: Verdict, number: number): string {
  const value = row.value === undefined ? '' : `: ${figure(row.value, row.relative ? '×' : row.unit)}`
  const note = row.note ? ` (${row.note.replaceAll(/\s+/g, ' ')})` : ''
  return verdict === 'no verdict' || verdict === 'missed'
    ? `# ${verdict} - ${row.what}${value}${note}`
    : `${verdict} ${number} - ${row.what}${value}${note}`
}

function write(rows: readonly Row[], verdicts: readonly Verdict[], { short, peer }: Setting): void {
  const version = execFileSync(fairlead, ['version'], { encoding: 'utf8' }).trim().split('\n')
  const [cpu] = cpus()
  const about = {
    date: new Date().toISOString(),
    mode: short ? 'short' : 'full',
    fairlead: version,
    peer: peer ? `containernetworking/plugins ${peerVersion}` : null,
    machine: { kernel: release(), cpu: cpu?.model ?? 'unknown', cpus: cpus().length },
  }
  const lines = rows.map((row, index) => ({ ...row, verdict: verdicts[index] }))
  writeFileSync(file, `${JSON.stringify({ ...about, rows: lines }, null, 2)}\n`)
}

/**
 * Prints the rows and writes `bench.json`.
 *
 * @returns true where no bar is missed
 */
export function report(rows: readonly Row[], setting: Setting): boolean {
  const verdicts = rows.map(row => verdictOf(row, setting))
  const verdict = (index: number): Verdict => verdicts[index] ?? 'no verdict'
  const count = (wanted: Verdict) => verdicts.filter(each => each === wanted).length
  const judged = rows.map((row, index) => [row, verdict(index)] as const)
  let number = 0
  const lines = judged.map(([row, said]) => tap(row, said, said === 'ok' || said === 'not ok' ? ++number : number))
  const closing = `# ${count('ok')} ok, ${count('not ok')} not ok, ${count('missed')} missed, ${count('no verdict')} without verdict`
  const start = `# a start of ours takes ${setting.excess.toFixed(1)} ms more than on the machine that the bars are for`
  const text = [table(judged.map(([row, said]) => cells(row, said))), '', start, ...lines, `1..${number}`, closing]
  process.stdout.write(`${text.join('\n')}\n`)
  write(rows, verdicts, setting)
  return count('not ok') === 0
}
