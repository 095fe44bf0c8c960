/** The device that leads to the outside. */
import { wordsOf } from '../host/text.ts'
import { ipIn } from './netns.ts'
import type { Tools } from './tool.ts'

/** The device of the host's default route with the lowest metric, IPv4 before IPv6; read without a process. */
export async function defaultDevice(tools: Tools): Promise<string | undefined> {
  const v4 = (await tools.host.files.read('/proc/net/route')) ?? ''
  const rows4 = v4.split('\n').map(line => line.split('\t'))
  const best4 = rows4.filter(row => row[1] === '00000000' && row[7] === '00000000')
  best4.sort((a, b) => Number(a[6]) - Number(b[6]))
  if (best4[0]?.[0]) return best4[0][0]
  const v6 = (await tools.host.files.read('/proc/net/ipv6_route')) ?? ''
  const rows6 = v6.split('\n').map(line => wordsOf(line))
  const best6 = rows6.filter(row => row[1] === '00' && /^0+$/.test(row[0] ?? '1') && row[9] !== 'lo')
  best6.sort((a, b) => Number.parseInt(a[5] ?? '', 16) - Number.parseInt(b[5] ?? '', 16))
  return best6[0]?.[9]
}

/** The same in another namespace, which costs a process. Throws KernelError where `ip` cannot run. */
export async function defaultDeviceIn(tools: Tools, netns: string): Promise<string | undefined> {
  for (const family of ['-4', '-6']) {
    const { stdout } = await tools.run([...(await ipIn(tools.host, netns)), '-j', family, 'route', 'show', 'default'])
    const routes = (stdout.trim() === '' ? [] : JSON.parse(stdout)) as { dev?: string; metric?: number }[]
    const [best] = routes.filter(({ dev }) => dev !== undefined).sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0))
    if (best) return best.dev
  }
  return undefined
}
