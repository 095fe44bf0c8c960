/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for a link-local gateway > and its answer has 1`] = `
Array [
  Object {
    "mac": "fe:c3:4d:8d:b6:8b",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:a0:bd:09:32:51",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for a link-local gateway > by ADD 1`] = `
ip -j -d -force -batch -
    link add name veth3bca41eb2a9 mtu 1500 address fe:c3:4d:8d:b6:8b type veth peer name eth0 mtu 1500 address 02:a0:bd:09:32:51 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-ptp addrgenmode none
    link set dev veth3bca41eb2a9 up
    address add fe80::1/128 dev veth3bca41eb2a9 nodad
    address add fe80::fcc3:4dff:fe8d:b68b/64 dev veth3bca41eb2a9 nodad
    route append fd88::9/128 dev veth3bca41eb2a9
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::a0:bdff:fe09:3251/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add fd88::9/64 dev eth0 nodad noprefixroute
    route append fd88::/64 via fe80::1 dev eth0 src fd88::9
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 1

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for a link-local gateway > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for a subnet of one > and its answer has 1`] = `
Array [
  Object {
    "mac": "fe:c3:4d:8d:b6:8b",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:58:00:09",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for a subnet of one > by ADD 1`] = `
ip -j -d -force -batch -
    link add name veth3bca41eb2a9 mtu 1500 address fe:c3:4d:8d:b6:8b type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:09 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-ptp addrgenmode none
    link set dev veth3bca41eb2a9 up
    address add 10.88.0.1/32 dev veth3bca41eb2a9
    route append 10.88.0.9/32 dev veth3bca41eb2a9
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.9/32 dev eth0 noprefixroute
    route append 10.88.0.1/32 dev eth0 src 10.88.0.9 scope 253
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for a subnet of one > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for both families, masqueraded > and its answer has 1`] = `
Array [
  Object {
    "mac": "fe:c3:4d:8d:b6:8b",
    "mtu": 1400,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:58:00:02",
    "mtu": 1400,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for both families, masqueraded > by ADD 1`] = `
ip -j -d -force -batch -
    link add name veth3bca41eb2a9 mtu 1400 address fe:c3:4d:8d:b6:8b type veth peer name eth0 mtu 1400 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-ptp addrgenmode none
    link set dev veth3bca41eb2a9 up
    address add 10.88.0.1/32 dev veth3bca41eb2a9
    address add fd88::1/128 dev veth3bca41eb2a9 nodad
    address add fe80::fcc3:4dff:fe8d:b68b/64 dev veth3bca41eb2a9 nodad
    route append 10.88.0.2/32 dev veth3bca41eb2a9
    route append fd88::2/128 dev veth3bca41eb2a9
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::42:aff:fe58:2/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.88.0.2/16 broadcast + dev eth0 noprefixroute
    address add fd88::2/64 dev eth0 nodad noprefixroute
    route append 10.88.0.1/32 dev eth0 src 10.88.0.2 scope 253
    route append fd88::1/128 dev eth0 src fd88::2
    route append 10.88.0.0/16 via 10.88.0.1 dev eth0 src 10.88.0.2
    route append fd88::/64 via fd88::1 dev eth0 src fd88::2
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0
nft -f -
    add element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.88.0.2 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead masq6 { fd88::2 comment "net1 eth0 c1" : goto masq6-64 }
    add table inet fairlead
    add set inet fairlead local4 { type ipv4_addr . ipv4_addr; }
    add set inet fairlead local6 { type ipv6_addr . ipv6_addr; }
    add map inet fairlead published4 { type ipv4_addr : verdict; }
    add map inet fairlead masq4 { type ipv4_addr : verdict; }
    add map inet fairlead published6 { type ipv6_addr : verdict; }
    add map inet fairlead masq6 { type ipv6_addr : verdict; }
    add chain inet fairlead masq4-16
    add chain inet fairlead masq { type nat hook postrouting priority srcnat; policy accept; }
    add chain inet fairlead masq6-64
    flush chain inet fairlead masq4-16
    flush chain inet fairlead masq
    flush chain inet fairlead masq6-64
    add rule inet fairlead masq4-16 ip saddr . ip daddr & 255.255.0.0 @local4 return
    add rule inet fairlead masq4-16 masquerade
    add rule inet fairlead masq ct status dnat ip daddr vmap @published4
    add rule inet fairlead masq ct status dnat ip6 daddr vmap @published6
    add rule inet fairlead masq ip daddr 224.0.0.0/4 return
    add rule inet fairlead masq ip saddr vmap @masq4
    add rule inet fairlead masq ip6 daddr ff00::/8 return
    add rule inet fairlead masq ip6 saddr vmap @masq6
    add rule inet fairlead masq6-64 ip6 saddr . ip6 daddr & ffff:ffff:ffff:ffff:: @local6 return
    add rule inet fairlead masq6-64 masquerade
    add element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.88.0.2 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead masq6 { fd88::2 comment "net1 eth0 c1" : goto masq6-64 }
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 1

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for both families, masqueraded > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead masq6 { fd88::2 comment "net1 eth0 c1" : goto masq6-64 }
    add element inet fairlead local6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.88.0.2 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead masq6 { fd88::2 }
    delete element inet fairlead local6 { fd88::2 . fd88:: }
    delete element inet fairlead masq4 { 10.88.0.2 }
    delete element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 }

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for masquerade in iptables > and its answer has 1`] = `
Array [
  Object {
    "mac": "fe:c3:4d:8d:b6:8b",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:58:00:02",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for masquerade in iptables > by ADD 1`] = `
ip -j -d -force -batch -
    link add name veth3bca41eb2a9 mtu 1500 address fe:c3:4d:8d:b6:8b type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-ptp addrgenmode none
    link set dev veth3bca41eb2a9 up
    address add 10.88.0.1/32 dev veth3bca41eb2a9
    route append 10.88.0.2/32 dev veth3bca41eb2a9
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0 noprefixroute
    route append 10.88.0.1/32 dev eth0 src 10.88.0.2 scope 253
    route append 10.88.0.0/16 via 10.88.0.1 dev eth0 src 10.88.0.2
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0
iptables-restore --noflush --wait
    *nat
    -N CNI-c2d892b58e87e28a12fe6479
    -A CNI-c2d892b58e87e28a12fe6479 -d 10.88.0.0/16 -m comment --comment "name: \\"net1\\" id: \\"c1\\"" -j ACCEPT
    -A CNI-c2d892b58e87e28a12fe6479 ! -d 224.0.0.0/4 -m comment --comment "name: \\"net1\\" id: \\"c1\\"" -j MASQUERADE
    -A POSTROUTING -s 10.88.0.2/32 -m comment --comment "name: \\"net1\\" id: \\"c1\\"" -j CNI-c2d892b58e87e28a12fe6479
    COMMIT
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for masquerade in iptables > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
iptables-restore --noflush --wait
    *nat
    -D POSTROUTING -s 10.88.0.2/32 -m comment --comment "name: \\"net1\\" id: \\"c1\\"" -j CNI-c2d892b58e87e28a12fe6479
    -F CNI-c2d892b58e87e28a12fe6479
    -X CNI-c2d892b58e87e28a12fe6479
    COMMIT

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for one family > and its answer has 1`] = `
Array [
  Object {
    "mac": "fe:c3:4d:8d:b6:8b",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:58:00:02",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for one family > by ADD 1`] = `
ip -j -d -force -batch -
    link add name veth3bca41eb2a9 mtu 1500 address fe:c3:4d:8d:b6:8b type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-ptp addrgenmode none
    link set dev veth3bca41eb2a9 up
    address add 10.88.0.1/32 dev veth3bca41eb2a9
    route append 10.88.0.2/32 dev veth3bca41eb2a9
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0 noprefixroute
    route append 10.88.0.1/32 dev eth0 src 10.88.0.2 scope 253
    route append 10.88.0.0/16 via 10.88.0.1 dev eth0 src 10.88.0.2
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for one family > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for two addresses of one subnet, and none has a gateway > and its answer has 1`] = `
Array [
  Object {
    "mac": "fe:c3:4d:8d:b6:8b",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:58:00:08",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for two addresses of one subnet, and none has a gateway > by ADD 1`] = `
ip -j -d -force -batch -
    link add name veth3bca41eb2a9 mtu 1500 address fe:c3:4d:8d:b6:8b type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:08 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-ptp addrgenmode none
    link set dev veth3bca41eb2a9 up
    address add 10.88.0.1/32 dev veth3bca41eb2a9
    route append 10.88.0.8/32 dev veth3bca41eb2a9
    route append 10.88.0.9/32 dev veth3bca41eb2a9
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.8/24 broadcast + dev eth0 noprefixroute
    address add 10.88.0.9/24 broadcast + dev eth0 noprefixroute
    route append 10.88.0.1/32 dev eth0 src 10.88.0.8 scope 253
    route append 10.88.0.0/24 via 10.88.0.1 dev eth0 src 10.88.0.8
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/ptp/scripts.test.ts > TAP > the kernel is told for two addresses of one subnet, and none has a gateway > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`
