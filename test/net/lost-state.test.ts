import t from 'tap'
import { container } from '../support/attachment.ts'
import { bridgeConf, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'

const conf = bridgeConf({
  macspoofchk: true,
  isolation: 'same-network',
  runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }] },
})

t.test('DEL takes the entries of an attachment whose record was lost, and nobody else’s', t =>
  withHost(t, async host => {
    const options = await container(host)
    const other = { ...options, ifName: 'eth1' }
    const label = (ifName: string) => `comment "net1 ${ifName} ${options.containerId}"`
    await must(host, 'ADD', conf, options)
    await must(host, 'ADD', bridgeConf({ macspoofchk: true }), other)
    const count = async (ifName: string) => (await host.ruleset()).split(label(ifName)).length - 1
    const theirs = await count('eth1')
    t.ok((await count('eth0')) >= 5, 'masquerade, port, spoof check and policy have entries')
    t.ok(theirs >= 3, 'so has another interface')
    await host.sh('rm -r /var/lib/cni/*')
    await must(host, 'DEL', conf, options)
    t.equal(await count('eth0'), 0, 'nothing of it is left')
    t.equal(await count('eth1'), theirs, 'another interface keeps its own')
  }),
)
