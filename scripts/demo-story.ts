/** The story that the demo tells, from the network's file to the last trace of its containers. */
import { readFileSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { bin, buildHost, chapter, claim, quiet, root, say, seen, show } from './demo-stage.ts'

interface Plugin {
  readonly type: string
}

interface Network {
  readonly cniVersion: string
  readonly name: string
  readonly plugins: readonly [Plugin]
}

interface Result {
  readonly ips: readonly [{ readonly address: string; readonly gateway: string }]
}

/** A container as far as its network goes: a network namespace with a name. */
interface Container {
  readonly name: string
  readonly address: string
  readonly gateway: string
}

const bare = (address: string): string => address.split('/')[0] ?? ''

/** Calls a plugin of the network as a container runtime does. */
function call(operation: string, network: Network, container: string, run: typeof show): string {
  const [plugin] = network.plugins
  const env = {
    CNI_COMMAND: operation,
    CNI_CONTAINERID: container,
    CNI_NETNS: `/run/netns/${container}`,
    CNI_IFNAME: 'eth0',
    CNI_PATH: bin,
  }
  const conf = { ...plugin, name: network.name, cniVersion: network.cniVersion }
  return run([`${bin}/${plugin.type}`], { env, input: JSON.stringify(conf) })
}

function attach(network: Network, name: string, run: typeof show): Container {
  run(['ip', 'netns', 'add', name])
  const { ips } = JSON.parse(call('ADD', network, name, run)) as Result
  const [{ address, gateway }] = ips
  return { name, address: bare(address), gateway }
}

function ping(from: string, to: string): void {
  const output = show(['ip', 'netns', 'exec', from, 'ping', '-c', '1', '-W', '3', to])
  if (!output.includes(' 0% packet loss')) throw new Error(`${from} has no answer from ${to}`)
}

function introduce(file: string): Network {
  chapter('1. A network is a file')
  say('A container runtime finds it in /etc/cni/net.d and calls the plugins that it names.')
  show(['cat', relative(process.cwd(), file)])
  return JSON.parse(readFileSync(file, 'utf8')) as Network
}

function join(network: Network): readonly [Container, Container] {
  chapter('2. Two containers join it')
  say('A container, to the network, is a network namespace. The configuration goes to the plugin on stdin.')
  const web = attach(network, 'web', show)
  seen(`the plugin answers with what it made: web has ${web.address}`)
  const db = attach(network, 'db', quiet)
  seen(`the same for a second one: db has ${db.address}`)
  show(['ip', '-n', 'db', '-brief', 'address'])
  return [web, db]
}

function reachInside(web: Container, db: Container): void {
  chapter('3. They reach each other')
  ping(web.name, db.address)
  ping(db.name, web.address)
  seen('web and db hear each other')
  chapter('4. They reach their host')
  ping(web.name, web.gateway)
  seen(`the host answers at ${web.gateway}, on the bridge`)
}

function reachOutside(web: Container, uplink: { host: string; outside: string }): void {
  chapter('5. They reach a machine outside, masqueraded')
  say('It stands behind the uplink of the host, and has no route to the network of the containers:')
  show(['ip', '-n', 'outside', 'route'])
  show(['ip', '-n', 'outside', 'route', 'get', web.address], { refused: true })
  say('Its answer can only arrive if the question came from an address that it knows:')
  ping(web.name, uplink.outside)
  say('The machine outside has noted who asked:')
  const notes = show(['ip', 'netns', 'exec', 'outside', 'nft', 'list', 'set', 'inet', 'notes', 'sources'])
  const asked = notes.includes(`{ ${uplink.host} }`)
  claim(asked, `it has seen ${uplink.host}, the address of the host, and no container's`)
  say('In nftables a container costs elements of maps and sets, and no rule:')
  const map = show(['nft', 'list', 'map', 'inet', 'fairlead', 'masq4'])
  claim(map.includes(web.address), `${web.address} is listed for masquerade`)
}

function leave(network: Network, containers: readonly Container[]): void {
  chapter('6. They go')
  for (const { name } of containers) {
    call('DEL', network, name, show)
    const links = show(['ip', '-n', name, '-brief', 'link'])
    claim(!links.includes('eth0'), `${name} has no interface but its own lo`)
    quiet(['ip', 'netns', 'del', name])
  }
}

/** Nothing may speak of a container any more: no link, no element, no file. */
function nothingLeft(containers: readonly Container[]): void {
  chapter('7. Nothing of theirs is left')
  const links = show(['ip', '-brief', 'link'])
  claim(!/^veth/m.test(links), 'no link of a container on the host')
  const rules = show(['nft', 'list', 'ruleset'])
  claim(!rules.includes('elements'), 'no nftables element: what stands is the same for every container to come')
  const state = show(['find', '/var/lib/cni', '-type', 'f'])
  const left = containers.filter(({ address }) => state.split('\n').some(file => basename(file) === address))
  claim(left.length === 0, 'no lease: their addresses are free')
  claim(!state.includes('/attachments/'), 'no record of an attachment')
  say(
    'The bridge and its gateway address stay for the next container; last_reserved_ip is where its address is sought.',
  )
}

/** Tells the story on the host that this process is alone on. Throws where it is not as told. */
export function tell(file: string): void {
  const uplink = buildHost()
  say(
    `A host of its own: a network namespace with an uplink, the plugins of ${relative(root, bin) || bin}, and no other.`,
  )
  const network = introduce(file)
  const [web, db] = join(network)
  reachInside(web, db)
  reachOutside(web, uplink)
  leave(network, [web, db])
  nothingLeft([web, db])
  chapter('All as told.')
}
