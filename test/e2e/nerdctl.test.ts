/** nerdctl, which writes its networks itself and calls the plugins from an OCI hook. */
import t, { type Test } from 'tap'
import { bin, fairlead } from '../support/host.ts'
import { containerd1, ctrOf, startContainerd } from './daemon.ts'
import { tidyGroups } from './groups.ts'
import { image, page, server } from './image.ts'
import { joinLan, lan, makeLan, removeLan } from './lan.ts'
import { nothingLeft, presentOn } from './left.ts'
import { type Nerdctl, nerdctlOn, type Run, runner } from './nerdctl.ts'
import { home, type Node, withNode } from './node.ts'
import { nerdctlProgram } from './program.ts'

const deadline = 110_000

async function createNetworks(node: Node, nerdctl: Nerdctl): Promise<void> {
  await nerdctl('network create --subnet 10.99.31.0/24 ta')
  await nerdctl('network create --subnet 10.99.32.0/24 ti')
  await nerdctl('network create --ipv6 --subnet 10.99.33.0/24 --subnet fd99:33::/64 t6')
  await nerdctl('network create --subnet 10.99.34.0/24 ticc')
  // Later versions, which the module proxy does not give away, write this for `enable_icc=false`.
  await node.sh(`sed -i 's/"same-bridge"/"isolated"/' /etc/cni/net.d/default/nerdctl-ticc.conflist`)
}

async function wishes(t: Test, nerdctl: Nerdctl, run: Run): Promise<void> {
  await run('-d --name n2 --network t6 --ip 10.99.33.50 --mac-address 02:00:00:00:33:50', 'sleep 3000')
  const own = await nerdctl('exec n2 ip addr show eth0')
  t.match(own, '10.99.33.50/24', 'static address')
  t.match(own, '02:00:00:00:33:50', 'static MAC address')
  await run('-d --name n6 --network t6 --ip6 fd99:33::77', 'sleep 3000')
  t.match(await nerdctl('exec n6 ip addr show eth0'), 'fd99:33::77/64', 'static IPv6 address')
  await run('-d --name m1 --network ta --network ti', 'sleep 3000')
  const both = await nerdctl('exec m1 ip -4 addr')
  t.match(both, '10.99.31.', 'a container on two networks')
  t.match(both, '10.99.32.', 'has an address of each')
  t.match(await run('--rm --network ta', 'ping -c1 -W2 m1'), '1 packets received', 'a neighbour finds it by its name')
}

async function isolation(t: Test, node: Node, nerdctl: Nerdctl, run: Run): Promise<void> {
  const written = await node.sh('cat /etc/cni/net.d/default/nerdctl-ticc.conflist')
  t.match(written, /"ingressPolicy":\s*"isolated"/, 'the network keeps neighbours apart')
  await run('-d --name k1 --network ticc --ip 10.99.34.10', 'sleep 3000')
  await run('-d --name k2 --network ticc', 'sleep 3000')
  await t.rejects(nerdctl('exec k2 ping -c1 -W1 10.99.34.10'), 'and they are')
}

async function onTheLan(t: Test, node: Node, nerdctl: Nerdctl, run: Run): Promise<void> {
  await nerdctl(`network create -d macvlan --subnet ${lan.subnet} -o parent=${lan.parent} tmac`)
  await joinLan(node)
  await run(`-d --name mv --network tmac --ip ${lan.container}`, 'sleep 3000')
  t.match(
    await node.sh(`ping -c1 -W2 ${lan.container}`),
    '1 received',
    'a machine on the LAN reaches a container there',
  )
}

const composition = `services:
  web:
    image: ${image}
    command: ${JSON.stringify(server)}
    ports: ['18088:80']
    networks: [front, back]
  store:
    image: ${image}
    command: [sleep, '3000']
    networks: [back]
networks: { front: {}, back: {} }
`

