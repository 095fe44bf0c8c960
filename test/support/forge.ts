/** Packets that nobody of a network has sent, and whether they arrive. */
import type { Sandbox } from './host.ts'

/** VXLAN as anybody can write it: an echo request to a container in an Ethernet frame. */
export const forge = (to: string, vni: number, container: string, mac: string, source: string, port = 4789) => `
import socket, struct
def total(data):
    data += b"\\0" * (len(data) % 2)
    found = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while found >> 16: found = (found & 65535) + (found >> 16)
    return ~found & 65535
echo = struct.pack("!BBHHH", 8, 0, 0, 7, 1) + b"forged"
echo = struct.pack("!BBHHH", 8, 0, total(echo), 7, 1) + b"forged"
head = struct.pack("!BBHHHBBH4s4s", 69, 0, 20 + len(echo), 1, 0, 64, 1, 0, socket.inet_aton("10.200.2.9"), socket.inet_aton("${container}"))
head = head[:10] + struct.pack("!H", total(head)) + head[12:]
frame = bytes.fromhex("${mac.replaceAll(':', '')}") + bytes.fromhex("02420ac80209") + b"\\x08\\0" + head + echo
packet = struct.pack("!II", 0x08000000, ${vni} << 8) + frame
family = socket.AF_INET6 if ":" in "${to}" else socket.AF_INET
sender = socket.socket(family, socket.SOCK_DGRAM)
sender.bind(("${source}", 0))
for _ in range(5): sender.sendto(packet, ("${to}", ${port}))`

/** Echo requests that a container has got. */
export async function echoesHeard(sandbox: Sandbox): Promise<number> {
  const { stdout } = await sandbox.exec(['cat', '/proc/net/snmp'])
  const [names = [], values = []] = stdout
    .split('\n')
    .filter(line => line.startsWith('Icmp:'))
    .map(line => line.split(' '))
  return Number(values[names.indexOf('InEchos')])
}
