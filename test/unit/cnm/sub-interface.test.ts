import t from 'tap'
import { fakeKernel } from '../../support/kernel.ts'
import { operate } from '../../support/operate.ts'
import { subInterface, trunk } from '../../support/trunk.ts'

const config = (rows: string) => `VLAN Dev name\t | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\n${rows}`

const down = trunk.links.map(link => ({ ...link, flags: [] }))
const sub = subInterface('up0.100', 100, 'default')

const rows = {
  'has another name': {
    host: { ...trunk, files: { '/proc/net/vlan/config': config('servers        | 100  | up0\n') } },
    says: 'Cannot use VLAN 100 of up0: the host has it as servers. Name that by "parent", and leave "vlan" out',
  },
  'is on a device that is down': {
    host: { links: down },
    says: 'Cannot use VLAN 100 of up0: up0 is down. Bring it up: ip link set up0 up',
  },
  'has its name taken by another VLAN': {
    host: { links: [...trunk.links, { ...sub, linkinfo: { info_kind: 'vlan', info_data: { id: 200 } } }] },
    says: 'Cannot use VLAN 100 of up0: up0.100 is another link.',
  },
  'has its name taken by a VLAN of another device': {
    host: { links: [...trunk.links, { ...sub, link: 'up1' }] },
    says: 'Cannot use VLAN 100 of up0: up0.100 is another link.',
  },
  'is on a device that is absent': {
    conf: { parent: 'eth7' },
    host: trunk,
    says: 'Cannot use eth7 as parent: the host has no link of that name. Correct "master"',
  },
} as const

for (const [what, row] of Object.entries(rows)) {
  t.test(`a VLAN that ${what} is refused, and nothing is made`, async t => {
    const host = fakeKernel(row.host)
    const conf = {
      cniVersion: '1.1.0',
      name: 'net1',
      type: 'macvlan',
      parent: 'up0',
      vlan: 100,
      ...('conf' in row ? row.conf : {}),
    }
    await t.rejects(operate(host, 'ADD', conf), { code: 7, message: row.says })
    t.notOk(host.heard.some(({ stdin }) => /^link (add|set)/m.test(stdin)))
  })
}

t.test('a VLAN of another device, and another of this one, are nothing to it', async t => {
  const others = config('b              | 100  | up1\nc              | 200  | up0\n')
  const host = fakeKernel({ ...trunk, files: { '/proc/net/vlan/config': others } })
  await operate(host, 'ADD', { cniVersion: '1.1.0', name: 'net1', type: 'macvlan', parent: 'up0', vlan: 100 })
  t.match(host.heard.map(({ stdin }) => stdin).join(''), 'link add link up0 name up0.100 group 64029 type vlan id 100')
})
