/** IPAM plugins of another vendor: shell scripts that note how they are called, and answer as they are told. */
import { bin, type Host } from './host.ts'

/** How a script answers an operation: what it prints, and its exit status. */
export interface Reply {
  readonly stdout?: string | object
  readonly stderr?: string
  readonly code?: number
}

export interface Called {
  readonly operation: string
  readonly stdin: string
  readonly env: Readonly<Record<string, string>>
}

export interface FakeIpam {
  readonly type: string
  /** CNI_PATH that leads to it, and to the real plugins after it. */
  readonly path: string
  answers(operation: string, reply: Reply): Promise<void>
  /** Every call so far, in order. */
  calls(): Promise<readonly Called[]>
}

const script = (directory: string): string => `#!/bin/sh
n=$(printf %03d "$(ls -d ${directory}/call.* 2>/dev/null | wc -l)")
mkdir ${directory}/call.$n && cd ${directory}/call.$n || exit 9
cat >stdin; cat /proc/self/environ >env
cd ${directory} && test -e $CNI_COMMAND.code || exit 0
cat $CNI_COMMAND.stdout; cat $CNI_COMMAND.stderr >&2; exit "$(cat $CNI_COMMAND.code)"
`

const address = { cniVersion: '1.1.0', ips: [{ address: '10.88.0.50/16', gateway: '10.88.0.1' }] }

/** Installs a fake that gives one address. */
export async function fakeIpam(host: Host, type = 'fake-ipam'): Promise<FakeIpam> {
  const directory = `/run/ipam/${type}`
  const write = async (name: string, text: string) => {
    const { code, stderr } = await host.exec(['tee', `${directory}/${name}`], { input: text })
    if (code !== 0) throw new Error(stderr)
  }
  const answers = async (operation: string, { stdout = '', stderr = '', code = 0 }: Reply) => {
    await write(`${operation}.stdout`, typeof stdout === 'string' ? stdout : JSON.stringify(stdout))
    await write(`${operation}.stderr`, stderr)
    await write(`${operation}.code`, String(code))
  }
  await host.sh(`mkdir -p ${directory}/bin`)
  await write(`bin/${type}`, script(directory))
  await host.sh(`chmod +x ${directory}/bin/${type}`)
  await answers('ADD', { stdout: address })
  const calls = async (): Promise<readonly Called[]> => {
    const names = (await host.sh(`cd ${directory} && ls -d call.* 2>/dev/null || true`)).split('\n').filter(Boolean)
    return Promise.all(
      names.map(async name => {
        const lines = (await host.sh(`cat ${directory}/${name}/env`)).split('\0').filter(Boolean)
        const env = Object.fromEntries(lines.map(line => line.split(/=(.*)/s).slice(0, 2)))
        return { operation: env.CNI_COMMAND ?? '', stdin: await host.sh(`cat ${directory}/${name}/stdin`), env }
      }),
    )
  }
  return { type, path: `/run/absent:${directory}/bin:${bin}`, answers, calls }
}
