/** What the bench says: a table for people, countable lines for continuous integration, a file for programs. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { resolve } from 'node:path'
import { fairlead } from '../support/host.ts'
import { peerVersion } from './peer.ts'
import { type Engine, type Row, type Setting, type Verdict, verdictOf } from './row.ts'
import type { Timeline } from './where.ts'

const file = resolve(import.meta.dirname, '../../bench.json')

function figure(value: number | undefined, unit: string): string {
  if (value === undefined) return ''
  if (unit === '') return String(value)
  return `${value.toFixed(unit === '×' || unit === 's' ? 2 : 1)} ${unit}`
}

const engineNames: Readonly<Record<Engine, string>> = { native: 'native', node: 'Node.js' }

/** The cells of the table; a time that only the slack of the short mode lets pass is told apart, for it proves little. */
function cells(row: Row, verdict: Verdict): readonly string[] {
  const { what, engine, unit, ours, peer, value, bar, exact, least, relative } = row
  const shown = relative ? figure(value, '×') : ''
  const limit = `${exact ? '=' : least ? '≥' : '≤'} ${figure(bar, relative ? '×' : unit)}`
  const beyond = least ? (value ?? 0) < bar : (value ?? 0) > bar
  const said = verdict === 'ok' && !exact && beyond ? 'ok, with slack' : verdict
  return [what, engine ? engineNames[engine] : '', figure(ours, unit), figure(peer, unit), shown, limit, said]
}

const head = ['What', 'build', 'fairlead', 'peer', 'ratio', 'bar', 'verdict']

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [head, ...lines]
  const widths = head.map((_, column) => Math.max(...all.map(line => line[column]?.length ?? 0)))
  const text = (line: readonly string[]) =>
    `| ${widths.map((width, at) => (line[at] ?? '').padEnd(width)).join(' | ')} |`
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`
  return [text(head), rule, ...lines.map(text)].join('\n')
}

/** Where the time of one ADD goes. */
function timetable({ engine, runs, alone, steps }: Timeline): string {
  const lines = steps.map(({ what, start, end, work, kernel }) => [
    what,
    ...[start, end, work, kernel].map(each => figure(each, 'ms')),
  ])
  const title = `One ADD, ${engineNames[engine]}: ${figure(alone, 'ms')}, and under strace as follows; medians of ${runs}`
  return `${title}\n${table(['Step', 'start', 'end', 'at work', 'in the kernel'], lines)}\n`
}

function tap(row: Row, verdict: Verdict, number: number): string {
  const value = row.value === undefined ? '' : `: ${figure(row.value, row.relative ? '×' : row.unit)}`
  const what = `${row.what}${row.engine ? ` [${engineNames[row.engine]}]` : ''}`
  const note = row.note ? ` (${row.note.replaceAll(/\s+/g, ' ')})` : ''
  return verdict === 'no verdict' || verdict === 'missed'
    ? `# ${verdict} - ${what}${value}${note}`
    : `${verdict} ${number} - ${what}${value}${note}`
}

/** All that was found. */
export interface Findings {
  readonly rows: readonly Row[]
  /** Where the time of one ADD goes, by build. */
  readonly where: readonly Timeline[]
}

function write({ rows, where }: Findings, verdicts: readonly Verdict[], { short, peer }: Setting): void {
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
  writeFileSync(file, `${JSON.stringify({ ...about, rows: lines, where }, null, 2)}\n`)
}

/**
 * Prints what was found and writes `bench.json`.
 *
 * @returns true where no bar is missed
 */
export function report(findings: Findings, setting: Setting): boolean {
  const { rows, where } = findings
  const verdicts = rows.map(row => verdictOf(row, setting))
  const verdict = (index: number): Verdict => verdicts[index] ?? 'no verdict'
  const count = (wanted: Verdict) => verdicts.filter(each => each === wanted).length
  const judged = rows.map((row, index) => [row, verdict(index)] as const)
  let number = 0
  const lines = judged.map(([row, said]) => tap(row, said, said === 'ok' || said === 'not ok' ? ++number : number))
  const closing = `# ${count('ok')} ok, ${count('not ok')} not ok, ${count('missed')} missed, ${count('no verdict')} without verdict`
  const start = `# a start on Node.js takes ${setting.excess.toFixed(1)} ms more than on the machine that the bars are for`
  const judgements = table(
    head,
    judged.map(([row, said]) => cells(row, said)),
  )
  const text = [judgements, '', ...where.map(timetable), start, ...lines, `1..${number}`, closing]
  process.stdout.write(`${text.join('\n')}\n`)
  write(findings, verdicts, setting)
  return count('not ok') === 0
}
