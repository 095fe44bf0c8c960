/** Effects: acts after the resources stand, each bounded in time. */
import { type Effect, KernelError } from './resource.ts'
import { snapshot } from './snapshot.ts'
import type { Tools } from './tool.ts'
import { token } from './token.ts'

type Announce = Extract<Effect, { effect: 'announce' }>

const step = 1
/** A port forwards some hundred microseconds after its carrier; on a crowded host the kernel's work queue lags. */
const portDeadline = 2_500
/** RFC 4862: one probe, a second of delay, a second of listening, and room for a busy host. */
const dadDeadline = 5_000

async function until(tools: Tools, deadline: number, condition: () => Promise<boolean>): Promise<boolean> {
  const end = tools.host.now() + deadline
  while (!(await condition())) {
    if (tools.host.now() >= end) return false
    await tools.host.sleep(step)
  }
  return true
}

async function awaitPort(tools: Tools, port: string): Promise<void> {
  // A foreign bridge that speaks the spanning tree listens and learns for half a minute: that is its owner's wish.
  const serving = ['forwarding', 'listening', 'learning']
  const forwards = async () => serving.includes((await snapshot(tools, null, [port])).get(port)?.port?.state ?? '')
  if (await until(tools, portDeadline, forwards)) return
  throw new KernelError(`bridge port ${port} does not forward after ${portDeadline} ms`, 'timeout')
}

async function awaitDad(tools: Tools, netns: string, dev: string): Promise<void> {
  const settled = async () => {
    const addresses = (await snapshot(tools, netns, [dev])).get(dev)?.addresses ?? []
    const duplicate = addresses.find(address => address.duplicate)
    if (duplicate) throw new KernelError(`address ${duplicate.cidr} is in use by another host on the link`, 'taken')
    return addresses.every(address => !address.tentative)
  }
  if (await until(tools, dadDeadline, settled)) return
  throw new KernelError(`duplicate address detection on ${dev} did not end in ${dadDeadline} ms`, 'timeout')
}

// The kernel announces by itself when the address is set, but before the port forwards: nobody hears it. Setting the
// MAC to what it is makes it announce again, given arp_notify and ndisc_notify (networking/ip-sysctl).
async function announce(tools: Tools, { netns, dev, mac, port }: Announce): Promise<void> {
  await awaitPort(tools, port)
  await tools.ip(netns, [`link set dev ${token(dev)} address ${token(mac)}`])
}

/**
 * Performs the effects in order.
 *
 * @throws KernelError where something awaited did not come
 */
export async function perform(tools: Tools, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) {
    switch (effect.effect) {
      case 'announce':
        await announce(tools, effect)
        break
      case 'await-dad':
        await awaitDad(tools, effect.netns, effect.dev)
        break
      case 'await-port':
        await awaitPort(tools, effect.port)
        break
    }
  }
}
