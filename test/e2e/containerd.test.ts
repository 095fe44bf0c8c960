/** containerd: pods as the kubelet asks for them, and `ctr run --cni`. */
import t, { type Test } from 'tap'
import { bin } from '../support/host.ts'
import { until } from '../support/until.ts'
import { type Cri, criClient, type Pod } from './cri.ts'
import { ctr, socket, startContainerd } from './daemon.ts'
import { image, page, server } from './image.ts'
import { nothingLeft, presentOn } from './left.ts'
import { home, type Node, withNode } from './node.ts'

const deadline = 60_000

const network = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'pods0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      promiscMode: false,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: '10.99.20.0/24' }], [{ subnet: 'fd99:20::/64' }]],
        routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true }, snat: true },
    { type: 'bandwidth', capabilities: { bandwidth: true } },
    { type: 'firewall' },
    { type: 'tuning', capabilities: { mac: true, 'io.kubernetes.cri.pod-annotations': true } },
  ],
}

/** The bridge stays when its last pod goes. */
const kept = ['pods0']

async function withCri(t: Test, body: (node: Node, cri: Cri) => Promise<void>): Promise<void> {
  await withNode(t, async node => {
    node.write('/etc/cni/net.d/10-pods.conflist', JSON.stringify(network))
    await startContainerd(t, node, bin)
    const cri = criClient(node.path(socket))
    t.teardown(() => cri.close())
    await body(node, cri)
  })
}

async function startPod(node: Node, cri: Cri, name: string, port: number): Promise<Pod> {
  const annotations = { 'kubernetes.io/ingress-bandwidth': '10M' }
  const ports = [{ host: port, container: 80 }]
  return cri.runPod({ name, group: `/${node.group}`, logs: `${home}/logs`, ports, annotations })
}

async function works(t: Test, node: Node, cri: Cri): Promise<void> {
  t.equal(await cri.networkReady(), 'yes', 'containerd finds the network ready')
  const before = await presentOn(node)
  const pod = await startPod(node, cri, 'p1', 18080)
  const addresses = await cri.addressesOf(pod)
  t.match(addresses, [/^10\.99\.20\.\d+$/, /^fd99:20::/], 'a pod has an address of each family')
  const container = await cri.runContainer(pod, image, server)
  const asked = `http://${addresses[0]}/`
  t.equal(await cri.exec(container, ['timeout', '5', 'wget', '-q', '-O-', asked]), page, 'it reaches itself')
  t.equal(await node.fetch(asked), page, 'the host reaches it')
  const bySix = async () => (await node.fetch(`http://[${addresses[1]}]/`)) === page || undefined
  t.ok(await until(bySix, 12_000), 'by IPv6 too')
  t.equal(await node.fetch('http://127.0.0.1:18080/'), page, 'the host port leads to it')
  t.match(await node.sh('tc qdisc show'), /qdisc tbf .* rate 10Mbit/, 'what it receives is limited')
  await cri.stopPod(pod)
  await cri.stopPod(pod)
  await cri.removePod(pod)
  t.not(await node.fetch('http://127.0.0.1:18080/'), page, 'the host port is closed')
  await nothingLeft(t, node, before, kept)
}

/** A machine that lost the namespace, and the kubelet that stops the pod all the same. */
async function losesNamespace(t: Test, node: Node, cri: Cri): Promise<void> {
  const before = await presentOn(node)
  const pod = await startPod(node, cri, 'p2', 18081)
  await cri.runContainer(pod, image, server)
  await node.sh('for path in /run/netns/cni-*; do umount $path; rm $path; done')
  await cri.stopPod(pod)
  await cri.removePod(pod)
  await nothingLeft(t, node, before, kept)
}

async function byHand(t: Test, node: Node): Promise<void> {
  const before = await presentOn(node)
  const words = [
    'run',
    '--rm',
    '--cni',
    '--cgroup',
    `/${node.group}/tx`,
    image,
    'tx',
    'ip',
    '-4',
    'addr',
    'show',
    'eth0',
  ]
  t.match(await node.run([...ctr, ...words]), /inet 10\.99\.20\.\d+\/24/, 'a container of ctr has an address')
  await nothingLeft(t, node, before, kept)
}

t.test('a pod of containerd', { timeout: deadline }, t => withCri(t, (node, cri) => works(t, node, cri)))
t.test('a pod whose namespace is lost', { timeout: deadline }, t =>
  withCri(t, (node, cri) => losesNamespace(t, node, cri)),
)
t.test('ctr run --cni', { timeout: deadline }, t => withCri(t, node => byHand(t, node)))
