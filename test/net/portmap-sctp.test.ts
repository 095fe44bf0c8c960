import t from 'tap'
import { capture } from '../support/capture.ts'
import { withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { mapping, portElements, publish, unpublish, ways } from '../support/publish.ts'
import { filterInput, removeFilter, respect } from '../support/vetting.ts'

/** CRC32c, by which an SCTP packet is checked (RFC 9260, appendix A). */
function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1
  }
  return ~sum >>> 0
}

/** An INIT from port 4000: this works where the kernel has no SCTP of its own. */
function init(port: number): string {
  const packet = new Uint8Array(32)
  const view = new DataView(packet.buffer)
  view.setUint16(0, 4000)
  view.setUint16(2, port)
  view.setUint32(12, 0x01000014)
  view.setUint32(16, 1)
  view.setUint32(20, 65536)
  view.setUint32(24, 0x00010001)
  view.setUint32(28, 1)
  view.setUint32(8, checksum(packet), true)
  return [...packet].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}

for (const way of ways) {
  t.test(`SCTP goes to the port of the container, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const a = await host.sandbox('a')
      const mappings = [mapping(8080, 80, { protocol: 'sctp' }), mapping(8080, 81)]
      const published = await publish(host, { way }, a, mappings)
      t.ok((await portElements(host)).includes('port4 sctp . 8080 : 10.88.0.2 . 80'))
      const packets = await capture(t, host, a, 'sctp')
      const send = `printf '${init(8080)}' | socat -u -`
      await outside.exec(['sh', '-c', `${send} IP4-SENDTO:192.0.2.1:132; ${send} 'IP6-SENDTO:[2001:db8::1]:132'`])
      t.ok(await packets.seen(/192\.0\.2\.2\.4000 > 10\.88\.0\.2\.80: sctp.*INIT/))
      t.ok(await packets.seen(/2001:db8::2\.4000 > fd00:88::2\.80: sctp.*INIT/))
      const entries = async () =>
        (await host.sh('conntrack -L -p sctp 2>/dev/null')).match(/10\.88\.0\.2/g)?.length ?? 0
      t.equal(await entries(), 1)
      await unpublish(host, published)
      t.equal(await entries(), 0, 'the kernel forgets the connection with the container')
    }),
  )

  t.test(`SCTP that is sent again gets in where the host lets it, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const a = await host.sandbox('a')
      await publish(host, { way, keys: respect }, a, [mapping(8080, 80, { protocol: 'sctp' })])
      const packets = await capture(t, host, a, 'sctp')
      const send = () => outside.exec(['sh', '-c', `printf '${init(8080)}' | socat -u - IP4-SENDTO:192.0.2.1:132`])
      const arrival = /192\.0\.2\.2\.4000 > 10\.88\.0\.2\.80: sctp.*INIT/
      await filterInput(host, 'accept', 'meta l4proto sctp th dport 8080 drop')
      for (let n = 0; n < 3; n++) await send()
      await removeFilter(host)
      await send()
      t.notOk(await packets.seen(arrival))
      await send()
      t.ok(await packets.seen(arrival))
    }),
  )
}
