/**
 * The kernel work of one attachment, and no more, as shell batches: what an ADD costs before any plugin. It grows with
 * the number of attachments too, and no plugin can do anything about that.
 */
import { writeFileSync } from 'node:fs'
import type { Side } from './side.ts'

const hex = (value: number): string => value.toString(16).padStart(2, '0')
const bytesOf = (index: number): readonly [number, number] => [Math.floor((index + 2) / 256), (index + 2) % 256]
const addressOf = (index: number): string => `10.88.${bytesOf(index).join('.')}`

/** The bridge and the tables that every attachment uses. */
export async function prepareKernel({ host }: Side): Promise<void> {
  await host.sh(`
    ip link add shell0 type bridge
    ip link set shell0 up
    ip address add 10.88.0.1/16 dev shell0
    echo 1 >/proc/sys/net/ipv4/ip_forward
    nft add table inet shell
    nft 'add map inet shell masq { type ipv4_addr : verdict; }'
    nft 'add set inet shell local { type ipv4_addr . ipv4_addr; }'`)
}

/**
 * The milliseconds that a shell script of the batches of one attachment takes: those that a plugin runs, in its order,
 * with nft beside the first.
 */
export async function attachByShell({ files, watch }: Side, id: string, index: number): Promise<number> {
  const address = addressOf(index)
  const mac = `02:42:0a:58:${bytesOf(index).map(hex).join(':')}`
  const write = (name: string, lines: readonly string[]) => writeFileSync(`${files}/${name}`, `${lines.join('\n')}\n`)
  write('host', [
    `link add name v${index} type veth peer name eth0 address ${mac} netns ${id}`,
    `link set dev v${index} alias shell:${index} addrgenmode none`,
    `link set dev v${index} master shell0 up`,
  ])
  write('sandbox', [
    'link set dev eth0 addrgenmode none',
    'link set dev eth0 up',
    `address add ${address}/16 broadcast + dev eth0`,
    'route append default via 10.88.0.1 dev eth0',
    `neighbour add ${address} dev eth0 use`,
    `neighbour del ${address} dev eth0`,
  ])
  write('nft', [
    `add element inet shell local { ${address} . 10.88.0.0 }`,
    `add element inet shell masq { ${address} : return }`,
  ])
  write('attach', [
    `nft -f ${files}/nft &`,
    `ip -batch ${files}/host && ip -n ${id} -batch ${files}/sandbox && wait $!`,
  ])
  return watch.time(`sh ${files}/attach`)
}

export async function detachByShell({ watch }: Side, index: number): Promise<void> {
  const address = addressOf(index)
  await watch.time(`ip link del v${index}`)
  await watch.time(`nft 'delete element inet shell local { ${address} . 10.88.0.0 }'`)
  await watch.time(`nft 'delete element inet shell masq { ${address} }'`)
}
