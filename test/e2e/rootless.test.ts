/** podman of a user without privileges, with its CNI backend. */
import t, { type Test } from 'tap'
import { image, page, server } from './image.ts'
import { nothingLeft, presentOn } from './left.ts'
import { type Node, withNode } from './node.ts'
import { life, type Podman } from './podman.ts'
import { conflist } from './podman-networks.ts'
import { startRootless } from './rootless.ts'
import { addUser, pause, type User } from './user.ts'

const deadline = 110_000

/** An address of the machine on a LAN, and something that serves there. */
const outside = '192.0.2.1'
const serve = (directory: string): string => `
ip link add lan0 type bridge
ip address add ${outside}/24 dev lan0
ip link set lan0 up
setsid busybox httpd -f -p ${outside}:80 -h ${directory} >/dev/null 2>&1 </dev/null &`

const run = (podman: Podman, options: string, words: string) => podman(`run ${options} ${image} ${words}`)
const sleeper = (podman: Podman, options: string) => run(podman, `-d ${options}`, 'sleep 3000')
const fetch = (podman: Podman, name: string, url: string) => podman(`exec ${name} wget -q -O- ${url}`)

async function reaches(t: Test, node: Node, podman: Podman): Promise<void> {
  t.match(await podman('exec r1 ip -4 addr show eth0'), '10.99.51.50/24', 'static address')
  t.equal(await podman('exec r1 cat /sys/class/net/eth0/address'), '02:00:00:aa:bb:51', 'static MAC address')
  t.equal(await fetch(podman, 'r0', 'http://10.99.51.50/'), page, 'a neighbour reaches it')
  t.equal(await fetch(podman, 'r0', 'http://[fd99:51::50]/'), page, 'by IPv6 too')
  t.equal(await node.served('http://127.0.0.1:18085/'), page, 'the machine reaches the published port')
  t.equal(await fetch(podman, 'r0', 'http://10.99.51.1:18085/'), page, 'so does the neighbour, at the gateway')
  t.equal(await fetch(podman, 'r1', 'http://10.99.51.1:18085/'), page, 'and the container itself')
  t.equal(await fetch(podman, 'r0', `http://${outside}/`), page, 'a container reaches a machine outside')
}

const served = { name: 'r1', url: 'http://127.0.0.1:18085/', network: 'apart', address: '10.99.52.9' }

/** Networks that are isolated do not reach each other, but for who is on both. */
async function isolation(t: Test, node: Node, podman: Podman): Promise<void> {
  // A container of a user may not ping.
  const across = () => podman('exec r1 sh -c', 'timeout 2 wget -q -O- http://10.99.52.10/ || echo no')
  t.equal(await across(), 'no', 'networks that are isolated do not reach each other')
  await life(t, node, podman, served, async () => {
    t.equal(await across(), page, 'which the container reaches now')
  })
}

async function whole(t: Test, node: Node): Promise<void> {
  const user = await addUser(node)
  const { podman, inside } = await startRootless(node, user)
  await node.sh(serve('/run/e2e/root/www'))
  const before = await presentOn(node)
  await podman('network create -o isolate=true --ipv6 --subnet 10.99.51.0/24 --subnet fd99:51::/64 mine')
  await podman('network create -o isolate=true --subnet 10.99.52.0/24 apart')
  await sleeper(podman, '--name r0 --network mine')
  const beside = await presentOn(inside)
  const fixed = '--ip 10.99.51.50 --ip6 fd99:51::50 --mac-address 02:00:00:aa:bb:51'
  await run(podman, `-d --name r1 --network mine ${fixed} -p 18085:80`, server.join(' '))
  await run(podman, '-d --name r2 --network apart --ip 10.99.52.10', server.join(' '))
  await reaches(t, node, podman)
  await isolation(t, node, podman)
  await ofOurs(t, node, user, podman)
  await podman('rm -f -t 0 r1 r2 r3')
  await nothingLeft(t, inside, beside, ['cni-podman2', 'own2'])
  await gone(t, node, user, podman)
  await nothingLeft(t, node, before, pause)
}

/** A network that is a file of the user's own. */
async function ofOurs(t: Test, node: Node, user: User, podman: Podman): Promise<void> {
  await user.write(`${user.home}/.config/cni/net.d/tiso.conflist`, conflist('tiso'))
  await run(podman, '-d --name r3 --network tiso --ip 10.99.3.9 -p 18086:80', server.join(' '))
  t.equal(await node.served('http://127.0.0.1:18086/'), page, 'the machine reaches a port that bridge publishes itself')
  t.equal(await fetch(podman, 'r3', `http://${outside}/`), page, 'and the container what is outside')
  const across = 'timeout 2 wget -q -O- http://10.99.52.10/ || echo no'
  t.equal(await podman('exec r3 sh -c', across), 'no', 'not the other network')
}

/** The last container goes, and the networks. */
async function gone(t: Test, node: Node, user: User, podman: Podman): Promise<void> {
  await podman('rm -f -t 0 r0')
  await podman('network rm mine apart tiso')
  t.equal(await node.sh(`ls ${user.runtime}/netns`), '', 'no namespace of the user’s is left')
}

t.test('podman runs containers of a user without privileges', { timeout: deadline }, t =>
  withNode(t, node => whole(t, node)),
)
