/** An attachment and its CHECK. */
import { type Answer, bridgeConf, type Conf, call, hostLocal, must } from './call.ts'
import type { Host, Sandbox } from './host.ts'

/** Nearly every key that leaves something to check. */
export const manyKeys = bridgeConf({
  macspoofchk: true,
  hairpinMode: true,
  portIsolation: true,
  mtu: 1400,
  ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64'),
})

export interface Attached {
  readonly sandbox: Sandbox
  /** Name of the host end. */
  readonly hostEnd: string
  // biome-ignore lint/suspicious/noExplicitAny: results differ by protocol version
  readonly result: any
}

export async function attach(host: Host, sandbox: Sandbox, conf: Conf): Promise<Attached> {
  const result = await must(host, 'ADD', conf, { netns: sandbox })
  return { sandbox, hostEnd: result.interfaces[1].name, result }
}

/** CHECK with the result of ADD. */
export const check = (host: Host, conf: Conf, { sandbox, result }: Attached): Promise<Answer> =>
  call(host, 'CHECK', { ...conf, prevResult: result }, { netns: sandbox })
