import t from 'tap'
import { call, must } from '../support/call.ts'
import { overlayConf, withHosts } from '../support/overlay.ts'
import { refusals } from '../support/refusal.ts'
import { overlay } from './bad-input/overlay.ts'

t.test('configurations of an overlay that make no sense are refused without a trace on the host', t =>
  refusals(t, overlay),
)

const obstacles: Readonly<Record<string, { script: string; change?: object; code: number; says: RegExp }>> = {
  'a VNI that another device has': {
    script: 'ip link add other0 type vxlan id 7777 dstport 4789 local 10.99.0.1 dev eth0',
    change: { vni: 7777 },
    code: 999,
    says: /VNI 7777 is another device's.* Choose another "vni"/,
  },
  'a port that another program has': {
    script:
      'nohup python3 -c "import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((\'\', 4799)); time.sleep(60)" >/dev/null 2>&1 & until grep -q :12BF /proc/net/udp; do sleep 0.1; done',
    change: { port: 4799 },
    code: 999,
    says: /UDP port 4799 is another program's.* Choose another "port"/,
  },
  'an underlay that is down': {
    script: 'ip link set eth0 down',
    code: 7,
    says: /eth0, which other hosts are reached by, is down\. Bring it up: ip link set eth0 up/,
  },
  'a link of the name of the bridge': {
    script: 'ip link add flb7777 type bridge',
    change: { vni: 7777 },
    code: 7,
    says: /flb7777 exists and is not of our making/,
  },
  'a link of the name of the tunnel': {
    script: 'ip link add flv7777 type bridge',
    change: { vni: 7777 },
    code: 7,
    says: /flv7777 exists and is not of our making/,
  },
  'an MTU that is larger than the underlay has room for': {
    script: 'true',
    change: { mtu: 1500 },
    code: 7,
    says: /"mtu": 1500 is too large: eth0 has 1500/,
  },
  'an MTU below that of IPv6 underneath': {
    script: 'ip link set eth0 mtu 1300',
    code: 7,
    says: /an MTU of 1250 is too small for IPv6, which needs 1280/,
  },
}

for (const [what, { script, change = {}, code, says }] of Object.entries(obstacles)) {
  t.test(`ADD is refused with ${what}, and leaves nothing`, t =>
    withHosts(t, 1, async ({ hosts: [host] }) => {
      if (!host) throw new Error('no host')
      const netns = await host.sandbox('a')
      await host.sh(script)
      const links = async () => (await host.ip('link')).map(({ ifname }) => ifname)
      const before = await links()
      const conf = overlayConf(4, 1, change as Readonly<Record<string, unknown>>)
      const { error } = await call(host, 'ADD', conf, { netns })
      t.match(error, { code, msg: says })
      if (code === 7) {
        const told = await call(host, 'STATUS', conf, { containerId: '', ifName: '' })
        t.match(told.error, { code: 50, msg: says }, 'STATUS tells it in the same words')
      }
      t.same(await links(), before, 'no link is left')
      t.same(
        Object.keys(await host.files()).filter(path => /attachments|networks\/overlay1|remotes/.test(path)),
        [],
      )
    }),
  )
}

t.test('ADD is refused with the VNI of another network of the host', t =>
  withHosts(t, 1, async ({ hosts: [host] }) => {
    if (!host) throw new Error('no host')
    await must(host, 'ADD', overlayConf(4, 1, { vni: 7777 }), { netns: await host.sandbox('a') })
    const other = {
      name: 'overlay2',
      vni: 7777,
      controlPlane: { type: 'static', nodes: [{ address: '10.99.0.1', blocks: ['10.201.1.0/26'] }] },
      ipam: { type: 'host-local', ranges: [[{ subnet: '10.201.0.0/16' }]] },
    }
    const { error } = await call(host, 'ADD', overlayConf(4, 1, other), { netns: await host.sandbox('b') })
    t.match(error, { code: 7, msg: /another network of this host has it/ })
  }),
)

t.test('STATUS tells a network that the host cannot take part in', t =>
  withHosts(t, 1, async ({ hosts: [host] }) => {
    if (!host) throw new Error('no host')
    t.equal((await call(host, 'STATUS', overlayConf(4, 1))).code, 0)
    await host.sh('ip address flush dev eth0')
    const { error } = await call(host, 'STATUS', overlayConf(4, 1))
    t.match(error, { code: 7, msg: /none of the addresses in "controlPlane.nodes"/ })
  }),
)
