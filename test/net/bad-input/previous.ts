import type { Refusal } from '../../support/refusal.ts'

const address = '10.99.0.2/24'

/** A prevResult, and the place that the error names. */
const values: readonly (readonly [prevResult: Readonly<Record<string, unknown>>, says: string])[] = [
  [{ ips: [{ address: 'x' }] }, 'prevResult.ips[0].address must be an IP address with its prefix length'],
  [{ ips: [{ address }, { address: '10.99.0.3' }] }, 'prevResult.ips[1].address must be'],
  [{ ips: [{}] }, 'prevResult.ips[0].address must be'],
  [{ ips: [{ address: '' }] }, 'prevResult.ips[0].address must be'],
  [{ ips: [{ address: { x: 1 } }] }, 'prevResult.ips[0].address must be'],
  [{ ips: [{ address, gateway: 'x' }] }, 'prevResult.ips[0].gateway must be an IP address'],
  [{ ips: [{ address, interface: '0' }] }, 'prevResult.ips[0].interface must be of type integer'],
  [{ ips: {} }, 'prevResult.ips must be of type array'],
  [{ ips: [7] }, 'prevResult.ips[0] must be of type object'],
  [{ interfaces: 'x' }, 'prevResult.interfaces must be of type array'],
  [{ interfaces: [{ name: 5 }] }, 'prevResult.interfaces[0].name must be of type string'],
  [{ routes: [{ dst: 'default' }] }, 'prevResult.routes[0].dst must be an IP address with its prefix length'],
  [{ routes: [{ dst: '0.0.0.0/0', gw: 7 }] }, 'prevResult.routes[0].gw must be an IP address'],
  [{ dns: [] }, 'prevResult.dns must be of type object'],
  [{ dns: { nameservers: [5] } }, 'prevResult.dns.nameservers[0] must be of type string'],
  [{ cniVersion: 5 }, 'prevResult.cniVersion must be of type string'],
]

const plain = { bridge: undefined, isGateway: undefined, ipMasq: undefined, ipam: undefined }
const runtimeConfig = { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }] }

/** The plugins that go on from what those before them made, with what keys they need. */
const plugins: Readonly<Record<string, object>> = {
  portmap: { runtimeConfig },
  firewall: {},
  tuning: { mtu: 1400 },
  bandwidth: { ingressRate: 8_000_000 },
  sbr: {},
  vrf: { vrfname: 'red' },
  loopback: {},
  ipvlan: {},
}

const row = (plugin: string, [prevResult, says]: (typeof values)[number]): Refusal => ({
  plugin,
  wrong: `the prevResult ${JSON.stringify(prevResult)}`,
  conf: { ...plain, ...plugins[plugin], prevResult },
  code: 7,
  says,
  // DEL of loopback takes lo down, which the next row would see.
  ...(plugin === 'loopback' ? { env: {} } : {}),
})

const first: Refusal = {
  plugin: 'portmap',
  wrong: 'a prevResult of the first format',
  conf: { ...plain, runtimeConfig, cniVersion: '0.2.0', prevResult: { cniVersion: '0.2.0', ip4: { ip: 'x' } } },
  code: 7,
  says: 'prevResult.ip4.ip must be an IP address with its prefix length',
}

/** What is no address, and what is no list: all plugins have one reader, of which one plugin shows the rest. */
const few = values.filter(([, says]) => says === values[0]?.[1] || says.includes('interfaces must'))

const all = Object.keys(plugins).flatMap(plugin => (plugin === 'portmap' ? values : few).map(each => row(plugin, each)))

/** CHECK of these and of every other plugin that makes an interface. */
const checks = [...all, ...few.map(each => row('bridge', each))].map(each => ({ ...each, operation: 'CHECK' }))

/** What stands in prevResult and makes no sense. */
export const previous: readonly Refusal[] = [...all, first, ...checks]
