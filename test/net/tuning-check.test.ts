import t from 'tap'
import { call, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { untuned } from '../support/tuned.ts'

const changes: Readonly<Record<string, string>> = {
  address: 'ip link set eth0 address 02:00:00:00:00:09',
  promisc: 'ip link set eth0 promisc off',
  mtu: 'ip link set eth0 mtu 1280',
  allmulticast: 'ip link set eth0 allmulticast off',
  txqueuelen: 'ip link set eth0 txqueuelen 8',
  'net.ipv4.tcp_rmem': 'echo 4096 87380 87380 > /proc/sys/net/ipv4/tcp_rmem',
  'net.ipv4.conf.eth0.arp_filter': 'echo 0 > /proc/sys/net/ipv4/conf/eth0/arp_filter',
  'net.ipv4.ip_local_reserved_ports': 'echo 8080 > /proc/sys/net/ipv4/ip_local_reserved_ports',
}

for (const ours of [true, false]) {
  t.test(`CHECK names what was changed since ADD, ${ours ? 'by the record' : 'by the configuration alone'}`, t =>
    withHost(t, async host => {
      const { options, sandbox, conf } = await untuned(host)
      for (const [what, script] of Object.entries(changes)) {
        const prevResult = await must(host, 'ADD', conf(), options)
        if (!ours) await host.sh('rm /var/lib/cni/fairlead/attachments/*-tuning*')
        t.equal((await call(host, 'CHECK', { ...conf(), prevResult }, options)).code, 0, 'all holds')
        await sandbox.exec(['sh', '-ec', script])
        const { error } = await call(host, 'CHECK', { ...conf(), prevResult }, options)
        t.match(error, { code: 999, msg: what }, `${script}: ${error?.msg}`)
      }
    }),
  )
}

t.test(
  'CHECK does not mind promiscuous mode that nobody asked for, the spelling of a MAC, or numbers as C writes them',
  t =>
    withHost(t, async host => {
      const { options, sandbox, conf } = await untuned(host)
      const change = {
        mac: '02-AA-bb-00-00-01',
        sysctl: { 'net.core.somaxconn': '0x200', 'net.ipv4.tcp_rmem': '4096\t87380  90000' },
      }
      const prevResult = await must(host, 'ADD', conf(change), options)
      await sandbox.exec(['ip', 'link', 'set', 'eth0', 'promisc', 'on'])
      await must(host, 'CHECK', { ...conf(change), prevResult }, options)
    }),
)
