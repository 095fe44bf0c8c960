/** containerd, Debian 12's own and a newer one: pods as the kubelet asks for them, and `ctr run --cni`. */
import t, { type Test } from 'tap'
import { until } from '../support/until.ts'
import { ctrOf, releases } from './daemon.ts'
import { image, page, server } from './image.ts'
import { nothingLeft, presentOn } from './left.ts'
import { chain, endPod, kept, type Pods, single, startPod, startPods } from './pods.ts'

const deadline = 60_000

async function works(t: Test, pods: Pods): Promise<void> {
  const { node, cri } = pods
  t.equal(await cri.networkReady(), 'yes', 'containerd finds the network ready')
  const before = await presentOn(node)
  const pod = await startPod(pods, { name: 'p1', port: 18080 })
  const addresses = await cri.addressesOf(pod)
  t.match(addresses, [/^10\.99\.20\.\d+$/, /^fd99:20::/], 'a pod has an address of each family')
  const container = await cri.runContainer(pod, image, server)
  const asked = `http://${addresses[0]}/`
  t.equal(await cri.exec(container, ['timeout', '5', 'wget', '-q', '-O-', asked]), page, 'it reaches itself')
  t.equal(await node.served(asked), page, 'the host reaches it')
  const bySix = async () => (await node.fetch(`http://[${addresses[1]}]/`)) === page || undefined
  t.ok(await until(bySix, 12_000), 'by IPv6 too')
  t.equal(await node.served('http://127.0.0.1:18080/'), page, 'the host port leads to it')
  t.match(await node.sh('tc qdisc show'), /qdisc tbf .* rate 10Mbit/, 'what it receives is limited')
  await cri.stopPod(pod)
  await endPod(pods, pod)
  t.not(await node.fetch('http://127.0.0.1:18080/'), page, 'the host port is closed')
  await nothingLeft(t, node, before, kept)
}

/** A machine that lost the namespace, and the kubelet that stops the pod all the same. */
async function losesNamespace(t: Test, pods: Pods): Promise<void> {
  const { node, cri } = pods
  const before = await presentOn(node)
  const pod = await startPod(pods, { name: 'p2', port: 18081 })
  await cri.runContainer(pod, image, server)
  await node.sh('for path in /run/netns/cni-*; do umount $path; rm $path; done')
  await endPod(pods, pod)
  await nothingLeft(t, node, before, kept)
}

async function byHand(t: Test, { node, release }: Pods): Promise<void> {
  const before = await presentOn(node)
  const run = [ctrOf(release), 'run', '--rm', '--cni', '--cgroup', `/${node.group}/tx`, image, 'tx']
  const said = await node.run([...run, 'ip', 'addr', 'show', 'eth0'])
  t.match(said, /inet 10\.99\.20\.\d+\/24/, 'a container of ctr has an address')
  t.match(said, /inet6 fd99:20::\w+\/64/, 'of each family')
  await nothingLeft(t, node, before, kept)
}

for (const release of releases) {
  t.test(release.name, async t => {
    for (const [kind, network] of Object.entries({ 'a chain of plugins': chain, 'one plugin': single })) {
      t.test(`a pod, by ${kind}`, { timeout: deadline }, async t => works(t, await startPods(t, release, network)))
      t.test(`ctr run --cni, by ${kind}`, { timeout: deadline }, async t =>
        byHand(t, await startPods(t, release, network)),
      )
    }
    t.test('a pod whose namespace is lost', { timeout: deadline }, async t =>
      losesNamespace(t, await startPods(t, release, chain)),
    )
  })
}
