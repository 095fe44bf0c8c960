/** podman with its CNI backend. */
import t, { type Test } from 'tap'
import { until } from '../support/until.ts'
import { page, server } from './image.ts'
import { joinLan, lan, makeLan, removeLan } from './lan.ts'
import { nothingLeft, presentOn } from './left.ts'
import { type Node, withNode } from './node.ts'
import { life, type Podman, type Run, runner, startPodman } from './podman.ts'
import { madeByPodman, names, written } from './podman-networks.ts'

const deadline = 110_000

async function published(t: Test, node: Node, podman: Podman): Promise<void> {
  const gateway = 'http://10.99.1.1:18080/'
  const fetch = (name: string) => podman(`exec ${name} timeout 5 wget -q -O- ${gateway}`)
  t.equal(await podman('inspect c1 -f {{.NetworkSettings.Networks.tnet.IPAddress}}'), '10.99.1.50', 'static address')
  t.equal(await podman('exec c1 cat /sys/class/net/eth0/address'), '02:00:00:aa:bb:01', 'static MAC address')
  t.match(await podman('exec c2 ping -c1 -W2 10.99.1.50'), '1 packets received', 'a neighbour reaches it')
  t.equal(await node.served('http://127.0.0.1:18080/'), page, 'the host reaches the published port')
  t.equal(await node.served('http://127.0.0.1:18081/'), page, 'and the one of an address')
  t.not(await node.fetch('http://10.99.1.1:18081/'), page, 'at that address only')
  t.equal(await fetch('c1'), page, 'the container reaches its own published port')
  t.equal(await fetch('c2'), page, 'and so does its neighbour')
}

async function isolated(t: Test, podman: Podman, run: Run): Promise<void> {
  const reaches = async (name: string, words: string) =>
    (await podman(`exec ${name} sh -c`, `${words} >/dev/null && echo yes || echo no`)) === 'yes' || undefined
  t.ok(await until(() => reaches('i1', 'ping6 -c1 -W1 fd99:3::1')), 'a container reaches its gateway by IPv6')
  t.notOk(await reaches('i2', 'ping -c1 -W1 10.99.3.77'), 'networks that are isolated do not reach each other')
  t.notMatch(await run('--rm --network tint', 'ip route'), 'default', 'an internal network leads nowhere')
  t.match(await podman('exec n2 ping -c1 -W2 10.99.2.77'), '1 packets received', 'but to its own containers')
}

async function onTheLan(t: Test, node: Node, run: Run): Promise<void> {
  await joinLan(node)
  await run(`-d --name mac --network tmac --ip ${lan.container}`, 'sleep 3000')
  t.match(
    await node.sh(`ping -c1 -W2 ${lan.container}`),
    '1 received',
    'a machine on the LAN reaches a container there',
  )
}

const served = { name: 'c1', url: 'http://127.0.0.1:18080/', network: 'tiso2', address: '10.99.6.9' }

async function whole(t: Test, node: Node, makeNetworks: typeof madeByPodman): Promise<void> {
  const podman = await startPodman(node)
  const run = runner(podman, node)
  const sleeper = (options: string) => run(`-d ${options}`, 'sleep 3000')
  await makeLan(node)
  const before = await presentOn(node)
  await makeNetworks(node, podman)
  const fixed = '--ip 10.99.1.50 --mac-address 02:00:00:aa:bb:01'
  await run(`-d --name c1 --network tnet ${fixed} -p 18080:80 -p 127.0.0.1:18081:80`, server.join(' '))
  await sleeper('--name c2 --network tnet')
  await published(t, node, podman)
  await sleeper('--name i1 --network tiso --ip6 fd99:3::77 --ip 10.99.3.77')
  await sleeper('--name i2 --network tiso2')
  await sleeper('--name n1 --network tint --ip 10.99.2.77')
  await sleeper('--name n2 --network tint')
  await isolated(t, podman, run)
  await onTheLan(t, node, run)
  await life(t, node, podman, served)
  await podman('rm -f -t 0 -a')
  await podman(`network rm ${names.join(' ')}`)
  await removeLan(node)
  await nothingLeft(t, node, before)
}

const ways = { 'networks of its own': madeByPodman, 'networks of our conflists': written }

for (const [which, makeNetworks] of Object.entries(ways)) {
  t.test(`podman runs containers on ${which}`, { timeout: deadline }, t =>
    withNode(t, node => whole(t, node, makeNetworks)),
  )
}
