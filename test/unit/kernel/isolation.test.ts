import t from 'tap'
import { confine, type Place, type Policy } from '../../../lib/kernel/isolation.ts'
import { elementScript, fullScript, removeScript } from '../../../lib/kernel/nft-script.ts'
import { ends, keepsShape, words } from '../../support/hostile.ts'

const place: Place = {
  port: 'veth1',
  bridge: 'cni0',
  portIsolated: false,
  addresses: [
    { family: 4, address: '10.88.0.2' },
    { family: 6, address: 'fd88::2' },
  ],
}
const policy: Policy = { isolation: 'open', strict: false, exempt: false, hostAccess: 'all' }

const rows: Readonly<Record<string, { readonly policy?: Partial<Policy>; readonly place?: Partial<Place> }>> = {
  open: {},
  'open, as it says': { policy: { exempt: true } },
  'same-network': { policy: { isolation: 'same-network' } },
  'ingressPolicy same-bridge': { policy: { isolation: 'same-network', strict: true } },
  isolated: { policy: { isolation: 'isolated' } },
  'isolated by the bridge itself': { policy: { isolation: 'isolated' }, place: { portIsolated: true } },
  'ingressPolicy isolated': { policy: { isolation: 'isolated', strict: true } },
  internal: { policy: { isolation: 'internal' } },
  'hostAccess dns': { policy: { hostAccess: 'dns' } },
  'hostAccess none': { policy: { hostAccess: 'none' } },
  'internal without the host': { policy: { isolation: 'internal', hostAccess: 'none' } },
  'internal by a gateway in a VLAN': {
    policy: { isolation: 'internal' },
    place: { gateway: { name: 'cni0.100', port: 'gate1' } },
  },
  'open, as it says, by a gateway in a VLAN': {
    policy: { exempt: true },
    place: { gateway: { name: 'cni0.100', port: 'gate1' } },
  },
  'internal without a bridge': { policy: { isolation: 'internal' }, place: { bridge: undefined } },
}

const of = (name: string) =>
  confine({ ...policy, ...rows[name]?.policy }, { ...place, ...rows[name]?.place }, 'net1 eth0 c1')

for (const name of Object.keys(rows)) {
  t.test(`nft is told for ${name}`, async t => {
    t.matchSnapshot(elementScript(of(name)), 'where other endpoints are')
    t.matchSnapshot(removeScript(of(name)), 'by DEL')
  })
}

t.test('what is declared once', async t => {
  t.matchSnapshot(fullScript(of('internal')), 'for ports of bridges')
  t.matchSnapshot(fullScript(of('internal by a gateway in a VLAN')), 'for bridges with VLANs')
  t.matchSnapshot(fullScript(of('internal without a bridge')), 'for ports without one')
})

t.test('a policy declares the same whatever it is', async t => {
  const declared = (name: string) => fullScript(of(name)).replace(/^add element.*\n/gm, '')
  t.equal(declared('hostAccess dns'), declared('internal'))
  t.equal(fullScript(of('open')), '')
})

t.test('no text of a place breaks out of the script', async t => {
  const build = (each: Place) => elementScript(confine({ ...policy, isolation: 'internal' }, each, 'net1 eth0 c1'))
  keepsShape(t, place, build, words)
  keepsShape(t, place, build, ends)
})
