/** Runs operations of a plugin on a fake host, and shows what it told the kernel's tools. */
import { journal } from '../../lib/cni/log.ts'
import { readRequest } from '../../lib/cni/request.ts'
import type { Result } from '../../lib/cni/result.ts'
import type { Operation } from '../../lib/cni/version.ts'
import { versions } from '../../lib/cni/version.ts'
import type { FakeHost } from '../../lib/host/fake.ts'
import { pluginOf } from '../../plugins/index.ts'

export type Conf = Readonly<Record<string, unknown>> & { readonly type: string }

/** Runs one operation for `eth0` of container `c1` in the sandbox `/run/netns/a`; gives the answer of ADD. */
export async function operate(host: FakeHost, operation: Operation, conf: Conf): Promise<Result | undefined> {
  const env: Readonly<Record<string, string>> = {
    CNI_CONTAINERID: 'c1',
    CNI_NETNS: '/run/netns/a',
    CNI_IFNAME: 'eth0',
    CNI_PATH: '/opt/cni/bin',
  }
  const asking = { ...host, env: (name: string) => env[name], stdin: async () => JSON.stringify(conf) }
  const request = await readRequest(asking, operation, versions, () => undefined)
  const operations = await pluginOf(conf.type)?.load(host, journal())
  return (await operations?.[operation](request)) ?? undefined
}

/** What changes nothing: questions, and the mark at their end. */
const question = /^(?:\w+ show\b|=\w+=$)/

/**
 * What each process was told since `from`, by its command line: the lines that change something. Processes work beside
 * each other, so their order says nothing; within one it does.
 */
export function scripts({ heard }: FakeHost, from: number): string {
  const by = new Map<string, string[]>()
  for (const { argv, stdin } of heard.slice(from)) {
    const lines = stdin.split('\n').filter(line => line !== '' && !question.test(line))
    const name = argv.join(' ')
    if (lines.length > 0) by.set(name, [...(by.get(name) ?? []), ...lines])
  }
  return [...by]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, lines]) => `${name}\n${lines.map(line => `    ${line}\n`).join('')}`)
    .join('')
}

/** The sysctls of the host, as they are now. */
export const settings = ({ files }: FakeHost): string =>
  [...files.entries]
    .filter(([path]) => path.startsWith('/proc/sys/net/'))
    .flatMap(([path, { kind, text }]) => (kind === 'file' ? [`${path} = ${text.trim()}\n`] : []))
    .join('')
