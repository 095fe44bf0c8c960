import t from 'tap'
import { formatAddress, parseAddress } from '../../lib/ipam/cidr.ts'

t.test('an address is read and written in canonical form', t => {
  for (const [text, wanted] of [
    ['10.1.2.3', '10.1.2.3'],
    ['FD00:0::1', 'fd00::1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
  ] as const) {
    const address = parseAddress(text)
    t.equal(address && formatAddress(address), wanted)
  }
  t.end()
})
