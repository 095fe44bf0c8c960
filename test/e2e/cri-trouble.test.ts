/** Pods of containerd where something goes wrong, or everything comes at once. */
import { chmodSync } from 'node:fs'
import t, { type Test } from 'tap'
import { containerd1, containerd2, wrappers } from './daemon.ts'
import { nothingLeft, presentOn } from './left.ts'
import { home, type Node } from './node.ts'
import { chain, endPod, kept, type Pods, single, startPod, startPods } from './pods.ts'

const deadline = 170_000

const flag = `${home}/hang`

/** Makes a program hang where it is first told to add something, until whoever told it has long been killed. */
async function hang(node: Node, program: string): Promise<void> {
  const file = `${wrappers}/${program}`
  const real = await node.run(['sh', '-c', `command -v ${program}`])
  const script = `#!/bin/sh
[ -n "$FAIRLEAD_ATTACHMENT" ] && [ -e ${flag} ] || exec ${real} "$@"
while IFS= read -r line; do
  case $line in *'add '* | *'replace '*) rm ${flag} 2>/dev/null && sleep 100 ;; esac
  printf '%s\\n' "$line"
done | exec ${real} "$@"
`
  node.write(file, script)
  chmodSync(node.path(file), 0o755)
  node.write(flag, '')
}

/** containerd kills a plugin when the time is up that the kubelet gave it, whatever the plugin is at. */
async function runsOutOfTime(t: Test, pods: Pods): Promise<void> {
  const { node } = pods
  const before = await presentOn(node)
  for (const program of ['ip', 'nft', 'tc']) {
    await hang(node, program)
    await t.rejects(startPod(pods, { name: `slow-${program}`, port: 18082, deadline: 2_500 }), `${program} hangs`)
    t.notOk(await node.sh(`[ ! -e ${flag} ] || echo waits`), 'and it did')
    await nothingLeft(t, node, before, kept)
  }
  await endPod(pods, await startPod(pods, { name: 'quick', port: 18082 }))
  await nothingLeft(t, node, before, kept)
}

/** A node whose pods have all addresses takes no more of them, and says why: the newer containerd asks for STATUS. */
async function isFull(t: Test, pods: Pods): Promise<void> {
  const { cri } = pods
  t.equal(await cri.networkReady(), 'yes', 'an address is free')
  const pod = await startPod(pods, { name: 'only' })
  t.match(
    await cri.networkReady(),
    /no IP addresses available in range set: 10\.99\.20\.7-10\.99\.20\.7/,
    'no address is',
  )
  await endPod(pods, pod)
  t.equal(await cri.networkReady(), 'yes', 'it is free again')
}

const crowd = 50

/** As many pods as a node gets at once when it comes back. */
async function comeTogether(t: Test, pods: Pods): Promise<void> {
  const { node, cri } = pods
  const before = await presentOn(node)
  const names = Array.from({ length: crowd }, (_, index) => `crowd-${index}`)
  const started = await Promise.allSettled(names.map((name, index) => startPod(pods, { name, port: 20_000 + index })))
  const failures = started.flatMap(each => (each.status === 'rejected' ? [String(each.reason)] : []))
  t.same(failures, [], 'none fails')
  const running = started.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  const addresses = await Promise.all(running.map(pod => cri.addressesOf(pod)))
  t.equal(new Set(addresses.flat()).size, 2 * crowd, 'each has two addresses of its own')
  const ended = await Promise.allSettled(running.map(pod => endPod(pods, pod)))
  t.same(
    ended.filter(({ status }) => status === 'rejected'),
    [],
    'none fails to end',
  )
  await nothingLeft(t, node, before, kept)
}

const [bridge] = chain.plugins
const ranges = [[{ subnet: '10.99.20.0/24', rangeStart: '10.99.20.7', rangeEnd: '10.99.20.7' }]]
const tiny = { ...single, plugins: [{ ...bridge, ipam: { type: 'host-local', ranges } }] }

for (const [what, release, network, body] of [
  ['a pod whose start takes too long, by a chain of plugins', containerd1, chain, runsOutOfTime],
  ['a pod whose start takes too long, by one plugin', containerd2, single, runsOutOfTime],
  [`${crowd} pods at once`, containerd2, single, comeTogether],
  ['a node without free addresses', containerd2, tiny, isFull],
] as const) {
  t.test(`${release.name}: ${what}`, { timeout: deadline }, async t => body(t, await startPods(t, release, network)))
}
