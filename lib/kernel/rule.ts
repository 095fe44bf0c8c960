/** Rules as lines of `ip -batch`, a process for each family: a batch has but one. See ip-rule(8). */
import { ipIn } from './netns.ts'
import { runLines } from './process-batch.ts'
import { KernelError, type KernelFault, nameOf, type Rule } from './resource.ts'
import { together } from './together.ts'
import { option, token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

type Verb = 'add' | 'del'

/** The line that adds or deletes a rule. Where it stands is left to the kernel: before all that are not its own. */
export const ruleLine = (verb: Verb, { from, table }: Rule): string =>
  `rule ${verb} from ${token(from)}${option('table', table)}`

async function runBatch(tools: Tools, netns: string, verb: Verb, rules: readonly Rule[], fine: KernelFault) {
  const flag = rules[0]?.from.includes(':') ? '-6' : '-4'
  const argv = [...(await ipIn(tools.host, netns)), flag, '-force', '-batch', '-'] as const
  const complaints = await runLines(
    tools,
    argv,
    rules.map(rule => ruleLine(verb, rule)),
  )
  const real = complaints.find(({ text }) => faultOf(text) !== fine)
  if (!real) return
  const rule = rules[real.index]
  throw new KernelError(`${rule ? nameOf(rule) : `namespace ${netns}`}: ${real.text}`, faultOf(real.text), rule)
}

/** Runs both families side by side, and waits for both before it fails. */
async function run(tools: Tools, verb: Verb, rules: readonly Rule[], fine: KernelFault): Promise<void> {
  const places = new Map<string, Rule[]>()
  for (const rule of rules) {
    const place = `${rule.from.includes(':')} ${rule.netns}`
    places.set(place, [...(places.get(place) ?? []), rule])
  }
  await together(...[...places.values()].map(here => runBatch(tools, here[0]?.netns ?? '', verb, here, fine)))
}

/** Makes the rules; one that is there is fine. Throws KernelError that names the rule. */
export const ensureRules = (tools: Tools, rules: readonly Rule[]): Promise<void> => run(tools, 'add', rules, 'taken')

/** Removes the rules; what is absent is fine, a namespace that is gone too. Throws KernelError that names the rule. */
export const removeRules = (tools: Tools, rules: readonly Rule[]): Promise<void> => run(tools, 'del', rules, 'absent')
