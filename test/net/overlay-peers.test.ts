import t from 'tap'
import { type Conf, must } from '../support/call.ts'
import { fairlead, type Host } from '../support/host.ts'
import { join, overlayConf, twoHosts, underlay, withHosts } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'

const directory = '/run/net.d'

/** The command, for a file that the host has. */
async function peers(host: Host, file: object, ...words: readonly string[]) {
  await host.exec(['sh', '-c', `mkdir -p ${directory}; cat >${directory}/50-overlay.conflist`], {
    input: JSON.stringify(file),
  })
  return host.exec([fairlead, 'overlay', 'peers', ...words, '--conf-dir', directory])
}

const listOf = ({ cniVersion, name, ...plugin }: Conf) => ({ cniVersion, name, plugins: [plugin, { type: 'tuning' }] })

t.test('the file for another host is printed, with that host in it, and serves both', t =>
  twoHosts(t, async (one, two) => {
    const list = listOf(overlayConf(4, 1, { underlay: { device: 'eth0' } }))
    const { code, stdout, stderr } = await peers(one, list, 'overlay1', '--add', underlay(4, 2))
    t.equal(code, 0, stderr)
    const printed = JSON.parse(stdout)
    const nodes = [
      { address: underlay(4, 1), blocks: ['10.200.1.0/26'] },
      { address: underlay(4, 2), blocks: ['10.200.0.64/26'] },
    ]
    const { underlay: own, ...plugin } = list.plugins[0] as Conf
    t.same(printed, { ...list, plugins: [{ ...plugin, controlPlane: { type: 'static', nodes } }, { type: 'tuning' }] })
    const conf: Conf = { ...printed.plugins[0], cniVersion: '1.1.0', name: 'overlay1' }
    const [a, b] = [await join(one, 'a', conf), await join(two, 'b', conf)]
    t.equal(b.v4, '10.200.0.65')
    t.type(await ping(a.sandbox, b.v4), 'number')
    t.same(
      JSON.parse((await peers(two, printed, 'overlay1')).stdout),
      printed,
      'without an address, the file is the same',
    )
    await must(one, 'DEL', conf, { netns: a.sandbox })
  }),
)

t.test('what cannot be printed is said', t =>
  withHosts(t, 1, async ({ hosts: [host] }) => {
    if (!host) throw new Error('no host')
    const list = listOf(overlayConf(4, 1))
    const multicast = { type: 'multicast', group: '239.1.1.1', blocks: ['10.200.1.0/26'] }
    for (const [file, words, says] of [
      [list, ['other'], /Cannot find the overlay other: no file in \/run\/net\.d/],
      [list, [], /Not enough non-option arguments/],
      [list, ['overlay1', '--add', underlay(4, 1)], /10\.99\.0\.1 is in "controlPlane.nodes" twice/],
      [list, ['overlay1', '--add', underlay(6, 1)], /addresses of both families/],
      [list, ['overlay1', '--add', 'somewhere'], /somewhere is no IP address/],
      [listOf(overlayConf(4, 1, { controlPlane: multicast })), ['overlay1'], /its control plane is multicast/],
    ] as const) {
      const { code, stdout, stderr } = await peers(host, file, ...words)
      t.match({ code, stdout, stderr }, { code: 1, stdout: '', stderr: says })
    }
  }),
)