async function composed(t: Test, node: Node, nerdctl: Nerdctl): Promise<void> {
  node.write(`${home}/shop/compose.yaml`, composition)
  const compose = (words: string) => nerdctl(`compose -f ${home}/shop/compose.yaml ${words}`)
  await compose('up -d')
  t.equal(await node.served('http://127.0.0.1:18088/'), page, 'a service publishes a port')
  t.match(await compose('exec -T store ping -c1 -W2 web'), '1 packets received', 'and is found by another')
  // What runs there waits for no signal: down alone takes ten seconds for each.
  await compose('kill')
  await compose('down')
  t.not(await node.fetch('http://127.0.0.1:18088/'), page, 'the port is closed')
}

type Backend = 'nftables' | 'iptables'

async function start(t: Test, node: Node, file: string, backend: Backend) {
  t.teardown(() => tidyGroups())
  // As "fairlead install --profile nerdctl" writes it.
  if (backend === 'iptables') node.write('/etc/cni/fairlead.json', JSON.stringify({ backend }))
  await startContainerd(t, node, bin, containerd1)
  const nerdctl = nerdctlOn(node, file)
  return { nerdctl, run: runner(nerdctl, node) }
}

async function whole(t: Test, node: Node, file: string, backend: Backend): Promise<void> {
  const { nerdctl, run } = await start(t, node, file, backend)
  await makeLan(node)
  const before = await presentOn(node)
  await createNetworks(node, nerdctl)
  await run('-d --name n1 -p 18080:80', server.join(' '))
  t.equal(await node.served('http://127.0.0.1:18080/'), page, 'the host reaches the published port')
  await wishes(t, nerdctl, run)
  await isolation(t, node, nerdctl, run)
  await onTheLan(t, node, nerdctl, run)
  await composed(t, node, nerdctl)
  await nerdctl('stop -t 0 n1')
  await nerdctl('start n1')
  t.equal(await node.served('http://127.0.0.1:18080/'), page, 'published after stop and start')
  const all = (await node.run([ctrOf(containerd1), 'containers', 'list', '-q'])).split('\n').join(' ')
  await nerdctl(`rm -f ${all}`)
  await nerdctl('network rm ta ti t6 ticc tmac')
  await removeLan(node)
  // The bridge of the default network stays.
  await nothingLeft(t, node, before, ['nerdctl0'])
}

/** nerdctl finds a free port by what it reads of those that are published already, and it reads iptables alone. */
async function leavesTheChoice(t: Test, node: Node, file: string, backend: Backend): Promise<void> {
  const { nerdctl, run } = await start(t, node, file, backend)
  const before = await presentOn(node)
  const serves = async (name: string): Promise<string> => {
    const at = await nerdctl(`port ${name} 80`)
    t.equal(await node.served(`http://127.0.0.1:${at.split(':').at(-1)}/`), page, `${name} is published at ${at}`)
    return at
  }
  await run('-d --name p1 -p 80', server.join(' '))
  const second = run('-d --name p2 -p 80', server.join(' '))
  if (backend === 'iptables') t.not((await second) && (await serves('p2')), await serves('p1'), 'ports of their own')
  else
    await t.rejects(
      second,
      { message: /container default-\w+ .* publishes it\. Choose another host port/ },
      'refused, and told whose it is',
    )
  await serves('p1')
  await nerdctl('rm -f p1 p2')
  // nerdctl does not undo what was begun for a container that failed to start, nor does it end its logger.
  await node.run([fairlead, 'gc'])
  await nothingLeft(t, node, before, ['nerdctl0', ...(backend === 'iptables' ? [] : ['nerdctl'])])
}

const file = await nerdctlProgram()
for (const backend of ['nftables', 'iptables'] as const) {
  t.test(`nerdctl runs containers on networks of its own, by ${backend}`, { timeout: deadline }, t =>
    withNode(t, node => whole(t, node, file, backend)),
  )
  t.test(`nerdctl chooses ports, by ${backend}`, { timeout: deadline }, t =>
    withNode(t, node => leavesTheChoice(t, node, file, backend)),
  )
}
