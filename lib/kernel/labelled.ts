/** What is made under an SELinux context; see runcon(1). */
import { ipIn } from './netns.ts'
import type { Netns } from './resource.ts'
import { token } from './token.ts'
import type { Tools } from './tool.ts'

/** Runs one line of `ip` in a context, which takes a process of its own; gives why it could not. Throws KernelError. */
export async function runLabelled(
  tools: Tools,
  netns: Netns,
  line: string,
  context: string,
): Promise<string | undefined> {
  const ip = netns === null ? ['ip'] : await ipIn(tools.host, netns)
  const { code, stderr } = await tools.run(['runcon', token(context), ...ip, ...line.split(' ')])
  return code === 0 ? undefined : stderr.trim()
}
