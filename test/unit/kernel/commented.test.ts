import t from 'tap'
import { commentedIn } from '../../../lib/kernel/commented.ts'

const listing = `table inet fairlead {
	map port4 {
		type inet_proto . inet_service : ipv4_addr . inet_service
		elements = { tcp . 8080 comment "net1 eth0 a" : 10.88.0.2 . 80,
			     udp . 5353 comment "net1 eth0 a, or b" : 10.88.0.2 . 53 }
	}

	set plain {
		type ipv4_addr
		elements = { 10.0.0.1 }
	}

	set ports {
		type ifname . ether_addr
		elements = { "veth1" . 02:42:0a:58:00:02 comment "net2 eth0 c" }
	}

	chain masq {
		type nat hook postrouting priority srcnat; policy accept;
		ip saddr 10.0.0.1 comment "no element" masquerade
	}
}
`

t.test('elements with comments are found with their sets and keys, and nothing else', async t => {
  t.same(commentedIn('inet', listing), [
    { family: 'inet', set: 'port4', key: 'tcp . 8080', comment: 'net1 eth0 a' },
    { family: 'inet', set: 'port4', key: 'udp . 5353', comment: 'net1 eth0 a, or b' },
    { family: 'inet', set: 'ports', key: '"veth1" . 02:42:0a:58:00:02', comment: 'net2 eth0 c' },
  ])
  t.same(commentedIn('inet', ''), [])
})
