/** Effects: acts after the resources stand, each bounded in time. */
import { flushAddress, flushPorts } from './conntrack.ts'
import { type Effect, KernelError } from './resource.ts'
import { readHostSettings, writeSettings } from './setting.ts'
import { snapshot } from './snapshot.ts'
import { token } from './token.ts'
import type { Tools } from './tool.ts'

type Announce = Extract<Effect, { effect: 'announce' }>
type AwaitDad = Extract<Effect, { effect: 'await-dad' }>

const step = 1
/** Nobody's answer takes the kernel less than some tens of milliseconds. */
const dadStep = 5
/** A port forwards some hundred microseconds after its carrier; on a crowded host the kernel's work queue lags. */
const portDeadline = 2_500
/** RFC 4862: one probe, a second of delay, a second of listening, and room for a busy host. */
const dadDeadline = 5_000
/** Somebody who has an optimistic address answers the probe at once. */
const quickDeadline = 150

async function until(
  tools: Tools,
  deadline: number,
  pause: number,
  condition: () => Promise<boolean>,
): Promise<boolean> {
  const end = tools.host.now() + deadline
  while (!(await condition())) {
    if (tools.host.now() >= end) return false
    await tools.host.sleep(pause)
  }
  return true
}

async function awaitPort(tools: Tools, port: string): Promise<void> {
  // A foreign bridge that speaks the spanning tree listens and learns for half a minute: that is its owner's wish.
  const serving = ['forwarding', 'listening', 'learning']
  const forwards = async () => serving.includes((await snapshot(tools, null, [port])).get(port)?.port?.state ?? '')
  if (await until(tools, portDeadline, step, forwards)) return
  throw new KernelError(`bridge port ${port} does not forward after ${portDeadline} ms`, 'timeout')
}

const duplicateLine = (dev: string, address: string) =>
  new RegExp(`${dev}: IPv6 duplicate address ${address} used by ([0-9a-f:]{17}) detected`)

/** Only its log tells whom the kernel has heard, and not to everybody. */
async function ownerOf(tools: Tools, dev: string, cidr: string): Promise<string> {
  const log = await tools.run(['dmesg']).then(
    ({ stdout }) => stdout,
    () => '',
  )
  const pattern = duplicateLine(dev.replace(/[^a-z0-9]/gi, '\\$&'), cidr.replace(/\/.*/, ''))
  const mac = log
    .split('\n')
    .findLast(line => pattern.test(line))
    ?.match(pattern)?.[1]
  return mac ? ` (${mac})` : ''
}

async function awaitDad(tools: Tools, { netns, dev, quick }: AwaitDad): Promise<void> {
  const settled = async () => {
    const addresses = (await snapshot(tools, netns, [dev])).get(dev)?.addresses ?? []
    const duplicate = addresses.find(address => address.duplicate)
    if (duplicate) {
      const owner = await ownerOf(tools, dev, duplicate.cidr)
      const msg = `address ${duplicate.cidr} is in use by another host on the link${owner}`
      throw new KernelError(`${msg}. Free it there, or leave it out here`, 'taken')
    }
    return addresses.every(address => !address.tentative)
  }
  const done = await until(tools, quick ? quickDeadline : dadDeadline, dadStep, settled)
  if (quick) await resetProbe(tools, netns, dev)
  else if (!done)
    throw new KernelError(`duplicate address detection on ${dev} did not end in ${dadDeadline} ms`, 'timeout')
}

const timer = (dev: string): string => `net/ipv6/neigh/${dev}/retrans_time_ms`

/**
 * Gives a link the retransmission timer that every link starts with: that of the machine, which its first namespace alone
 * shows, else that of RFC 4861, section 10.
 */
async function resetProbe(tools: Tools, netns: string, dev: string): Promise<void> {
  const usual = timer('default')
  const value = (await readHostSettings(tools, [usual])).get(usual) ?? '1000'
  await writeSettings(tools, netns, [{ kind: 'setting', lifetime: 'own', netns, key: timer(dev), value }])
}

// What the kernel announces by itself when an address is set comes before the port forwards: nobody hears it. To make
// it speak again: resolving one's own IPv4 address is the announcement of RFC 5227, sender and target being the same;
// setting the MAC to what it is sends the NAs of all IPv6 addresses (ndisc_notify, networking/ip-sysctl).
async function announce(tools: Tools, { netns, dev, v4, v6, port }: Announce): Promise<void> {
  if (port !== undefined) await awaitPort(tools, port)
  const at = `dev ${token(dev)}`
  const arp = v4.flatMap(address => [
    `neighbour add ${token(address)} ${at} use`,
    `neighbour del ${token(address)} ${at}`,
  ])
  await tools.ip(netns, [...arp, ...(v6 === undefined ? [] : [`link set ${at} address ${token(v6)}`])])
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
        await awaitDad(tools, effect)
        break
      case 'await-port':
        await awaitPort(tools, effect.port)
        break
      case 'flush-conntrack':
        await flushPorts(tools, effect)
        break
    }
  }
}

/** Performs what of the effects belongs to the end of an endpoint too. Throws KernelError. */
export async function performAfterRemoval(tools: Tools, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) if (effect.effect === 'flush-conntrack') await flushAddress(tools, effect)
}
