/** States and policies in the kernel. What `ip` complains about may have keys in it: nobody is told of that in its words. */
import { randomBytes } from 'node:crypto'
import { KernelError } from '../../../kernel/resource.ts'
import { faultOf, type Tools } from '../../../kernel/tool.ts'
import type { Listed, Policy } from './plan.ts'
import { addState, deleteState, policiesIn, statesIn } from './text.ts'

const fail = (what: string, stderr: string): KernelError => {
  const fault = faultOf(stderr)
  return new KernelError(`cannot ${what}: the kernel, or ip, refuses it (${fault})`, fault)
}

/**
 * Runs lines, which reach `ip` through a pipe. It ends at the first that fails, and does not tell which it was: then each is
 * run alone, and of what is there, or gone, already nothing is said.
 *
 * @throws KernelError without the words of `ip`
 */
export async function tell(tools: Pick<Tools, 'run'>, what: string, lines: readonly string[]): Promise<void> {
  const run = (some: readonly string[]) => tools.run(['ip', '-batch', '-'], some.map(line => `${line}\n`).join(''))
  if (lines.length === 0 || (await run(lines)).code === 0) return
  const failures: string[] = []
  for (const line of lines) {
    const { code, stderr } = await run([line])
    if (code !== 0 && !['taken', 'absent'].includes(faultOf(stderr))) failures.push(stderr)
  }
  if (failures[0] !== undefined) throw fail(what, failures[0])
}

/** What of ours the kernel has. Throws KernelError. */
export async function known(
  tools: Pick<Tools, 'run'>,
): Promise<{ states: readonly Listed[]; policies: readonly Policy[] }> {
  const [states, policies] = await Promise.all([
    tools.run(['ip', 'xfrm', 'state', 'list', 'nokeys']),
    tools.run(['ip', 'xfrm', 'policy', 'list']),
  ])
  if (states.code !== 0) throw fail('list states of IPsec', states.stderr)
  if (policies.code !== 0) throw fail('list policies of IPsec', policies.stderr)
  return { states: statesIn(states.stdout), policies: policiesIn(policies.stdout) }
}

const lackingWords = /not found|not supported|not implemented/i

/**
 * Why the kernel cannot encrypt; undefined where it can. A state that nobody uses is made, and goes again.
 *
 * @param address this host's own
 * @throws KernelError where something else is wrong
 */
export async function lacks(tools: Pick<Tools, 'run'>, address: string): Promise<string | undefined> {
  const [state, none] = [randomBytes(36), randomBytes(4)]
  none.writeUInt8(none.readUInt8(0) | 0x80)
  const probe = { src: address, dst: address, spi: `0x${none.toString('hex')}`, key: state.toString('hex') }
  const { code, stderr } = await tools.run(['ip', '-batch', '-'], `${addState(probe)}\n`)
  if (code === 0) {
    await tell(tools, 'remove a state of IPsec', [deleteState(probe)])
    return undefined
  }
  if (!lackingWords.test(stderr)) throw fail('make a state of IPsec', stderr)
  const modules = address.includes(':') ? 'esp6' : 'esp4'
  return `this kernel has no ESP with AES-GCM (${modules}, rfc4106(gcm(aes))). Install its modules, or boot a kernel that has it`
}
