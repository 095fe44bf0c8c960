import type { Refusal } from '../../support/refusal.ts'

const flags = `isGateway isDefaultGateway forceAddress ipMasq hairpinMode promiscMode macspoofchk enabledad
  disableContainerInterface portIsolation preserveDefaultVlan`.split(/\s+/)

/** Every key of bridge with a value of a wrong type. */
export const types: readonly Refusal[] = (
  [
    ...flags.map(key => [key, 'true', 'boolean'] as const),
    ['isGateway', 1, 'boolean'],
    ['bridge', 5, 'string'],
    ['bridge', ['br2'], 'string'],
    ['ipMasqBackend', 5, 'string'],
    ['mtu', '1500', 'integer'],
    ['mtu', 1500.5, 'integer'],
    ['vlan', '7', 'integer'],
    ['vlanTrunk', 7, 'array'],
    ['dns', 'none', 'object'],
    ['dns', { nameservers: '10.0.0.1' }, 'array'],
    ['dns', { search: [5] }, 'string'],
    ['ipam', 'host-local', 'ipam'],
    ['ipam', [], 'ipam'],
    ['ipam', { type: 5 }, 'ipam'],
    ['args', 'x', 'args'],
    ['args', { cni: 'x' }, 'args.cni'],
    ['args', { cni: { mac: 5 } }, 'args.cni.mac'],
    ['runtimeConfig', [], 'runtimeConfig'],
    ['runtimeConfig', { mac: 5 }, 'runtimeConfig.mac'],
    ['prevResult', 'x', 'prevResult'],
  ] as const
).map(([key, value, says]) => ({
  wrong: `"${key}": ${JSON.stringify(value)}`,
  conf: { [key]: value },
  code: 7,
  says,
}))
