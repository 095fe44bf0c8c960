/** Processes of iptables and ip6tables, of either kind (nf_tables or legacy; see xtables-nft(8)), and what they refuse. */
import { type RestoreLine, restoreText } from './iptables-text.ts'
import { type Iptables, type IptablesTable, KernelError, nameOf, programOf, type Rules } from './resource.ts'
import { chainName, ruleWord } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** Why a text of iptables-restore was refused, and at which line where that is told. */
export interface Refused {
  readonly line: RestoreLine | undefined
  readonly why: string
}

/**
 * Runs lines as one transaction for each table; undefined is success.
 *
 * @throws KernelError where the program cannot run
 */
export async function restore(
  tools: Tools,
  program: string,
  lines: readonly RestoreLine[],
): Promise<Refused | undefined> {
  if (lines.length === 0) return undefined
  const { text, lines: numbered } = restoreText(lines)
  const words = [`${program}-restore`, '--noflush', '--wait'] as const
  const { code, stderr } = await tools.run(words, text)
  if (code === 0) return undefined
  const number = Number(/\bline:? (\d+)/.exec(stderr)?.[1] ?? 0)
  return { line: numbered[number - 1], why: complaintOf(stderr) }
}

/** What is said, without the name of the program and the hint at its help. */
const complaintOf = (stderr: string): string =>
  stderr
    .split('\n')
    .filter(line => line.trim() !== '' && !/^(Try |Error occurred|# Warning)/.test(line))
    .map(line => line.replace(/^ip6?tables\S*( v\S+ \(\w+\))?: /, '').trim())
    .filter(Boolean)
    .join('; ')

/** The exit status for words that make no rule (PARAMETER_PROBLEM of xtables.h). */
const unreadable = 2

/** Texts by which a rule, its chain or its target is absent; the exit status is 1, 2 or 4, by kind and version. */
const absence = /Bad rule|No chain\/target\/match|does not exist|doesn't exist|Couldn't load target|No such file/

/**
 * Asks or tells one thing in a process of its own, which alone says why it refuses.
 *
 * @returns false where the rule or chain is absent; one that cannot even be read cannot stand
 * @throws KernelError for any other refusal
 */
export async function single(tools: Tools, resource: Iptables, verb: '-C' | '-D'): Promise<boolean> {
  const words = ['--wait', '-t', resource.table, verb, chainName(resource.chain), ...resource.rule.map(ruleWord)]
  const { code, stderr } = await tools.run([programOf(resource), ...words])
  if (code === 0) return true
  if (code === unreadable || absence.test(stderr)) return false
  throw new KernelError(`${nameOf(resource)}: ${complaintOf(stderr)}`, faultOf(stderr), resource)
}

/**
 * Every rule and chain of a table, as iptables-save(8) writes them.
 *
 * @throws KernelError
 */
export async function saved(tools: Tools, program: string, table: IptablesTable): Promise<string> {
  const { code, stdout, stderr } = await tools.run([`${program}-save`, '-t', table])
  if (code === 0) return stdout
  throw new KernelError(`${program}-save -t ${table}: ${complaintOf(stderr)}`, faultOf(stderr))
}

/** The programs that resources are of, and what is of each. */
export function byProgram(resources: readonly Rules[]): ReadonlyMap<string, readonly Rules[]> {
  const programs = new Set(resources.map(programOf))
  return new Map([...programs].map(program => [program, resources.filter(each => programOf(each) === program)]))
}

/** Waits for all before it fails. */
export const all = async (work: readonly Promise<void>[]): Promise<void> => {
  const failed = (await Promise.allSettled(work)).find(result => result.status === 'rejected')
  if (failed) throw failed.reason
}

/** Works on what each program has to make, side by side. */
export const eachProgram = (
  tools: Tools,
  resources: readonly Rules[],
  work: (tools: Tools, program: string, resources: readonly Rules[]) => Promise<void>,
): Promise<void> => all([...byProgram(resources)].map(([program, here]) => work(tools, program, here)))
