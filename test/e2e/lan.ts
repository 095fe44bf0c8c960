/** A LAN that a machine is on: the one end of a pair is its interface there, the other a neighbour. */
import type { Node } from './node.ts'

export const lan = { parent: 'tp0', subnet: '10.99.35.0/24', container: '10.99.35.10' } as const

export const makeLan = (node: Node): Promise<string> =>
  node.sh(`ip link add ${lan.parent} type veth peer name tp1 && ip link set ${lan.parent} up && ip link set tp1 up`)

/** Gives the neighbour its address: clients refuse to make a network whose subnet the machine has already. */
export const joinLan = (node: Node): Promise<string> => node.sh('ip address add 10.99.35.1/24 dev tp1')

export const removeLan = (node: Node): Promise<string> => node.sh(`ip link del ${lan.parent}`)
