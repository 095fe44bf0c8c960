/** Calls a plugin as a runtime does. */
import { bin, type Host, type Ran, type Sandbox } from './host.ts'

export interface CallOptions {
  /** Network namespace: a sandbox, a path, or empty. */
  readonly netns?: Sandbox | string
  readonly containerId?: string
  readonly ifName?: string
  readonly args?: string
  /** CNI_PATH. */
  readonly path?: string
  /** Directory that the called plugin is in. */
  readonly from?: string
  readonly env?: Readonly<Record<string, string>>
  /** Stdin instead of the configuration as JSON. */
  readonly input?: string
}

export interface CniError {
  readonly cniVersion: string
  readonly code: number
  readonly msg: string
  readonly details?: string
}

export interface Answer extends Ran {
  // biome-ignore lint/suspicious/noExplicitAny: results differ by protocol version
  readonly result?: any
  readonly error?: CniError
}

export type Conf = Readonly<Record<string, unknown>> & { readonly type: string }

/** Runs one operation of the plugin that the configuration names. */
export async function call(host: Host, operation: string, conf: Conf, options: CallOptions = {}): Promise<Answer> {
  const { netns = '' } = options
  const ran = await host.exec([`${options.from ?? bin}/${conf.type}`], {
    input: options.input ?? JSON.stringify(conf),
    env: {
      CNI_COMMAND: operation,
      CNI_CONTAINERID: options.containerId ?? (typeof netns === 'string' ? 'c1' : netns.name),
      CNI_NETNS: typeof netns === 'string' ? netns : netns.path,
      CNI_IFNAME: options.ifName ?? 'eth0',
      CNI_ARGS: options.args ?? '',
      CNI_PATH: options.path ?? bin,
      ...options.env,
    },
  })
  const answer = ran.stdout.trim() === '' ? undefined : JSON.parse(ran.stdout)
  if (answer === undefined) return ran
  return ran.code === 0 ? { ...ran, result: answer } : { ...ran, error: answer }
}

/** As `call`, but throws where the plugin fails: for the steps that a test takes for granted. */
// biome-ignore lint/suspicious/noExplicitAny: results differ by protocol version
export async function must(host: Host, operation: string, conf: Conf, options: CallOptions = {}): Promise<any> {
  const { code, result, stdout, stderr } = await call(host, operation, conf, options)
  if (code !== 0) throw new Error(`${operation} ${conf.type}: ${stdout}${stderr}`)
  return result
}

/** A bridge network: gateway, masquerade, one IPv4 range with a default route, unless changed. */
export const bridgeConf = (change: Readonly<Record<string, unknown>> = {}): Conf => ({
  cniVersion: '1.1.0',
  name: 'net1',
  type: 'bridge',
  bridge: 'cni0',
  isGateway: true,
  ipMasq: true,
  ipam: { type: 'host-local', ranges: [[{ subnet: '10.88.0.0/16' }]], routes: [{ dst: '0.0.0.0/0' }] },
  ...change,
})

/** host-local with a range for each subnet, and a default route for each family. */
export const hostLocal = (...subnets: readonly string[]) => ({
  type: 'host-local',
  ranges: subnets.map(subnet => [{ subnet }]),
  routes: [...new Set(subnets.map(subnet => (subnet.includes(':') ? '::/0' : '0.0.0.0/0')))].map(dst => ({ dst })),
})
