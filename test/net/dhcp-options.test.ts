import t from 'tap'
import { type CallOptions, call, must } from '../support/call.ts'
import { dhcpConf, withDhcp } from '../support/dhcp.ts'

const range = '--dhcp-range=10.50.0.100,10.50.0.199,255.255.255.0,120'
const all = [
  range,
  '--dhcp-option=option:router,10.50.0.1,10.50.0.2',
  '--dhcp-option=6,10.50.0.53,10.50.0.54',
  '--dhcp-option=15,lan.example',
  '--dhcp-option=119,a.example,b.example',
  '--dhcp-option=33,10.70.1.0,10.50.0.7,192.0.2.9,10.50.0.8',
  '--dhcp-option=26,1400',
]
const classless = '--dhcp-option=121,10.60.0.0/16,10.50.0.9,172.16.5.0/24,0.0.0.0,0.0.0.0/0,10.50.0.3'

type Ipam = Readonly<Record<string, unknown>>

/** What a container gets of a server with these options. */
const rows: readonly (readonly [what: string, server: readonly string[], ipam: Ipam, result: object])[] = [
  [
    'the routers, the name servers and the domains that it names, and its routes by class (option 33)',
    all,
    {},
    {
      ips: [{ gateway: '10.50.0.1' }],
      routes: [
        { dst: '10.0.0.0/8', gw: '10.50.0.7' },
        { dst: '192.0.2.0/24', gw: '10.50.0.8' },
        { dst: '0.0.0.0/0', gw: '10.50.0.1' },
      ],
      dns: { nameservers: ['10.50.0.53', '10.50.0.54'], domain: 'lan.example', search: ['a.example', 'b.example'] },
    },
  ],
  [
    'classless routes (option 121) and no others, those without a router on the link',
    [...all, classless],
    {},
    {
      ips: [{ gateway: '10.50.0.1' }],
      routes: [
        { dst: '10.60.0.0/16', gw: '10.50.0.9' },
        { dst: '172.16.5.0/24', scope: 253 },
        { dst: '0.0.0.0/0', gw: '10.50.0.3' },
      ],
    },
  ],
  [
    'routes with the priority that is wished',
    [...all, classless],
    { priority: 50 },
    { routes: [{ priority: 50 }, { priority: 50, scope: 253 }, { priority: 50 }] },
  ],
  [
    'only what is asked for, where the usual is skipped',
    [...all, classless],
    { request: [{ option: 'subnet-mask', skipDefault: true }] },
    { ips: [{ gateway: undefined }], routes: undefined, dns: undefined },
  ],
  [
    'no default route of a server that names no router',
    [range, '--dhcp-option=3'],
    {},
    { ips: [{ gateway: undefined }], routes: undefined },
  ],
]

t.test('A container gets of its server', async t => {
  for (const [what, server, ipam, result] of rows) {
    await t.test(what, t =>
      withDhcp(
        t,
        async ({ host }) => {
          const conf = dhcpConf(ipam)
          const options = { netns: await host.sandbox('a') }
          const answer = await must(host, 'ADD', conf, options)
          t.match(answer, result)
          t.equal(answer.ips[0].address.split('/')[1], '24')
          await must(host, 'CHECK', { ...conf, prevResult: answer }, options)
          await must(host, 'DEL', conf, options)
        },
        [],
        server,
      ),
    )
  }
})

/** What the server is told, by its own log. */
const told: readonly (readonly [what: string, ipam: Ipam, options: CallOptions, says: RegExp, hides?: RegExp])[] = [
  ['a host name', { provide: [{ option: 'host-name', value: 'ahost' }] }, {}, /client provides name: ahost/],
  [
    'a host name that the runtime passes on',
    { provide: [{ option: 'host-name', value: 'other', fromArg: 'NAME' }] },
    { args: 'IgnoreUnknown=1;NAME=from-arg;X=y' },
    /client provides name: from-arg/,
  ],
  [
    'the written one where the runtime passes none',
    { provide: [{ option: '12', value: 'written', fromArg: 'NAME' }] },
    { args: 'IgnoreUnknown=1;K8S_POD_NAME=x' },
    /client provides name: written/,
  ],
  [
    'no host name where there is none',
    { provide: [{ option: 'host-name', fromArg: 'NAME' }] },
    {},
    /DHCPACK/,
    /client provides name|vendor class/,
  ],
  [
    'its classes',
    {
      provide: [
        { option: 'vendor-class-identifier', value: 'vendor "x"' },
        { option: 'user-class', value: 'auser' },
      ],
    },
    {},
    /vendor class: vendor "x"[\s\S]*user class: auser/,
  ],
  [
    'what it asks for beside the usual',
    { request: [{ option: '42' }, { option: 'host-name' }] },
    {},
    /requested options: 1:netmask, 3:router, 6:dns-server, 12:hostname,[\s\S]*33:static-route, 42:ntp-server,/,
  ],
  [
    'only what it asks for',
    { request: [{ option: '42' }, { option: '1', skipDefault: true }] },
    {},
    /requested options: 1:netmask, 42:ntp-server\n/,
  ],
]

t.test('The server is told', async t => {
  for (const [what, ipam, options, says, hides] of told) {
    await t.test(what, t =>
      withDhcp(t, async ({ host, server }) => {
        await must(host, 'ADD', dhcpConf(ipam), { netns: await host.sandbox('a'), ...options })
        t.match(server.said(), says)
        if (hides) t.notMatch(server.said(), hides)
      }),
    )
  }
})

t.test('A client is known by an identifier of 255 bytes at most, or by the one that is provided', t =>
  withDhcp(t, async ({ host, server }) => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const containerId = 'x'.repeat(300)
    const { ips } = await must(host, 'ADD', dhcpConf(), { netns: a, containerId })
    const [lease = ''] = (await server.leases()).split('\n').filter(line => line.includes(ips[0].address.split('/')[0]))
    t.equal(lease.split(' ').at(-1), `00${':78'.repeat(254)}`)
    const provide = [{ option: 'dhcp-client-identifier', value: 'mine' }]
    await must(host, 'ADD', dhcpConf({ provide }), { netns: b })
    t.match(await server.leases(), /6d:69:6e:65$/m)
  }),
)

t.test('What just fits into a message is sent whole, and a byte more is refused', t =>
  withDhcp(t, async ({ host, server, daemon }) => {
    const netns = await host.sandbox('a')
    // The usual requests take 7 bytes, its names 2 + 12.
    const conf = (bytes: number) =>
      dhcpConf({
        provide: [
          { option: '224', value: 'v'.repeat(200) },
          { option: '225', value: 'w'.repeat(bytes - 7 - 14 - 202 - 2) },
        ],
      })
    const most = 285
    await must(host, 'ADD', conf(most), { netns })
    t.notMatch(daemon.said(), /did not fit/)
    await must(host, 'DEL', conf(most), { netns })
    t.match(await call(host, 'ADD', conf(most + 1), { netns }), { error: { code: 7, msg: /1 bytes too long/ } })
    t.match(server.said(), /DHCPRELEASE/)
  }),
)
