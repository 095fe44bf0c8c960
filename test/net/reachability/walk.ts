/** Walks the table of who reaches whom, each cell by a connection. */

import type { Test } from 'tap'
import { type Host, withHost } from '../../support/host.ts'
import {
  ask,
  container,
  type Family,
  hostMachine,
  type Machine,
  outsideMachine,
  type Protocol,
  serve,
} from '../../support/machine.ts'
import { type Holder, join, type Keys, network, publishing } from '../../support/policy.ts'
import type { Call } from '../../support/talk-entry.ts'
import { paths, type Scene, scenes, type Way, ways } from './scenes.ts'

/** Of everybody's service, and the host's that lead to those of containers. */
const port = 8080
const hostPorts: Readonly<Record<string, number>> = { a: 8081, b: 8082, c: 8083 }
// Nothing in Node.js speaks SCTP, and the kernels that tests run on do not either.
const protocols: readonly Protocol[] = ['tcp', 'udp']
const families: readonly Family[] = [4, 6]

/** Everybody, each answering with its name. */
async function people(
  t: Test,
  host: Host,
  holder: Holder,
  { first, second }: Scene,
  places: Places,
): Promise<readonly Machine[]> {
  const networks = [network(1, holder, first, places[1]), network(2, holder, second, places[2])] as const
  const outside = await outsideMachine(host)
  const all: Machine[] = [hostMachine(host), outside]
  for (const [name, of] of [
    ['a', networks[0]],
    ['b', networks[0]],
    ['c', networks[1]],
  ] as const) {
    const sandbox = await host.sandbox(name)
    const mappings = protocols.map(protocol => ({ hostPort: hostPorts[name] ?? 0, containerPort: port, protocol }))
    all.push(container(sandbox, await join(host, publishing(of, mappings), sandbox)))
  }
  await Promise.all(all.map(machine => serve(t, host, machine, [port])))
  return all
}

interface Cell {
  readonly way: Way
  readonly from: string
  readonly to: string
  readonly family: Family
  readonly protocol: Protocol
  readonly reached: boolean
}

const cellsOf = (scene: Scene): Cell[] =>
  ways.flatMap(way =>
    paths.flatMap((path, column) => {
      const [from = '', to = ''] = path.split(' ')
      const sign = scene[way][column]
      if (sign === ' ') return []
      const reached = sign === 'y'
      return families.flatMap(family => protocols.map(protocol => ({ way, from, to, family, protocol, reached })))
    }),
  )

/** Where a machine is called at: a published port is the host's. */
function callOf({ way, to: name, family, protocol }: Cell, machines: readonly Machine[]): Call {
  const machine = machines.find(each => each.name === (way === 'published' ? 'host' : name))
  const address = machine?.addresses[family] ?? ''
  return { protocol, address, port: way === 'published' ? (hostPorts[name] ?? 0) : port }
}

/** Asserts who reaches whom. */
async function walk(t: Test, scene: Scene, machines: readonly Machine[]): Promise<void> {
  const cells = cellsOf(scene)
  const visit = async (machine: Machine) => {
    const own = cells.filter(({ from }) => from === machine.name)
    const calls = own.map(cell => callOf(cell, machines))
    const answers = await ask(machine, calls)
    for (const [index, { way, from, to, family, protocol, reached }] of own.entries()) {
      const what = `${from} ${reached ? 'reaches' : 'does not reach'} ${to}`
      t.equal(answers[index], reached ? to : '', `${what}: ${way}, ${protocol} over IPv${family}`)
    }
  }
  await Promise.all(machines.map(visit))
}

/** Keys of the bridge, for either network. */
type Places = Readonly<Record<1 | 2, Keys>>

/** A test for each scene, with networks whose policy is held by this plugin. */
export async function reachability(t: Test, holder: Holder, places: Places = { 1: {}, 2: {} }): Promise<void> {
  for (const [name, scene] of Object.entries(scenes)) {
    if (scene.holders && !scene.holders.includes(holder)) continue
    await t.test(`who reaches whom: ${name}`, t =>
      withHost(t, async host => walk(t, scene, await people(t, host, holder, scene, places))),
    )
  }
}
