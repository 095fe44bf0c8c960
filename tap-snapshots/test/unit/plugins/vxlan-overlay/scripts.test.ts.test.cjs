/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for a group > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:42:0a:c8:01:00",
    "mtu": 1450,
    "name": "flb7",
  },
  Object {
    "mac": "fe:2b:5f:55:9a:9a",
    "mtu": 1450,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:c8:01:01",
    "mtu": 1450,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for a group > by ADD 1`] = `
bridge -batch -
    fdb replace 02:42:0a:c8:01:00 dev flb7 self permanent local
    fdb append 00:00:00:00:00:00 dev flv7 self permanent dst 239.1.1.1 via up0
ip -j -d -force -batch -
    link add name flb7 mtu 1449 address 02:42:0a:c8:01:00 group 64029 type bridge mcast_snooping 0
    link set dev flb7 mtu 1450
    link set dev flb7 alias fairlead:network:51b465823886377d addrgenmode none
    link set dev flb7 up
    link add name flv7 mtu 1450 group 64029 type vxlan id 7 dstport 4789 local 192.0.2.1 dev up0 group 239.1.1.1
    link set dev flv7 addrgenmode none
    link set dev flv7 master flb7 up
    link set dev flv7 type bridge_slave neigh_suppress on
    link add name veth3bca41eb2a9 mtu 1450 address fe:2b:5f:55:9a:9a type veth peer name eth0 mtu 1450 address 02:42:0a:c8:01:01 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-vxlan-overlay addrgenmode none
    link set dev veth3bca41eb2a9 master flb7 up
    address replace 10.200.1.0/16 broadcast + dev flb7
    address replace 10.200.0.1/32 dev flb7
    address replace fd20::100/64 dev flb7 nodad
    address replace fd20::1/128 dev flb7 nodad preferred_lft 0
    address replace fe80::1/64 dev flb7 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::42:aff:fec8:101/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.200.1.1/16 broadcast + dev eth0
    address add fd20::101/64 dev eth0 nodad
    route append 0.0.0.0/0 via 10.200.0.1 dev eth0
    route append ::/0 via fd20::1 dev eth0
nft -f -
    add element inet fairlead local4 { 10.200.1.1 . 10.200.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.200.1.1 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local6 { fd20::101 . fd20:: comment "net1 eth0 c1" }
    add element inet fairlead masq6 { fd20::101 comment "net1 eth0 c1" : goto masq6-64 }
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 1
/proc/sys/net/ipv6/conf/flb7/accept_ra = 0
/proc/sys/net/ipv6/conf/flv7/accept_ra = 0

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for a group > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead masq6 { fd20::101 comment "net1 eth0 c1" : goto masq6-64 }
    add element inet fairlead local6 { fd20::101 . fd20:: comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.200.1.1 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local4 { 10.200.1.1 . 10.200.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead masq6 { fd20::101 }
    delete element inet fairlead local6 { fd20::101 . fd20:: }
    delete element inet fairlead masq4 { 10.200.1.1 }
    delete element inet fairlead local4 { 10.200.1.1 . 10.200.0.0 }

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for a port and an MTU > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:42:0a:c8:01:00",
    "mtu": 1400,
    "name": "flb7",
  },
  Object {
    "mac": "fe:2b:5f:55:9a:9a",
    "mtu": 1400,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:c8:01:01",
    "mtu": 1400,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for a port and an MTU > by ADD 1`] = `
bridge -batch -
    fdb replace 02:42:0a:c8:01:00 dev flb7 self permanent local
    fdb replace 02:42:0a:c8:01:01 dev veth3bca41eb2a9 master static
bridge -force -batch -
    fdb replace 02:42:0a:c8:02:00 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:02:01 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:02:02 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:02:03 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:03:00 dev flv7 self master static sticky dst 192.0.2.3
    fdb replace 02:42:0a:c8:03:01 dev flv7 self master static sticky dst 192.0.2.3
    fdb replace 02:42:0a:c8:03:02 dev flv7 self master static sticky dst 192.0.2.3
    fdb replace 02:42:0a:c8:03:03 dev flv7 self master static sticky dst 192.0.2.3
ip -force -batch -
    link set dev flv7 alias fairlead:remotes:
    neighbour replace 10.200.2.0 lladdr 02:42:0a:c8:02:00 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.1 lladdr 02:42:0a:c8:02:01 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.2 lladdr 02:42:0a:c8:02:02 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.3 lladdr 02:42:0a:c8:02:03 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.0 lladdr 02:42:0a:c8:03:00 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.1 lladdr 02:42:0a:c8:03:01 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.2 lladdr 02:42:0a:c8:03:02 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.3 lladdr 02:42:0a:c8:03:03 dev flb7 nud permanent protocol 117
    link set dev flv7 alias fairlead:remotes:aab1f51b681f75bb
ip -j -d -force -batch -
    link add name flb7 mtu 1399 address 02:42:0a:c8:01:00 group 64029 type bridge mcast_snooping 0
    link set dev flb7 mtu 1400
    link set dev flb7 alias fairlead:network:51b465823886377d addrgenmode none
    link set dev flb7 up
    link add name flv7 mtu 1400 group 64029 type vxlan id 7 dstport 4790 local 192.0.2.1 dev up0 nolearning
    link set dev flv7 addrgenmode none
    link set dev flv7 master flb7 up
    link set dev flv7 type bridge_slave neigh_suppress on learning off flood off mcast_flood off
    link add name veth3bca41eb2a9 mtu 1400 address fe:2b:5f:55:9a:9a type veth peer name eth0 mtu 1400 address 02:42:0a:c8:01:01 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-vxlan-overlay addrgenmode none
    link set dev veth3bca41eb2a9 master flb7 up
    link set dev veth3bca41eb2a9 type bridge_slave learning off flood off
    address replace 10.200.1.0/16 broadcast + dev flb7
    address replace 10.200.0.1/32 dev flb7
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.200.1.1/16 broadcast + dev eth0
    route append 0.0.0.0/0 via 10.200.0.1 dev eth0
nft -f -
    add table inet fairlead
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    add chain inet fairlead vteps-7 { type filter hook input priority -200; policy accept; }
    flush chain inet fairlead vteps-7
    add rule inet fairlead vteps-7 udp dport 4790 @th,96,24 0x7 ip saddr != @vteps4-7 drop
    add rule inet fairlead vteps-7 udp dport 4790 @th,96,24 0x7 ip6 saddr != @vteps6-7 drop
    add element inet fairlead vteps4-7 { 192.0.2.2, 192.0.2.3 }
    list set inet fairlead vteps4-7
    list set inet fairlead vteps6-7
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv6/conf/flb7/accept_ra = 0
/proc/sys/net/ipv6/conf/flv7/accept_ra = 0

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for a port and an MTU > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add table inet fairlead
    add chain inet fairlead vteps-7
    flush chain inet fairlead vteps-7
    delete chain inet fairlead vteps-7
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    delete set inet fairlead vteps4-7
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    delete set inet fairlead vteps6-7

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for blocks that are routed > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:42:0a:c8:01:00",
    "mtu": 1450,
    "name": "flb7",
  },
  Object {
    "mac": "fe:2b:5f:55:9a:9a",
    "mtu": 1450,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:c8:01:02",
    "mtu": 1450,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for blocks that are routed > by ADD 1`] = `
bridge -batch -
    fdb replace 02:42:0a:c8:01:00 dev flb7 self permanent local
bridge -force -batch -
    fdb replace 02:e9:51:93:c3:16 dev flv7 self static sticky dst 192.0.2.2
    fdb replace 02:46:9a:e5:29:6e dev flv7 self static sticky dst 192.0.2.3
ip -force -batch -
    link set dev flv7 alias fairlead:remotes:
    neighbour replace 10.200.2.0 lladdr 02:e9:51:93:c3:16 dev flv7 nud permanent protocol 117
    neighbour replace fd20::200 lladdr 02:e9:51:93:c3:16 dev flv7 nud permanent protocol 117
    neighbour replace 10.200.3.0 lladdr 02:46:9a:e5:29:6e dev flv7 nud permanent protocol 117
    neighbour replace fd20::300 lladdr 02:46:9a:e5:29:6e dev flv7 nud permanent protocol 117
    route replace 10.200.2.0/30 via 10.200.2.0 dev flv7 onlink src 10.200.1.0 proto 117
    route replace fd20::200/126 via fd20::200 dev flv7 onlink src fd20::100 proto 117
    route replace 10.200.3.0/30 via 10.200.3.0 dev flv7 onlink src 10.200.1.0 proto 117
    route replace fd20::300/126 via fd20::300 dev flv7 onlink src fd20::100 proto 117
    link set dev flv7 alias fairlead:remotes:89a04738720bb3f5
ip -j -d -force -batch -
    link add name flb7 mtu 1449 address 02:42:0a:c8:01:00 group 64029 type bridge mcast_snooping 0
    link set dev flb7 mtu 1450
    link set dev flb7 alias fairlead:network:51b465823886377d addrgenmode none
    link set dev flb7 up
    link add name flv7 mtu 1450 address 02:83:ba:fb:d2:fa group 64029 type vxlan id 7 dstport 4789 local 192.0.2.1 dev up0 nolearning
    link set dev flv7 addrgenmode none
    link set dev flv7 up
    link add name veth3bca41eb2a9 mtu 1450 address fe:2b:5f:55:9a:9a type veth peer name eth0 mtu 1450 address 02:42:0a:c8:01:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-vxlan-overlay addrgenmode none
    link set dev veth3bca41eb2a9 master flb7 up
    address replace 10.200.1.1/30 broadcast + dev flb7
    address replace fd20::101/126 dev flb7 nodad
    address replace 10.200.1.0/32 dev flv7
    address replace fd20::100/128 dev flv7 nodad
    address replace fe80::1/64 dev flb7 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::42:aff:fec8:102/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.200.1.2/30 broadcast + dev eth0
    address add fd20::102/126 dev eth0 nodad
    route append 0.0.0.0/0 via 10.200.1.1 dev eth0
    route append ::/0 via fd20::101 dev eth0
nft -f -
    add element inet fairlead local4 { 10.200.1.2 . 10.200.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.200.1.2 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local6 { fd20::102 . fd20:: comment "net1 eth0 c1" }
    add element inet fairlead masq6 { fd20::102 comment "net1 eth0 c1" : goto masq6-64 }
    add table inet fairlead
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    add chain inet fairlead vteps-7 { type filter hook input priority -200; policy accept; }
    flush chain inet fairlead vteps-7
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip saddr != @vteps4-7 drop
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip6 saddr != @vteps6-7 drop
    add element inet fairlead vteps4-7 { 192.0.2.2, 192.0.2.3 }
    list set inet fairlead vteps4-7
    list set inet fairlead vteps6-7
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 1
/proc/sys/net/ipv6/conf/flb7/accept_ra = 0
/proc/sys/net/ipv6/conf/flv7/accept_ra = 0

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for blocks that are routed > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead masq6 { fd20::102 comment "net1 eth0 c1" : goto masq6-64 }
    add element inet fairlead local6 { fd20::102 . fd20:: comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.200.1.2 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local4 { 10.200.1.2 . 10.200.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead masq6 { fd20::102 }
    delete element inet fairlead local6 { fd20::102 . fd20:: }
    delete element inet fairlead masq4 { 10.200.1.2 }
    delete element inet fairlead local4 { 10.200.1.2 . 10.200.0.0 }
    add table inet fairlead
    add chain inet fairlead vteps-7
    flush chain inet fairlead vteps-7
    delete chain inet fairlead vteps-7
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    delete set inet fairlead vteps4-7
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    delete set inet fairlead vteps6-7

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for both families over IPv4 > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:42:0a:c8:01:00",
    "mtu": 1450,
    "name": "flb7",
  },
  Object {
    "mac": "fe:2b:5f:55:9a:9a",
    "mtu": 1450,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:c8:01:01",
    "mtu": 1450,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for both families over IPv4 > by ADD 1`] = `
bridge -batch -
    fdb replace 02:42:0a:c8:01:00 dev flb7 self permanent local
    fdb replace 02:42:0a:c8:01:01 dev veth3bca41eb2a9 master static
bridge -force -batch -
    fdb replace 02:42:0a:c8:02:00 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:02:01 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:02:02 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:02:03 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:03:00 dev flv7 self master static sticky dst 192.0.2.3
    fdb replace 02:42:0a:c8:03:01 dev flv7 self master static sticky dst 192.0.2.3
    fdb replace 02:42:0a:c8:03:02 dev flv7 self master static sticky dst 192.0.2.3
    fdb replace 02:42:0a:c8:03:03 dev flv7 self master static sticky dst 192.0.2.3
ip -force -batch -
    link set dev flv7 alias fairlead:remotes:
    neighbour replace 10.200.2.0 lladdr 02:42:0a:c8:02:00 dev flb7 nud permanent protocol 117
    neighbour replace fd20::200 lladdr 02:42:0a:c8:02:00 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.1 lladdr 02:42:0a:c8:02:01 dev flb7 nud permanent protocol 117
    neighbour replace fd20::201 lladdr 02:42:0a:c8:02:01 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.2 lladdr 02:42:0a:c8:02:02 dev flb7 nud permanent protocol 117
    neighbour replace fd20::202 lladdr 02:42:0a:c8:02:02 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.3 lladdr 02:42:0a:c8:02:03 dev flb7 nud permanent protocol 117
    neighbour replace fd20::203 lladdr 02:42:0a:c8:02:03 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.0 lladdr 02:42:0a:c8:03:00 dev flb7 nud permanent protocol 117
    neighbour replace fd20::300 lladdr 02:42:0a:c8:03:00 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.1 lladdr 02:42:0a:c8:03:01 dev flb7 nud permanent protocol 117
    neighbour replace fd20::301 lladdr 02:42:0a:c8:03:01 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.2 lladdr 02:42:0a:c8:03:02 dev flb7 nud permanent protocol 117
    neighbour replace fd20::302 lladdr 02:42:0a:c8:03:02 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.3 lladdr 02:42:0a:c8:03:03 dev flb7 nud permanent protocol 117
    neighbour replace fd20::303 lladdr 02:42:0a:c8:03:03 dev flb7 nud permanent protocol 117
    link set dev flv7 alias fairlead:remotes:a2faae7e9486336d
ip -j -d -force -batch -
    link add name flb7 mtu 1449 address 02:42:0a:c8:01:00 group 64029 type bridge mcast_snooping 0
    link set dev flb7 mtu 1450
    link set dev flb7 alias fairlead:network:51b465823886377d addrgenmode none
    link set dev flb7 up
    link add name flv7 mtu 1450 group 64029 type vxlan id 7 dstport 4789 local 192.0.2.1 dev up0 nolearning
    link set dev flv7 addrgenmode none
    link set dev flv7 master flb7 up
    link set dev flv7 type bridge_slave neigh_suppress on learning off flood off mcast_flood off
    link add name veth3bca41eb2a9 mtu 1450 address fe:2b:5f:55:9a:9a type veth peer name eth0 mtu 1450 address 02:42:0a:c8:01:01 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-vxlan-overlay addrgenmode none
    link set dev veth3bca41eb2a9 master flb7 up
    link set dev veth3bca41eb2a9 type bridge_slave learning off flood off
    address replace 10.200.1.0/16 broadcast + dev flb7
    address replace 10.200.0.1/32 dev flb7
    address replace fd20::100/64 dev flb7 nodad
    address replace fd20::1/128 dev flb7 nodad preferred_lft 0
    address replace fe80::1/64 dev flb7 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::42:aff:fec8:101/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.200.1.1/16 broadcast + dev eth0
    address add fd20::101/64 dev eth0 nodad
    route append 0.0.0.0/0 via 10.200.0.1 dev eth0
    route append ::/0 via fd20::1 dev eth0
nft -f -
    add element inet fairlead local4 { 10.200.1.1 . 10.200.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.200.1.1 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local6 { fd20::101 . fd20:: comment "net1 eth0 c1" }
    add element inet fairlead masq6 { fd20::101 comment "net1 eth0 c1" : goto masq6-64 }
    add table inet fairlead
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    add chain inet fairlead vteps-7 { type filter hook input priority -200; policy accept; }
    flush chain inet fairlead vteps-7
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip saddr != @vteps4-7 drop
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip6 saddr != @vteps6-7 drop
    add element inet fairlead vteps4-7 { 192.0.2.2, 192.0.2.3 }
    list set inet fairlead vteps4-7
    list set inet fairlead vteps6-7
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 1
/proc/sys/net/ipv6/conf/flb7/accept_ra = 0
/proc/sys/net/ipv6/conf/flv7/accept_ra = 0

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for both families over IPv4 > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead masq6 { fd20::101 comment "net1 eth0 c1" : goto masq6-64 }
    add element inet fairlead local6 { fd20::101 . fd20:: comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.200.1.1 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local4 { 10.200.1.1 . 10.200.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead masq6 { fd20::101 }
    delete element inet fairlead local6 { fd20::101 . fd20:: }
    delete element inet fairlead masq4 { 10.200.1.1 }
    delete element inet fairlead local4 { 10.200.1.1 . 10.200.0.0 }
    add table inet fairlead
    add chain inet fairlead vteps-7
    flush chain inet fairlead vteps-7
    delete chain inet fairlead vteps-7
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    delete set inet fairlead vteps4-7
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    delete set inet fairlead vteps6-7

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for IPv4 over IPv6 > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:42:0a:c8:01:00",
    "mtu": 1430,
    "name": "flb7",
  },
  Object {
    "mac": "fe:2b:5f:55:9a:9a",
    "mtu": 1430,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:c8:01:01",
    "mtu": 1430,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for IPv4 over IPv6 > by ADD 1`] = `
bridge -batch -
    fdb replace 02:42:0a:c8:01:00 dev flb7 self permanent local
    fdb replace 02:42:0a:c8:01:01 dev veth3bca41eb2a9 master static
bridge -force -batch -
    fdb replace 02:42:0a:c8:02:00 dev flv7 self master static sticky dst 2001:db8::2
    fdb replace 02:42:0a:c8:02:01 dev flv7 self master static sticky dst 2001:db8::2
    fdb replace 02:42:0a:c8:02:02 dev flv7 self master static sticky dst 2001:db8::2
    fdb replace 02:42:0a:c8:02:03 dev flv7 self master static sticky dst 2001:db8::2
ip -force -batch -
    link set dev flv7 alias fairlead:remotes:
    neighbour replace 10.200.2.0 lladdr 02:42:0a:c8:02:00 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.1 lladdr 02:42:0a:c8:02:01 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.2 lladdr 02:42:0a:c8:02:02 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.3 lladdr 02:42:0a:c8:02:03 dev flb7 nud permanent protocol 117
    link set dev flv7 alias fairlead:remotes:08d44f82170080fa
ip -j -d -force -batch -
    link add name flb7 mtu 1429 address 02:42:0a:c8:01:00 group 64029 type bridge mcast_snooping 0
    link set dev flb7 mtu 1430
    link set dev flb7 alias fairlead:network:51b465823886377d addrgenmode none
    link set dev flb7 up
    link add name flv7 mtu 1430 group 64029 type vxlan id 7 dstport 4789 local 2001:db8::1 dev up0 nolearning
    link set dev flv7 addrgenmode none
    link set dev flv7 master flb7 up
    link set dev flv7 type bridge_slave neigh_suppress on learning off flood off mcast_flood off
    link add name veth3bca41eb2a9 mtu 1430 address fe:2b:5f:55:9a:9a type veth peer name eth0 mtu 1430 address 02:42:0a:c8:01:01 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-vxlan-overlay addrgenmode none
    link set dev veth3bca41eb2a9 master flb7 up
    link set dev veth3bca41eb2a9 type bridge_slave learning off flood off
    address replace 10.200.1.0/16 broadcast + dev flb7
    address replace 10.200.0.1/32 dev flb7
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.200.1.1/16 broadcast + dev eth0
    route append 0.0.0.0/0 via 10.200.0.1 dev eth0
nft -f -
    add element inet fairlead local4 { 10.200.1.1 . 10.200.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.200.1.1 comment "net1 eth0 c1" : goto masq4-16 }
    add table inet fairlead
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    add chain inet fairlead vteps-7 { type filter hook input priority -200; policy accept; }
    flush chain inet fairlead vteps-7
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip saddr != @vteps4-7 drop
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip6 saddr != @vteps6-7 drop
    add element inet fairlead vteps6-7 { 2001:db8::2 }
    list set inet fairlead vteps4-7
    list set inet fairlead vteps6-7
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv6/conf/flb7/accept_ra = 0
/proc/sys/net/ipv6/conf/flv7/accept_ra = 0

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for IPv4 over IPv6 > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead masq4 { 10.200.1.1 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local4 { 10.200.1.1 . 10.200.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead masq4 { 10.200.1.1 }
    delete element inet fairlead local4 { 10.200.1.1 . 10.200.0.0 }
    add table inet fairlead
    add chain inet fairlead vteps-7
    flush chain inet fairlead vteps-7
    delete chain inet fairlead vteps-7
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    delete set inet fairlead vteps4-7
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    delete set inet fairlead vteps6-7

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for IPv6 alone > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:42:00:00:01:00",
    "mtu": 1450,
    "name": "flb7",
  },
  Object {
    "mac": "fe:2b:5f:55:9a:9a",
    "mtu": 1450,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:00:00:01:01",
    "mtu": 1450,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for IPv6 alone > by ADD 1`] = `
bridge -batch -
    fdb replace 02:42:00:00:01:00 dev flb7 self permanent local
    fdb replace 02:42:00:00:01:01 dev veth3bca41eb2a9 master static
bridge -force -batch -
    fdb replace 02:42:00:00:02:00 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:00:00:02:01 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:00:00:02:02 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:00:00:02:03 dev flv7 self master static sticky dst 192.0.2.2
ip -force -batch -
    link set dev flv7 alias fairlead:remotes:
    neighbour replace fd20::200 lladdr 02:42:00:00:02:00 dev flb7 nud permanent protocol 117
    neighbour replace fd20::201 lladdr 02:42:00:00:02:01 dev flb7 nud permanent protocol 117
    neighbour replace fd20::202 lladdr 02:42:00:00:02:02 dev flb7 nud permanent protocol 117
    neighbour replace fd20::203 lladdr 02:42:00:00:02:03 dev flb7 nud permanent protocol 117
    link set dev flv7 alias fairlead:remotes:298a6290d124db3e
ip -j -d -force -batch -
    link add name flb7 mtu 1449 address 02:42:00:00:01:00 group 64029 type bridge mcast_snooping 0
    link set dev flb7 mtu 1450
    link set dev flb7 alias fairlead:network:51b465823886377d addrgenmode none
    link set dev flb7 up
    link add name flv7 mtu 1450 group 64029 type vxlan id 7 dstport 4789 local 192.0.2.1 dev up0 nolearning
    link set dev flv7 addrgenmode none
    link set dev flv7 master flb7 up
    link set dev flv7 type bridge_slave neigh_suppress on learning off flood off mcast_flood off
    link add name veth3bca41eb2a9 mtu 1450 address fe:2b:5f:55:9a:9a type veth peer name eth0 mtu 1450 address 02:42:00:00:01:01 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-vxlan-overlay addrgenmode none
    link set dev veth3bca41eb2a9 master flb7 up
    link set dev veth3bca41eb2a9 type bridge_slave learning off flood off
    address replace fd20::100/64 dev flb7 nodad
    address replace fd20::1/128 dev flb7 nodad preferred_lft 0
    address replace fe80::1/64 dev flb7 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::42:ff:fe00:101/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add fd20::101/64 dev eth0 nodad
    route append ::/0 via fd20::1 dev eth0
nft -f -
    add element inet fairlead local6 { fd20::101 . fd20:: comment "net1 eth0 c1" }
    add element inet fairlead masq6 { fd20::101 comment "net1 eth0 c1" : goto masq6-64 }
    add table inet fairlead
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    add chain inet fairlead vteps-7 { type filter hook input priority -200; policy accept; }
    flush chain inet fairlead vteps-7
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip saddr != @vteps4-7 drop
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip6 saddr != @vteps6-7 drop
    add element inet fairlead vteps4-7 { 192.0.2.2 }
    list set inet fairlead vteps4-7
    list set inet fairlead vteps6-7
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 1
/proc/sys/net/ipv6/conf/flb7/accept_ra = 0
/proc/sys/net/ipv6/conf/flv7/accept_ra = 0

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for IPv6 alone > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead masq6 { fd20::101 comment "net1 eth0 c1" : goto masq6-64 }
    add element inet fairlead local6 { fd20::101 . fd20:: comment "net1 eth0 c1" }
    delete element inet fairlead masq6 { fd20::101 }
    delete element inet fairlead local6 { fd20::101 . fd20:: }
    add table inet fairlead
    add chain inet fairlead vteps-7
    flush chain inet fairlead vteps-7
    delete chain inet fairlead vteps-7
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    delete set inet fairlead vteps4-7
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    delete set inet fairlead vteps6-7

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for no way out > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:42:0a:c8:01:00",
    "mtu": 1450,
    "name": "flb7",
  },
  Object {
    "mac": "fe:2b:5f:55:9a:9a",
    "mtu": 1450,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:c8:01:01",
    "mtu": 1450,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for no way out > by ADD 1`] = `
bridge -batch -
    fdb replace 02:42:0a:c8:01:00 dev flb7 self permanent local
    fdb replace 02:42:0a:c8:01:01 dev veth3bca41eb2a9 master static
bridge -force -batch -
    fdb replace 02:42:0a:c8:02:00 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:02:01 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:02:02 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:02:03 dev flv7 self master static sticky dst 192.0.2.2
    fdb replace 02:42:0a:c8:03:00 dev flv7 self master static sticky dst 192.0.2.3
    fdb replace 02:42:0a:c8:03:01 dev flv7 self master static sticky dst 192.0.2.3
    fdb replace 02:42:0a:c8:03:02 dev flv7 self master static sticky dst 192.0.2.3
    fdb replace 02:42:0a:c8:03:03 dev flv7 self master static sticky dst 192.0.2.3
ip -force -batch -
    link set dev flv7 alias fairlead:remotes:
    neighbour replace 10.200.2.0 lladdr 02:42:0a:c8:02:00 dev flb7 nud permanent protocol 117
    neighbour replace fd20::200 lladdr 02:42:0a:c8:02:00 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.1 lladdr 02:42:0a:c8:02:01 dev flb7 nud permanent protocol 117
    neighbour replace fd20::201 lladdr 02:42:0a:c8:02:01 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.2 lladdr 02:42:0a:c8:02:02 dev flb7 nud permanent protocol 117
    neighbour replace fd20::202 lladdr 02:42:0a:c8:02:02 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.2.3 lladdr 02:42:0a:c8:02:03 dev flb7 nud permanent protocol 117
    neighbour replace fd20::203 lladdr 02:42:0a:c8:02:03 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.0 lladdr 02:42:0a:c8:03:00 dev flb7 nud permanent protocol 117
    neighbour replace fd20::300 lladdr 02:42:0a:c8:03:00 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.1 lladdr 02:42:0a:c8:03:01 dev flb7 nud permanent protocol 117
    neighbour replace fd20::301 lladdr 02:42:0a:c8:03:01 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.2 lladdr 02:42:0a:c8:03:02 dev flb7 nud permanent protocol 117
    neighbour replace fd20::302 lladdr 02:42:0a:c8:03:02 dev flb7 nud permanent protocol 117
    neighbour replace 10.200.3.3 lladdr 02:42:0a:c8:03:03 dev flb7 nud permanent protocol 117
    neighbour replace fd20::303 lladdr 02:42:0a:c8:03:03 dev flb7 nud permanent protocol 117
    link set dev flv7 alias fairlead:remotes:a2faae7e9486336d
ip -j -d -force -batch -
    link add name flb7 mtu 1449 address 02:42:0a:c8:01:00 group 64029 type bridge mcast_snooping 0
    link set dev flb7 mtu 1450
    link set dev flb7 alias fairlead:network:51b465823886377d addrgenmode none
    link set dev flb7 up
    link add name flv7 mtu 1450 group 64029 type vxlan id 7 dstport 4789 local 192.0.2.1 dev up0 nolearning
    link set dev flv7 addrgenmode none
    link set dev flv7 master flb7 up
    link set dev flv7 type bridge_slave neigh_suppress on learning off flood off mcast_flood off
    link add name veth3bca41eb2a9 mtu 1450 address fe:2b:5f:55:9a:9a type veth peer name eth0 mtu 1450 address 02:42:0a:c8:01:01 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-vxlan-overlay addrgenmode none
    link set dev veth3bca41eb2a9 master flb7 up
    link set dev veth3bca41eb2a9 type bridge_slave learning off flood off
    address replace 10.200.1.0/16 broadcast + dev flb7
    address replace fd20::100/64 dev flb7 nodad
    address replace fe80::1/64 dev flb7 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::42:aff:fec8:101/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.200.1.1/16 broadcast + dev eth0
    address add fd20::101/64 dev eth0 nodad
nft -f -
    add element inet fairlead closed4 { "flb7" . 10.200.1.1 comment "net1 eth0 c1" }
    add element inet fairlead closed6 { "flb7" . fd20::101 comment "net1 eth0 c1" }
    add element inet fairlead networks { "flb7" . "flb7", "flb7" . "flv7", "flv7" . "flb7", "flv7" . "flv7" }
    add element inet fairlead internals { "flb7", "flv7" }
    add element bridge fairlead policies { "veth3bca41eb2a9" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }
    add element bridge fairlead gateways { "flv7" }
    add table inet fairlead
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    add chain inet fairlead vteps-7 { type filter hook input priority -200; policy accept; }
    flush chain inet fairlead vteps-7
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip saddr != @vteps4-7 drop
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip6 saddr != @vteps6-7 drop
    add element inet fairlead vteps4-7 { 192.0.2.2, 192.0.2.3 }
    list set inet fairlead vteps4-7
    list set inet fairlead vteps6-7
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv6/conf/flb7/accept_ra = 0
/proc/sys/net/ipv6/conf/flv7/accept_ra = 0

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for no way out > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element bridge fairlead policies { "veth3bca41eb2a9" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }
    add element inet fairlead closed6 { "flb7" . fd20::101 comment "net1 eth0 c1" }
    add element inet fairlead closed4 { "flb7" . 10.200.1.1 comment "net1 eth0 c1" }
    delete element bridge fairlead policies { "veth3bca41eb2a9" }
    delete element inet fairlead closed6 { "flb7" . fd20::101 }
    delete element inet fairlead closed4 { "flb7" . 10.200.1.1 }
    add element bridge fairlead gateways { "flv7" }
    add element inet fairlead internals { "flv7", "flb7" }
    add element inet fairlead networks { "flv7" . "flv7", "flv7" . "flb7", "flb7" . "flv7", "flb7" . "flb7" }
    delete element bridge fairlead gateways { "flv7" }
    delete element inet fairlead internals { "flv7", "flb7" }
    delete element inet fairlead networks { "flv7" . "flv7", "flv7" . "flb7", "flb7" . "flv7", "flb7" . "flb7" }
    add table inet fairlead
    add chain inet fairlead vteps-7
    flush chain inet fairlead vteps-7
    delete chain inet fairlead vteps-7
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    delete set inet fairlead vteps4-7
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    delete set inet fairlead vteps6-7

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for no way out of blocks that are routed > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:42:0a:c8:01:00",
    "mtu": 1450,
    "name": "flb7",
  },
  Object {
    "mac": "fe:2b:5f:55:9a:9a",
    "mtu": 1450,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:c8:01:02",
    "mtu": 1450,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for no way out of blocks that are routed > by ADD 1`] = `
bridge -batch -
    fdb replace 02:42:0a:c8:01:00 dev flb7 self permanent local
bridge -force -batch -
    fdb replace 02:e9:51:93:c3:16 dev flv7 self static sticky dst 192.0.2.2
    fdb replace 02:46:9a:e5:29:6e dev flv7 self static sticky dst 192.0.2.3
ip -force -batch -
    link set dev flv7 alias fairlead:remotes:
    neighbour replace 10.200.2.0 lladdr 02:e9:51:93:c3:16 dev flv7 nud permanent protocol 117
    neighbour replace fd20::200 lladdr 02:e9:51:93:c3:16 dev flv7 nud permanent protocol 117
    neighbour replace 10.200.3.0 lladdr 02:46:9a:e5:29:6e dev flv7 nud permanent protocol 117
    neighbour replace fd20::300 lladdr 02:46:9a:e5:29:6e dev flv7 nud permanent protocol 117
    route replace 10.200.2.0/30 via 10.200.2.0 dev flv7 onlink src 10.200.1.0 proto 117
    route replace fd20::200/126 via fd20::200 dev flv7 onlink src fd20::100 proto 117
    route replace 10.200.3.0/30 via 10.200.3.0 dev flv7 onlink src 10.200.1.0 proto 117
    route replace fd20::300/126 via fd20::300 dev flv7 onlink src fd20::100 proto 117
    link set dev flv7 alias fairlead:remotes:89a04738720bb3f5
ip -j -d -force -batch -
    link add name flb7 mtu 1449 address 02:42:0a:c8:01:00 group 64029 type bridge mcast_snooping 0
    link set dev flb7 mtu 1450
    link set dev flb7 alias fairlead:network:51b465823886377d addrgenmode none
    link set dev flb7 up
    link add name flv7 mtu 1450 address 02:83:ba:fb:d2:fa group 64029 type vxlan id 7 dstport 4789 local 192.0.2.1 dev up0 nolearning
    link set dev flv7 addrgenmode none
    link set dev flv7 up
    link add name veth3bca41eb2a9 mtu 1450 address fe:2b:5f:55:9a:9a type veth peer name eth0 mtu 1450 address 02:42:0a:c8:01:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-vxlan-overlay addrgenmode none
    link set dev veth3bca41eb2a9 master flb7 up
    address replace 10.200.1.1/30 broadcast + dev flb7
    address replace fd20::101/126 dev flb7 nodad
    address replace 10.200.1.0/32 dev flv7
    address replace fd20::100/128 dev flv7 nodad
    address replace fe80::1/64 dev flb7 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::42:aff:fec8:102/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.200.1.2/30 broadcast + dev eth0
    address add fd20::102/126 dev eth0 nodad
    route append 10.200.0.0/16 via 10.200.1.1 dev eth0
    route append fd20::/64 via fd20::101 dev eth0
nft -f -
    add element inet fairlead within4 { "flv7" . 10.200.0.0 }
    add element inet fairlead tunnels4 { "flv7" : goto within4-16 }
    add element inet fairlead within6 { "flv7" . fd20:: }
    add element inet fairlead tunnels6 { "flv7" : goto within6-64 }
    add element inet fairlead closed4 { "flb7" . 10.200.1.2 comment "net1 eth0 c1" }
    add element inet fairlead closed6 { "flb7" . fd20::102 comment "net1 eth0 c1" }
    add element inet fairlead networks { "flb7" . "flb7", "flb7" . "flv7", "flv7" . "flb7", "flv7" . "flv7" }
    add element inet fairlead internals { "flb7", "flv7" }
    add element bridge fairlead policies { "veth3bca41eb2a9" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }
    add element bridge fairlead gateways { "flv7" }
    add table inet fairlead
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    add chain inet fairlead vteps-7 { type filter hook input priority -200; policy accept; }
    flush chain inet fairlead vteps-7
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip saddr != @vteps4-7 drop
    add rule inet fairlead vteps-7 udp dport 4789 @th,96,24 0x7 ip6 saddr != @vteps6-7 drop
    add element inet fairlead vteps4-7 { 192.0.2.2, 192.0.2.3 }
    list set inet fairlead vteps4-7
    list set inet fairlead vteps6-7
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 1
/proc/sys/net/ipv6/conf/flb7/accept_ra = 0
/proc/sys/net/ipv6/conf/flv7/accept_ra = 0

`

exports[`test/unit/plugins/vxlan-overlay/scripts.test.ts > TAP > the kernel is told for no way out of blocks that are routed > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element bridge fairlead policies { "veth3bca41eb2a9" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }
    add element inet fairlead closed6 { "flb7" . fd20::102 comment "net1 eth0 c1" }
    add element inet fairlead closed4 { "flb7" . 10.200.1.2 comment "net1 eth0 c1" }
    delete element bridge fairlead policies { "veth3bca41eb2a9" }
    delete element inet fairlead closed6 { "flb7" . fd20::102 }
    delete element inet fairlead closed4 { "flb7" . 10.200.1.2 }
    add element bridge fairlead gateways { "flv7" }
    add element inet fairlead internals { "flv7", "flb7" }
    add element inet fairlead networks { "flv7" . "flv7", "flv7" . "flb7", "flb7" . "flv7", "flb7" . "flb7" }
    add element inet fairlead tunnels6 { "flv7" : goto within6-64 }
    add element inet fairlead within6 { "flv7" . fd20:: }
    add element inet fairlead tunnels4 { "flv7" : goto within4-16 }
    add element inet fairlead within4 { "flv7" . 10.200.0.0 }
    delete element bridge fairlead gateways { "flv7" }
    delete element inet fairlead internals { "flv7", "flb7" }
    delete element inet fairlead networks { "flv7" . "flv7", "flv7" . "flb7", "flb7" . "flv7", "flb7" . "flb7" }
    delete element inet fairlead tunnels6 { "flv7" }
    delete element inet fairlead within6 { "flv7" . fd20:: }
    delete element inet fairlead tunnels4 { "flv7" }
    delete element inet fairlead within4 { "flv7" . 10.200.0.0 }
    add table inet fairlead
    add chain inet fairlead vteps-7
    flush chain inet fairlead vteps-7
    delete chain inet fairlead vteps-7
    add set inet fairlead vteps4-7 { type ipv4_addr; }
    delete set inet fairlead vteps4-7
    add set inet fairlead vteps6-7 { type ipv6_addr; }
    delete set inet fairlead vteps6-7

`
