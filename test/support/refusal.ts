/** Input that a plugin must refuse, one row each, and the proof that a refusal leaves the host as it was. */
import type { Test } from 'tap'
import { versions } from '../../lib/cni/version.ts'
import { bridgeConf, must } from './call.ts'
import { bin, type Host, withHost } from './host.ts'

export interface Refusal {
  /** What is wrong: the end of the sentence "bridge ADD refuses …". */
  readonly wrong: string
  /** Code of the error object. */
  readonly code: number
  /** A part of its message or details. */
  readonly says: string
  readonly plugin?: string
  readonly operation?: string
  /** Changes to the configuration; undefined takes a key out. */
  readonly conf?: Readonly<Record<string, unknown>>
  /** Changes to the environment; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Stdin instead of the configuration as JSON. */
  readonly input?: string
}

const environment = {
  CNI_COMMAND: 'ADD',
  CNI_NETNS: '/run/netns/free',
  CNI_IFNAME: 'eth0',
  CNI_ARGS: '',
  CNI_PATH: bin,
}

const configuration = {
  cniVersion: '1.1.0',
  name: 'net2',
  type: 'bridge',
  bridge: 'br2',
  isGateway: true,
  ipMasq: true,
  ipam: { type: 'host-local', subnet: '10.99.0.0/24' },
}

// What must stay, in one process. The boot mark, search positions of leases and their lock file may come and go.
const listing = `
for at in '' '-n free'; do
  printf 'link show\\naddress show\\nroute show table all\\n' | ip $at -o -batch - | sed -E 's/<[^>]*>//; s/ state [A-Z]+//'
  ip $at -6 route show table all
done
nft list ruleset
cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding
find /var/lib/cni -type f ! -name 'last_reserved_ip.*' ! -name lock ! -path '*/fairlead/boot' | sort
grep -r '' --exclude='last_reserved_ip.*' --exclude=boot /var/lib/cni | sort`

const present = (object: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(object).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))

interface Call {
  readonly argv: readonly [string]
  readonly input: string
  readonly env: Readonly<Record<string, string>>
}

function callOf(host: Host, row: Refusal): Call {
  const { plugin = 'bridge', operation = 'ADD' } = row
  return {
    argv: [`${bin}/${plugin}`],
    input: row.input ?? JSON.stringify({ ...configuration, type: plugin, ...row.conf }),
    env: present({ ...environment, CNI_CONTAINERID: `c${host.pid}`, CNI_COMMAND: operation, ...row.env }),
  }
}

/** Checks that a row is refused as it says, and that nothing changed since `before`. */
async function refuse(t: Test, host: Host, row: Refusal, before: string): Promise<void> {
  const { argv, ...options } = callOf(host, row)
  const ran = await host.exec(argv, { ...options, deadline: 20_000 })
  t.equal(ran.code, 1, 'the exit status is 1')
  const { cniVersion, code, msg, details = '', ...rest } = JSON.parse(ran.stdout || '{}')
  const words = JSON.stringify(`${msg} ${details}`)
  t.ok(versions.includes(cniVersion), `cniVersion ${cniVersion} is one of the protocol`)
  t.equal(code, row.code, `the code of ${words}`)
  t.ok(`${msg} ${details}`.includes(row.says), `${words} says ${JSON.stringify(row.says)}`)
  t.same(rest, {}, 'the error object has no other member')
  t.notMatch(ran.stdout + ran.stderr, /^ +at .*:\d+/m, 'no stack trace is printed')
  t.equal(await host.sh(listing), before, 'the host is as it was')
  // DEL of a chained plugin needs nothing of a configuration that no ADD takes; the next row sees what it leaves.
  if (row.conf && 'prevResult' in row.conf && row.env === undefined && row.operation === undefined) {
    const del = await host.exec(argv, { ...options, env: { ...options.env, CNI_COMMAND: 'DEL' } })
    t.equal(del.code, 0, `DEL succeeds ${del.stdout}`)
  }
  // What was done after all must not spoil the rows that follow.
  if (ran.code === 0) await host.exec(argv, { ...options, env: { ...options.env, CNI_COMMAND: 'DEL' } })
}

// A network in use, a bridge of somebody else's, leases of plugins without records; nothing that moves by itself.
const prepare = `
for link in up0 up1; do ip link set $link addrgenmode none; ip -6 address flush dev $link; done
ip link add docker0 type bridge
ip link set docker0 addrgenmode none
ip link set docker0 up
ip address add 172.17.0.1/16 dev docker0
ip -n free link add taken0 type bridge
ln -s loop /run/netns/loop
: > /run/netns/uts
mount --bind /proc/self/ns/uts /run/netns/uts
mkdir -p /var/lib/cni/networks/full
printf 'other\\r\\neth0' > /var/lib/cni/networks/full/10.77.0.2
printf 'other\\r\\neth0' > /var/lib/cni/networks/net1/10.88.0.9
echo 0 > /proc/sys/net/ipv4/ip_forward`

/** Runs the rows one after another on one host, each a test of its own. */
export async function refusals(t: Test, rows: readonly Refusal[]): Promise<void> {
  await withHost(t, async host => {
    await host.sandbox('free')
    await must(host, 'ADD', bridgeConf(), { netns: await host.sandbox('busy') })
    await host.sh(prepare)
    let before = await host.sh(listing)
    for (const row of rows) {
      const name = `${row.plugin ?? 'bridge'} ${row.operation ?? 'ADD'} refuses ${row.wrong}`
      await t.test(name, t => refuse(t, host, row, before))
      if (!t.passing()) before = await host.sh(listing)
    }
  })
}
