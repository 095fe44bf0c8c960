/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a bridge of somebody else > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:01",
    "mtu": 9000,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a bridge of somebody else > by ADD 1`] = `
ip -j -d -force -batch -
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a bridge of somebody else > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a bridge that publishes ports > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a bridge that publishes ports > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    link set dev veth3bca41eb2a9 type bridge_slave hairpin on isolated off
    address replace 10.88.0.1/16 broadcast + dev cni0
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
nft -f -
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add table inet fairlead
    add set inet fairlead near4 { type ipv4_addr . ipv4_addr; }
    add set inet fairlead near6 { type ipv6_addr . ipv6_addr; }
    add map inet fairlead port4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4 { type inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead port6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6 { type inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead published4 { type ipv4_addr : verdict; }
    add map inet fairlead masq4 { type ipv4_addr : verdict; }
    add map inet fairlead published6 { type ipv6_addr : verdict; }
    add map inet fairlead masq6 { type ipv6_addr : verdict; }
    add chain inet fairlead publish4
    add chain inet fairlead publish6
    add chain inet fairlead publish-prerouting { type nat hook prerouting priority dstnat; policy accept; }
    add chain inet fairlead publish-output { type nat hook output priority -100; policy accept; }
    add chain inet fairlead masq { type nat hook postrouting priority srcnat; policy accept; }
    add chain inet fairlead published4-16
    add chain inet fairlead guard { type filter hook prerouting priority raw; policy accept; }
    flush chain inet fairlead publish4
    flush chain inet fairlead publish6
    flush chain inet fairlead publish-prerouting
    flush chain inet fairlead publish-output
    flush chain inet fairlead masq
    flush chain inet fairlead published4-16
    flush chain inet fairlead guard
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @port4at
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @range4at
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @port4
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @range4
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @port6at
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @range6at
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @port6
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @range6
    add rule inet fairlead publish-prerouting meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-prerouting meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead publish-output meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-output meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead masq ct status dnat ip daddr vmap @published4
    add rule inet fairlead masq ct status dnat ip6 daddr vmap @published6
    add rule inet fairlead masq ip daddr 224.0.0.0/4 return
    add rule inet fairlead masq ip saddr vmap @masq4
    add rule inet fairlead masq ip6 daddr ff00::/8 return
    add rule inet fairlead masq ip6 saddr vmap @masq6
    add rule inet fairlead published4-16 ip saddr 127.0.0.0/8 masquerade
    add rule inet fairlead published4-16 ip daddr . ip saddr & 255.255.0.0 @near4 masquerade
    add rule inet fairlead guard meta iiftype != loopback ip daddr 127.0.0.0/8 drop
    add rule inet fairlead guard meta iiftype != loopback ip saddr 127.0.0.0/8 drop
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/cni0/route_localnet = 1
/proc/sys/net/ipv4/conf/veth0/route_localnet = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a bridge that publishes ports > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead port4 { tcp . 8080 }
    delete element inet fairlead published4 { 10.88.0.2 }
    delete element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a filter for source MACs on a port that is apart > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:a2:3c:2b:06:c1",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a filter for source MACs on a port that is apart > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:a2:3c:2b:06:c1 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    link set dev veth3bca41eb2a9 type bridge_slave hairpin on isolated on
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
nft -f -
    add element bridge fairlead allowed { "veth3bca41eb2a9" . 02:a2:3c:2b:06:c1 comment "net1 eth0 c1" }
    add element bridge fairlead guarded { "veth3bca41eb2a9" comment "net1 eth0 c1" }
    add table bridge fairlead
    add set bridge fairlead guarded { type ifname; }
    add set bridge fairlead allowed { type ifname . ether_addr; }
    add chain bridge fairlead spoof { type filter hook prerouting priority dstnat; policy accept; }
    flush chain bridge fairlead spoof
    add rule bridge fairlead spoof iifname @guarded iifname . ether saddr != @allowed drop
    add element bridge fairlead allowed { "veth3bca41eb2a9" . 02:a2:3c:2b:06:c1 comment "net1 eth0 c1" }
    add element bridge fairlead guarded { "veth3bca41eb2a9" comment "net1 eth0 c1" }
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a filter for source MACs on a port that is apart > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element bridge fairlead guarded { "veth3bca41eb2a9" comment "net1 eth0 c1" }
    add element bridge fairlead allowed { "veth3bca41eb2a9" . 02:a2:3c:2b:06:c1 comment "net1 eth0 c1" }
    delete element bridge fairlead guarded { "veth3bca41eb2a9" }
    delete element bridge fairlead allowed { "veth3bca41eb2a9" . 02:a2:3c:2b:06:c1 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway and masquerade on a fresh host > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway and masquerade on a fresh host > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    address replace 10.88.0.1/16 broadcast + dev cni0
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
nft -f -
    add element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.88.0.2 comment "net1 eth0 c1" : goto masq4-16 }
    add table inet fairlead
    add set inet fairlead local4 { type ipv4_addr . ipv4_addr; }
    add set inet fairlead local6 { type ipv6_addr . ipv6_addr; }
    add map inet fairlead published4 { type ipv4_addr : verdict; }
    add map inet fairlead masq4 { type ipv4_addr : verdict; }
    add map inet fairlead published6 { type ipv6_addr : verdict; }
    add map inet fairlead masq6 { type ipv6_addr : verdict; }
    add chain inet fairlead masq4-16
    add chain inet fairlead masq { type nat hook postrouting priority srcnat; policy accept; }
    flush chain inet fairlead masq4-16
    flush chain inet fairlead masq
    add rule inet fairlead masq4-16 ip saddr . ip daddr & 255.255.0.0 @local4 return
    add rule inet fairlead masq4-16 masquerade
    add rule inet fairlead masq ct status dnat ip daddr vmap @published4
    add rule inet fairlead masq ct status dnat ip6 daddr vmap @published6
    add rule inet fairlead masq ip daddr 224.0.0.0/4 return
    add rule inet fairlead masq ip saddr vmap @masq4
    add rule inet fairlead masq ip6 daddr ff00::/8 return
    add rule inet fairlead masq ip6 saddr vmap @masq6
    add element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.88.0.2 comment "net1 eth0 c1" : goto masq4-16 }
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway and masquerade on a fresh host > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead masq4 { 10.88.0.2 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead masq4 { 10.88.0.2 }
    delete element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway in a VLAN > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:62:41:1d:63:b4",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:58:00:02",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
  Object {
    "mac": "02:d8:54:7c:7c:54",
    "mtu": 1500,
    "name": "cni0.100",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway in a VLAN > by ADD 1`] = `
bridge -batch -
    vlan add dev gate9871301ea46 vid 100 pvid untagged
    vlan del dev gate9871301ea46 vid 1-99
    vlan del dev gate9871301ea46 vid 101-4094
    vlan add dev veth3bca41eb2a9 vid 100 pvid untagged
    vlan del dev veth3bca41eb2a9 vid 1-99
    vlan del dev veth3bca41eb2a9 vid 101-4094
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:62:41:1d:63:b4 type bridge vlan_filtering 1
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name cni0.100 mtu 1500 address 02:d8:54:7c:7c:54 group 64029 type veth peer name gate9871301ea46 mtu 1500 address 02:09:f1:54:de:c5 group 64029
    link set dev cni0.100 addrgenmode none
    link set dev cni0.100 up
    link set dev gate9871301ea46 addrgenmode none
    link set dev gate9871301ea46 master cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    address replace 10.88.0.1/16 broadcast + dev cni0.100
    address replace fd88::1/64 dev cni0.100 nodad
    address replace fe80::d8:54ff:fe7c:7c54/64 dev cni0.100 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::42:aff:fe58:2/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.88.0.2/16 broadcast + dev eth0
    address add fd88::2/64 dev eth0 nodad
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
    link set dev eth0 address 02:42:0a:58:00:02
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 1

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway in a VLAN > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway in a VLAN of somebody else > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:01",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:58:00:02",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
  Object {
    "mac": "02:00:00:00:00:02",
    "mtu": 1500,
    "name": "cni0.100",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway in a VLAN of somebody else > by ADD 1`] = `
bridge -batch -
    vlan add dev own0 vid 100 pvid untagged
    vlan add dev veth3bca41eb2a9 vid 100 pvid untagged
    vlan del dev veth3bca41eb2a9 vid 1-99
    vlan del dev veth3bca41eb2a9 vid 101-4094
ip -j -d -force -batch -
    link set dev cni0 address 02:00:00:00:00:01
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    address replace 10.88.0.1/16 broadcast + dev cni0.100
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway in a VLAN of somebody else > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway in a VLAN that has other endpoints > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:01",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:42:0a:58:00:02",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
  Object {
    "mac": "02:00:00:00:00:02",
    "mtu": 1500,
    "name": "cni0.100",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway in a VLAN that has other endpoints > by ADD 1`] = `
bridge -batch -
    vlan add dev gate9871301ea46 vid 100 pvid untagged
    vlan del dev gate9871301ea46 vid 1-99
    vlan del dev gate9871301ea46 vid 101-4094
    vlan add dev veth3bca41eb2a9 vid 100 pvid untagged
    vlan del dev veth3bca41eb2a9 vid 1-99
    vlan del dev veth3bca41eb2a9 vid 101-4094
ip -j -d -force -batch -
    link set dev cni0 address 02:00:00:00:00:01
    link set dev gate9871301ea46 master cni0
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    address replace 10.88.0.1/16 broadcast + dev cni0.100
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a gateway in a VLAN that has other endpoints > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
    link del dev cni0.100

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a promiscuous bridge with an MTU > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1400,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a promiscuous bridge with an MTU > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1399 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1400
    link set dev cni0 addrgenmode none
    link set dev cni0 promisc on up
    link add name veth3bca41eb2a9 mtu 1400 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1400 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a promiscuous bridge with an MTU > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a trunk beside the default VLAN > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:a2:3c:2b:06:c1",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a trunk beside the default VLAN > by ADD 1`] = `
bridge -batch -
    vlan add dev veth3bca41eb2a9 vid 5-7
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge vlan_filtering 1
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:a2:3c:2b:06:c1 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a trunk beside the default VLAN > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a VLAN > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:a2:3c:2b:06:c1",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a VLAN > by ADD 1`] = `
bridge -batch -
    vlan add dev veth3bca41eb2a9 vid 100 pvid untagged
    vlan del dev veth3bca41eb2a9 vid 1-99
    vlan del dev veth3bca41eb2a9 vid 101-4094
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge vlan_filtering 1
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:a2:3c:2b:06:c1 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a VLAN > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a VLAN of a bridge that ignores VLANs > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:01",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:a2:3c:2b:06:c1",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a VLAN of a bridge that ignores VLANs > by ADD 1`] = `
bridge -batch -
    vlan add dev veth3bca41eb2a9 vid 100 pvid untagged
    vlan del dev veth3bca41eb2a9 vid 1-99
    vlan del dev veth3bca41eb2a9 vid 101-4094
ip -j -d -force -batch -
    link set dev cni0 type bridge vlan_filtering 1
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:a2:3c:2b:06:c1 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for a VLAN of a bridge that ignores VLANs > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for an address that takes the place of another > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:01",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for an address that takes the place of another > by ADD 1`] = `
ip -j -d -force -batch -
    link set dev cni0 address 02:00:00:00:00:01
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    address del 172.17.0.1/16 dev cni0
    address replace 10.88.0.1/16 broadcast + dev cni0
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for an address that takes the place of another > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for an interface that stays down > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:a2:3c:2b:06:c1",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for an interface that stays down > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:a2:3c:2b:06:c1 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for an interface that stays down > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for both families and default routes > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for both families and default routes > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    address replace 10.88.0.1/16 broadcast + dev cni0
    address replace fd88::1/64 dev cni0 nodad
    address replace fe80::34:ccff:fea5:28ea/64 dev cni0 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::42:aff:fe58:2/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.88.0.2/16 broadcast + dev eth0
    address add fd88::2/64 dev eth0 nodad
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0
    route append ::/0 via fd88::1 dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
    link set dev eth0 address 02:42:0a:58:00:02
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for both families and default routes > by DEL 1`] = `
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for fixed addresses and a MAC > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:00:00:aa:bb:cc",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for fixed addresses and a MAC > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:00:00:aa:bb:cc netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    address replace 10.88.0.254/16 broadcast + dev cni0
    address replace fd88::1/64 dev cni0 nodad
    address replace fe80::34:ccff:fea5:28ea/64 dev cni0 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::ff:feaa:bbcc/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.88.0.9/16 broadcast + dev eth0
    address add fd88::9/64 dev eth0 nodad
    neighbour add 10.88.0.9 dev eth0 use
    neighbour del 10.88.0.9 dev eth0
    link set dev eth0 address 02:00:00:aa:bb:cc
nft -f -
    add element inet fairlead local4 { 10.88.0.9 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.88.0.9 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local6 { fd88::9 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead masq6 { fd88::9 comment "net1 eth0 c1" : goto masq6-64 }
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
    add element inet fairlead local4 { 10.88.0.9 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.88.0.9 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local6 { fd88::9 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead masq6 { fd88::9 comment "net1 eth0 c1" : goto masq6-64 }
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 1

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for fixed addresses and a MAC > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead masq6 { fd88::9 comment "net1 eth0 c1" : goto masq6-64 }
    add element inet fairlead local6 { fd88::9 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.88.0.9 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local4 { 10.88.0.9 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead masq6 { fd88::9 }
    delete element inet fairlead local6 { fd88::9 . fd88:: }
    delete element inet fairlead masq4 { 10.88.0.9 }
    delete element inet fairlead local4 { 10.88.0.9 . 10.88.0.0 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for IPv6 with duplicate address detection > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:a2:3c:2b:06:c1",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for IPv6 with duplicate address detection > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:a2:3c:2b:06:c1 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
    address replace fd88::1/64 dev cni0 nodad
    address replace fe80::34:ccff:fea5:28ea/64 dev cni0 nodad
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::a2:3cff:fe2b:6c1/64 dev eth0
    link set dev eth0 addrgenmode eui64
    address add fd88::2/64 dev eth0
    link set dev eth0 address 02:a2:3c:2b:06:c1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/accept_dad /proc/sys/net/ipv6/conf/eth0/enhanced_dad
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6
    0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 1

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for IPv6 with duplicate address detection > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for no addresses > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
    "mtu": 1500,
    "name": "veth3bca41eb2a9",
  },
  Object {
    "mac": "02:a2:3c:2b:06:c1",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for no addresses > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:a2:3c:2b:06:c1 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for no addresses > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports for which the firewall of the host counts > and its answer has 1`] = `
Array [
  Object {
    "name": "cni0",
  },
  Object {
    "name": "veth0",
  },
  Object {
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports for which the firewall of the host counts > by ADD 1`] = `
nft -f -
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead port4at-respect-f30730d0 { 192.0.2.1 . sctp . 132 comment "net1 eth0 c1" : 10.88.0.2 . 132 }
    add element inet fairlead port4-respect-f30730d0 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80, tcp . 8081 comment "net1 eth0 c1" : 10.88.0.2 . 80, udp . 5353 comment "net1 eth0 c1" : 10.88.0.2 . 53 }
    add element inet fairlead range4-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : 10.88.0.2 }
    add element inet fairlead vet-port4at-respect-f30730d0 { 192.0.2.1 . sctp . 132 comment "net1 eth0 c1" : 0x432d2a36 }
    add element inet fairlead vet-port4-respect-f30730d0 { tcp . 8080 comment "net1 eth0 c1" : 0x432d2a36, tcp . 8081 comment "net1 eth0 c1" : 0x432d2a36, udp . 5353 comment "net1 eth0 c1" : 0x432d2a36 }
    add element inet fairlead vet-range4-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : 0x432d2a36 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead port6-respect-f30730d0 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80, tcp . 8081 comment "net1 eth0 c1" : fd88::2 . 80, udp . 5353 comment "net1 eth0 c1" : fd88::2 . 53 }
    add element inet fairlead range6-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : fd88::2 }
    add element inet fairlead port6at-respect-f30730d0 { 2001:db8::1 . tcp . 8443 comment "net1 eth0 c1" : fd88::2 . 443 }
    add element inet fairlead vet-port6-respect-f30730d0 { tcp . 8080 comment "net1 eth0 c1" : 0x5eb87e2c, tcp . 8081 comment "net1 eth0 c1" : 0x5eb87e2c, udp . 5353 comment "net1 eth0 c1" : 0x5eb87e2c }
    add element inet fairlead vet-range6-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : 0x5eb87e2c }
    add element inet fairlead vet-port6at-respect-f30730d0 { 2001:db8::1 . tcp . 8443 comment "net1 eth0 c1" : 0x5eb87e2c }
    add table inet fairlead
    add set inet fairlead near4 { type ipv4_addr . ipv4_addr; }
    add set inet fairlead near6 { type ipv6_addr . ipv6_addr; }
    add set inet fairlead vetted4 { type ipv4_addr . ipv4_addr . inet_proto . inet_service; flags dynamic,timeout; }
    add set inet fairlead vetted6 { type ipv6_addr . ipv6_addr . inet_proto . inet_service; flags dynamic,timeout; }
    add map inet fairlead port4at-respect-f30730d0 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4at-respect-f30730d0 { type ipv4_addr . inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port4-respect-f30730d0 { type inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4-respect-f30730d0 { type inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port6at-respect-f30730d0 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6at-respect-f30730d0 { type ipv6_addr . inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead port6-respect-f30730d0 { type inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6-respect-f30730d0 { type inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead published4 { type ipv4_addr : verdict; }
    add map inet fairlead masq4 { type ipv4_addr : verdict; }
    add map inet fairlead published6 { type ipv6_addr : verdict; }
    add map inet fairlead masq6 { type ipv6_addr : verdict; }
    add map inet fairlead vet-port4at-respect-f30730d0 { type ipv4_addr . inet_proto . inet_service : mark; }
    add map inet fairlead vet-range4at-respect-f30730d0 { type ipv4_addr . inet_proto . inet_service : mark; flags interval; }
    add map inet fairlead vet-port4-respect-f30730d0 { type inet_proto . inet_service : mark; }
    add map inet fairlead vet-range4-respect-f30730d0 { type inet_proto . inet_service : mark; flags interval; }
    add map inet fairlead vet-port6at-respect-f30730d0 { type ipv6_addr . inet_proto . inet_service : mark; }
    add map inet fairlead vet-range6at-respect-f30730d0 { type ipv6_addr . inet_proto . inet_service : mark; flags interval; }
    add map inet fairlead vet-port6-respect-f30730d0 { type inet_proto . inet_service : mark; }
    add map inet fairlead vet-range6-respect-f30730d0 { type inet_proto . inet_service : mark; flags interval; }
    add chain inet fairlead publish4-respect-f30730d0
    add chain inet fairlead publish6-respect-f30730d0
    add chain inet fairlead publish-prerouting-respect-f30730d0 { type nat hook prerouting priority dstnat; policy accept; }
    add chain inet fairlead publish-output-respect-f30730d0 { type nat hook output priority -100; policy accept; }
    add chain inet fairlead masq { type nat hook postrouting priority srcnat; policy accept; }
    add chain inet fairlead published4-16
    add chain inet fairlead admit4
    add chain inet fairlead admit6
    add chain inet fairlead vet4-respect-f30730d0
    add chain inet fairlead vet6-respect-f30730d0
    add chain inet fairlead vet-respect-f30730d0 { type filter hook input priority 2147483000; policy accept; }
    add chain inet fairlead guard { type filter hook prerouting priority raw; policy accept; }
    add chain inet fairlead published6-64
    flush chain inet fairlead publish4-respect-f30730d0
    flush chain inet fairlead publish6-respect-f30730d0
    flush chain inet fairlead publish-prerouting-respect-f30730d0
    flush chain inet fairlead publish-output-respect-f30730d0
    flush chain inet fairlead masq
    flush chain inet fairlead published4-16
    flush chain inet fairlead admit4
    flush chain inet fairlead admit6
    flush chain inet fairlead vet4-respect-f30730d0
    flush chain inet fairlead vet6-respect-f30730d0
    flush chain inet fairlead vet-respect-f30730d0
    flush chain inet fairlead guard
    flush chain inet fairlead published6-64
    add rule inet fairlead publish4-respect-f30730d0 dnat ip to ip daddr . meta l4proto . th dport map @port4at-respect-f30730d0
    add rule inet fairlead publish4-respect-f30730d0 dnat ip to ip daddr . meta l4proto . th dport map @range4at-respect-f30730d0
    add rule inet fairlead publish4-respect-f30730d0 dnat ip to meta l4proto . th dport map @port4-respect-f30730d0
    add rule inet fairlead publish4-respect-f30730d0 dnat ip to meta l4proto . th dport map @range4-respect-f30730d0
    add rule inet fairlead publish6-respect-f30730d0 dnat ip6 to ip6 daddr . meta l4proto . th dport map @port6at-respect-f30730d0
    add rule inet fairlead publish6-respect-f30730d0 dnat ip6 to ip6 daddr . meta l4proto . th dport map @range6at-respect-f30730d0
    add rule inet fairlead publish6-respect-f30730d0 dnat ip6 to meta l4proto . th dport map @port6-respect-f30730d0
    add rule inet fairlead publish6-respect-f30730d0 dnat ip6 to meta l4proto . th dport map @range6-respect-f30730d0
    add rule inet fairlead publish-prerouting-respect-f30730d0 meta nfproto ipv4 ip saddr 192.0.2.0/24 fib daddr type local ip saddr . ip daddr . meta l4proto . th dport @vetted4 jump publish4-respect-f30730d0
    add rule inet fairlead publish-prerouting-respect-f30730d0 meta nfproto ipv6 fib daddr type local ip6 saddr . ip6 daddr . meta l4proto . th dport @vetted6 jump publish6-respect-f30730d0
    add rule inet fairlead publish-output-respect-f30730d0 meta nfproto ipv4 ip saddr 192.0.2.0/24 fib daddr type local jump publish4-respect-f30730d0
    add rule inet fairlead publish-output-respect-f30730d0 meta nfproto ipv6 fib daddr type local jump publish6-respect-f30730d0
    add rule inet fairlead masq ct status dnat ip daddr vmap @published4
    add rule inet fairlead masq ct status dnat ip6 daddr vmap @published6
    add rule inet fairlead masq ip daddr 224.0.0.0/4 return
    add rule inet fairlead masq ip saddr vmap @masq4
    add rule inet fairlead masq ip6 daddr ff00::/8 return
    add rule inet fairlead masq ip6 saddr vmap @masq6
    add rule inet fairlead published4-16 ip saddr 127.0.0.0/8 masquerade
    add rule inet fairlead published4-16 ip daddr . ip saddr & 255.255.0.0 @near4 masquerade
    add rule inet fairlead admit4 meta l4proto != tcp update @vetted4 { ip saddr . ip daddr . meta l4proto . th dport timeout 10s } drop
    add rule inet fairlead admit4 update @vetted4 { ip saddr . ip daddr . meta l4proto . th dport timeout 5s }
    add rule inet fairlead admit4 drop
    add rule inet fairlead admit6 meta l4proto != tcp update @vetted6 { ip6 saddr . ip6 daddr . meta l4proto . th dport timeout 10s } drop
    add rule inet fairlead admit6 update @vetted6 { ip6 saddr . ip6 daddr . meta l4proto . th dport timeout 5s }
    add rule inet fairlead admit6 drop
    add rule inet fairlead vet4-respect-f30730d0 ct status dnat return
    add rule inet fairlead vet4-respect-f30730d0 meta mark set ip daddr . meta l4proto . th dport map @vet-port4at-respect-f30730d0 goto admit4
    add rule inet fairlead vet4-respect-f30730d0 meta mark set ip daddr . meta l4proto . th dport map @vet-range4at-respect-f30730d0 goto admit4
    add rule inet fairlead vet4-respect-f30730d0 meta mark set meta l4proto . th dport map @vet-port4-respect-f30730d0 goto admit4
    add rule inet fairlead vet4-respect-f30730d0 meta mark set meta l4proto . th dport map @vet-range4-respect-f30730d0 goto admit4
    add rule inet fairlead vet6-respect-f30730d0 ct status dnat return
    add rule inet fairlead vet6-respect-f30730d0 meta mark set ip6 daddr . meta l4proto . th dport map @vet-port6at-respect-f30730d0 goto admit6
    add rule inet fairlead vet6-respect-f30730d0 meta mark set ip6 daddr . meta l4proto . th dport map @vet-range6at-respect-f30730d0 goto admit6
    add rule inet fairlead vet6-respect-f30730d0 meta mark set meta l4proto . th dport map @vet-port6-respect-f30730d0 goto admit6
    add rule inet fairlead vet6-respect-f30730d0 meta mark set meta l4proto . th dport map @vet-range6-respect-f30730d0 goto admit6
    add rule inet fairlead vet-respect-f30730d0 ct state new meta nfproto ipv4 ip saddr 192.0.2.0/24 fib daddr type local jump vet4-respect-f30730d0
    add rule inet fairlead vet-respect-f30730d0 ct state new meta nfproto ipv6 fib daddr type local jump vet6-respect-f30730d0
    add rule inet fairlead guard meta iiftype != loopback ip daddr 127.0.0.0/8 drop
    add rule inet fairlead guard meta iiftype != loopback ip saddr 127.0.0.0/8 drop
    add rule inet fairlead published6-64 ip6 daddr . ip6 saddr & ffff:ffff:ffff:ffff:: @near6 masquerade
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead port4at-respect-f30730d0 { 192.0.2.1 . sctp . 132 comment "net1 eth0 c1" : 10.88.0.2 . 132 }
    add element inet fairlead port4-respect-f30730d0 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80, tcp . 8081 comment "net1 eth0 c1" : 10.88.0.2 . 80, udp . 5353 comment "net1 eth0 c1" : 10.88.0.2 . 53 }
    add element inet fairlead range4-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : 10.88.0.2 }
    add element inet fairlead vet-port4at-respect-f30730d0 { 192.0.2.1 . sctp . 132 comment "net1 eth0 c1" : 0x432d2a36 }
    add element inet fairlead vet-port4-respect-f30730d0 { tcp . 8080 comment "net1 eth0 c1" : 0x432d2a36, tcp . 8081 comment "net1 eth0 c1" : 0x432d2a36, udp . 5353 comment "net1 eth0 c1" : 0x432d2a36 }
    add element inet fairlead vet-range4-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : 0x432d2a36 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead port6-respect-f30730d0 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80, tcp . 8081 comment "net1 eth0 c1" : fd88::2 . 80, udp . 5353 comment "net1 eth0 c1" : fd88::2 . 53 }
    add element inet fairlead range6-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : fd88::2 }
    add element inet fairlead port6at-respect-f30730d0 { 2001:db8::1 . tcp . 8443 comment "net1 eth0 c1" : fd88::2 . 443 }
    add element inet fairlead vet-port6-respect-f30730d0 { tcp . 8080 comment "net1 eth0 c1" : 0x5eb87e2c, tcp . 8081 comment "net1 eth0 c1" : 0x5eb87e2c, udp . 5353 comment "net1 eth0 c1" : 0x5eb87e2c }
    add element inet fairlead vet-range6-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : 0x5eb87e2c }
    add element inet fairlead vet-port6at-respect-f30730d0 { 2001:db8::1 . tcp . 8443 comment "net1 eth0 c1" : 0x5eb87e2c }
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/cni0/route_localnet = 1
/proc/sys/net/ipv4/conf/veth0/route_localnet = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports for which the firewall of the host counts > by DEL 1`] = `
nft -f -
    add element inet fairlead vet-port6-respect-f30730d0 { udp . 5353 comment "net1 eth0 c1" : 0x5eb87e2c, tcp . 8081 comment "net1 eth0 c1" : 0x5eb87e2c, tcp . 8080 comment "net1 eth0 c1" : 0x5eb87e2c }
    add element inet fairlead vet-port6at-respect-f30730d0 { 2001:db8::1 . tcp . 8443 comment "net1 eth0 c1" : 0x5eb87e2c }
    add element inet fairlead vet-range6-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : 0x5eb87e2c }
    add element inet fairlead port6-respect-f30730d0 { udp . 5353 comment "net1 eth0 c1" : fd88::2 . 53, tcp . 8081 comment "net1 eth0 c1" : fd88::2 . 80, tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
    add element inet fairlead port6at-respect-f30730d0 { 2001:db8::1 . tcp . 8443 comment "net1 eth0 c1" : fd88::2 . 443 }
    add element inet fairlead range6-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : fd88::2 }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead vet-port4-respect-f30730d0 { udp . 5353 comment "net1 eth0 c1" : 0x432d2a36, tcp . 8081 comment "net1 eth0 c1" : 0x432d2a36, tcp . 8080 comment "net1 eth0 c1" : 0x432d2a36 }
    add element inet fairlead vet-range4-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : 0x432d2a36 }
    add element inet fairlead vet-port4at-respect-f30730d0 { 192.0.2.1 . sctp . 132 comment "net1 eth0 c1" : 0x432d2a36 }
    add element inet fairlead port4-respect-f30730d0 { udp . 5353 comment "net1 eth0 c1" : 10.88.0.2 . 53, tcp . 8081 comment "net1 eth0 c1" : 10.88.0.2 . 80, tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead range4-respect-f30730d0 { tcp . 9000-9002 comment "net1 eth0 c1" : 10.88.0.2 }
    add element inet fairlead port4at-respect-f30730d0 { 192.0.2.1 . sctp . 132 comment "net1 eth0 c1" : 10.88.0.2 . 132 }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead vet-port6-respect-f30730d0 { udp . 5353, tcp . 8081, tcp . 8080 }
    delete element inet fairlead vet-port6at-respect-f30730d0 { 2001:db8::1 . tcp . 8443 }
    delete element inet fairlead vet-range6-respect-f30730d0 { tcp . 9000-9002 }
    delete element inet fairlead port6-respect-f30730d0 { udp . 5353, tcp . 8081, tcp . 8080 }
    delete element inet fairlead port6at-respect-f30730d0 { 2001:db8::1 . tcp . 8443 }
    delete element inet fairlead range6-respect-f30730d0 { tcp . 9000-9002 }
    delete element inet fairlead published6 { fd88::2 }
    delete element inet fairlead near6 { fd88::2 . fd88:: }
    delete element inet fairlead vet-port4-respect-f30730d0 { udp . 5353, tcp . 8081, tcp . 8080 }
    delete element inet fairlead vet-range4-respect-f30730d0 { tcp . 9000-9002 }
    delete element inet fairlead vet-port4at-respect-f30730d0 { 192.0.2.1 . sctp . 132 }
    delete element inet fairlead port4-respect-f30730d0 { udp . 5353, tcp . 8081, tcp . 8080 }
    delete element inet fairlead range4-respect-f30730d0 { tcp . 9000-9002 }
    delete element inet fairlead port4at-respect-f30730d0 { 192.0.2.1 . sctp . 132 }
    delete element inet fairlead published4 { 10.88.0.2 }
    delete element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports of a container whose host end is no bridge port > and its answer has 1`] = `
Array [
  Object {
    "name": "veth0",
  },
  Object {
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports of a container whose host end is no bridge port > by ADD 1`] = `
nft -f -
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.2 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-32 }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add table inet fairlead
    add set inet fairlead near4 { type ipv4_addr . ipv4_addr; }
    add set inet fairlead near6 { type ipv6_addr . ipv6_addr; }
    add map inet fairlead port4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4 { type inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead port6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6 { type inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead published4 { type ipv4_addr : verdict; }
    add map inet fairlead masq4 { type ipv4_addr : verdict; }
    add map inet fairlead published6 { type ipv6_addr : verdict; }
    add map inet fairlead masq6 { type ipv6_addr : verdict; }
    add chain inet fairlead publish4
    add chain inet fairlead publish6
    add chain inet fairlead publish-prerouting { type nat hook prerouting priority dstnat; policy accept; }
    add chain inet fairlead publish-output { type nat hook output priority -100; policy accept; }
    add chain inet fairlead masq { type nat hook postrouting priority srcnat; policy accept; }
    add chain inet fairlead published4-32
    add chain inet fairlead guard { type filter hook prerouting priority raw; policy accept; }
    flush chain inet fairlead publish4
    flush chain inet fairlead publish6
    flush chain inet fairlead publish-prerouting
    flush chain inet fairlead publish-output
    flush chain inet fairlead masq
    flush chain inet fairlead published4-32
    flush chain inet fairlead guard
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @port4at
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @range4at
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @port4
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @range4
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @port6at
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @range6at
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @port6
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @range6
    add rule inet fairlead publish-prerouting meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-prerouting meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead publish-output meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-output meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead masq ct status dnat ip daddr vmap @published4
    add rule inet fairlead masq ct status dnat ip6 daddr vmap @published6
    add rule inet fairlead masq ip daddr 224.0.0.0/4 return
    add rule inet fairlead masq ip saddr vmap @masq4
    add rule inet fairlead masq ip6 daddr ff00::/8 return
    add rule inet fairlead masq ip6 saddr vmap @masq6
    add rule inet fairlead published4-32 ip saddr 127.0.0.0/8 masquerade
    add rule inet fairlead published4-32 ip daddr . ip saddr & 255.255.255.255 @near4 masquerade
    add rule inet fairlead guard meta iiftype != loopback ip daddr 127.0.0.0/8 drop
    add rule inet fairlead guard meta iiftype != loopback ip saddr 127.0.0.0/8 drop
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.2 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-32 }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/cni0/route_localnet = 0
/proc/sys/net/ipv4/conf/veth0/route_localnet = 1

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports of a container whose host end is no bridge port > by DEL 1`] = `
nft -f -
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-32 }
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.2 comment "net1 eth0 c1" }
    delete element inet fairlead port4 { tcp . 8080 }
    delete element inet fairlead published4 { 10.88.0.2 }
    delete element inet fairlead near4 { 10.88.0.2 . 10.88.0.2 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports of which every client is masqueraded > and its answer has 1`] = `
Array [
  Object {
    "name": "cni0",
  },
  Object {
    "name": "veth0",
  },
  Object {
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports of which every client is masqueraded > by ADD 1`] = `
nft -f -
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published-all }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published-all }
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
    add table inet fairlead
    add set inet fairlead near4 { type ipv4_addr . ipv4_addr; }
    add set inet fairlead near6 { type ipv6_addr . ipv6_addr; }
    add map inet fairlead port4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4 { type inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead port6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6 { type inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead published4 { type ipv4_addr : verdict; }
    add map inet fairlead masq4 { type ipv4_addr : verdict; }
    add map inet fairlead published6 { type ipv6_addr : verdict; }
    add map inet fairlead masq6 { type ipv6_addr : verdict; }
    add chain inet fairlead publish4
    add chain inet fairlead publish6
    add chain inet fairlead publish-prerouting { type nat hook prerouting priority dstnat; policy accept; }
    add chain inet fairlead publish-output { type nat hook output priority -100; policy accept; }
    add chain inet fairlead masq { type nat hook postrouting priority srcnat; policy accept; }
    add chain inet fairlead published-all
    add chain inet fairlead guard { type filter hook prerouting priority raw; policy accept; }
    flush chain inet fairlead publish4
    flush chain inet fairlead publish6
    flush chain inet fairlead publish-prerouting
    flush chain inet fairlead publish-output
    flush chain inet fairlead masq
    flush chain inet fairlead published-all
    flush chain inet fairlead guard
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @port4at
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @range4at
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @port4
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @range4
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @port6at
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @range6at
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @port6
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @range6
    add rule inet fairlead publish-prerouting meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-prerouting meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead publish-output meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-output meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead masq ct status dnat ip daddr vmap @published4
    add rule inet fairlead masq ct status dnat ip6 daddr vmap @published6
    add rule inet fairlead masq ip daddr 224.0.0.0/4 return
    add rule inet fairlead masq ip saddr vmap @masq4
    add rule inet fairlead masq ip6 daddr ff00::/8 return
    add rule inet fairlead masq ip6 saddr vmap @masq6
    add rule inet fairlead published-all masquerade
    add rule inet fairlead guard meta iiftype != loopback ip daddr 127.0.0.0/8 drop
    add rule inet fairlead guard meta iiftype != loopback ip saddr 127.0.0.0/8 drop
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published-all }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published-all }
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/cni0/route_localnet = 1
/proc/sys/net/ipv4/conf/veth0/route_localnet = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports of which every client is masqueraded > by DEL 1`] = `
nft -f -
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published-all }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published-all }
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead port6 { tcp . 8080 }
    delete element inet fairlead published6 { fd88::2 }
    delete element inet fairlead near6 { fd88::2 . fd88:: }
    delete element inet fairlead port4 { tcp . 8080 }
    delete element inet fairlead published4 { 10.88.0.2 }
    delete element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports that are published without source NAT > and its answer has 1`] = `
Array [
  Object {
    "name": "cni0",
  },
  Object {
    "name": "veth0",
  },
  Object {
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports that are published without source NAT > by ADD 1`] = `
nft -f -
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : accept }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : accept }
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
    add table inet fairlead
    add set inet fairlead near4 { type ipv4_addr . ipv4_addr; }
    add set inet fairlead near6 { type ipv6_addr . ipv6_addr; }
    add map inet fairlead port4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4 { type inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead port6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6 { type inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead published4 { type ipv4_addr : verdict; }
    add map inet fairlead masq4 { type ipv4_addr : verdict; }
    add map inet fairlead published6 { type ipv6_addr : verdict; }
    add map inet fairlead masq6 { type ipv6_addr : verdict; }
    add chain inet fairlead publish4
    add chain inet fairlead publish6
    add chain inet fairlead publish-prerouting { type nat hook prerouting priority dstnat; policy accept; }
    add chain inet fairlead publish-output { type nat hook output priority -100; policy accept; }
    add chain inet fairlead masq { type nat hook postrouting priority srcnat; policy accept; }
    add chain inet fairlead guard { type filter hook prerouting priority raw; policy accept; }
    flush chain inet fairlead publish4
    flush chain inet fairlead publish6
    flush chain inet fairlead publish-prerouting
    flush chain inet fairlead publish-output
    flush chain inet fairlead masq
    flush chain inet fairlead guard
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @port4at
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @range4at
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @port4
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @range4
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @port6at
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @range6at
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @port6
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @range6
    add rule inet fairlead publish-prerouting meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-prerouting meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead publish-output meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-output meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead masq ct status dnat ip daddr vmap @published4
    add rule inet fairlead masq ct status dnat ip6 daddr vmap @published6
    add rule inet fairlead masq ip daddr 224.0.0.0/4 return
    add rule inet fairlead masq ip saddr vmap @masq4
    add rule inet fairlead masq ip6 daddr ff00::/8 return
    add rule inet fairlead masq ip6 saddr vmap @masq6
    add rule inet fairlead guard meta iiftype != loopback ip daddr 127.0.0.0/8 drop
    add rule inet fairlead guard meta iiftype != loopback ip saddr 127.0.0.0/8 drop
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : accept }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : accept }
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/cni0/route_localnet = 0
/proc/sys/net/ipv4/conf/veth0/route_localnet = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports that are published without source NAT > by DEL 1`] = `
nft -f -
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : accept }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : accept }
    delete element inet fairlead port6 { tcp . 8080 }
    delete element inet fairlead published6 { fd88::2 }
    delete element inet fairlead port4 { tcp . 8080 }
    delete element inet fairlead published4 { 10.88.0.2 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports with conditions > and its answer has 1`] = `
Array [
  Object {
    "name": "cni0",
  },
  Object {
    "name": "veth0",
  },
  Object {
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports with conditions > by ADD 1`] = `
nft -f -
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead port4-7c01fd53 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead port6-7c01fd53 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
    add table inet fairlead
    add set inet fairlead near4 { type ipv4_addr . ipv4_addr; }
    add set inet fairlead near6 { type ipv6_addr . ipv6_addr; }
    add map inet fairlead port4at-7c01fd53 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4at-7c01fd53 { type ipv4_addr . inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port4-7c01fd53 { type inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4-7c01fd53 { type inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port6at-7c01fd53 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6at-7c01fd53 { type ipv6_addr . inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead port6-7c01fd53 { type inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6-7c01fd53 { type inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead published4 { type ipv4_addr : verdict; }
    add map inet fairlead masq4 { type ipv4_addr : verdict; }
    add map inet fairlead published6 { type ipv6_addr : verdict; }
    add map inet fairlead masq6 { type ipv6_addr : verdict; }
    add chain inet fairlead publish4-7c01fd53
    add chain inet fairlead publish6-7c01fd53
    add chain inet fairlead publish-prerouting-7c01fd53 { type nat hook prerouting priority dstnat; policy accept; }
    add chain inet fairlead publish-output-7c01fd53 { type nat hook output priority -100; policy accept; }
    add chain inet fairlead masq { type nat hook postrouting priority srcnat; policy accept; }
    add chain inet fairlead published4-16
    add chain inet fairlead guard { type filter hook prerouting priority raw; policy accept; }
    add chain inet fairlead published6-64
    flush chain inet fairlead publish4-7c01fd53
    flush chain inet fairlead publish6-7c01fd53
    flush chain inet fairlead publish-prerouting-7c01fd53
    flush chain inet fairlead publish-output-7c01fd53
    flush chain inet fairlead masq
    flush chain inet fairlead published4-16
    flush chain inet fairlead guard
    flush chain inet fairlead published6-64
    add rule inet fairlead publish4-7c01fd53 dnat ip to ip daddr . meta l4proto . th dport map @port4at-7c01fd53
    add rule inet fairlead publish4-7c01fd53 dnat ip to ip daddr . meta l4proto . th dport map @range4at-7c01fd53
    add rule inet fairlead publish4-7c01fd53 dnat ip to meta l4proto . th dport map @port4-7c01fd53
    add rule inet fairlead publish4-7c01fd53 dnat ip to meta l4proto . th dport map @range4-7c01fd53
    add rule inet fairlead publish6-7c01fd53 dnat ip6 to ip6 daddr . meta l4proto . th dport map @port6at-7c01fd53
    add rule inet fairlead publish6-7c01fd53 dnat ip6 to ip6 daddr . meta l4proto . th dport map @range6at-7c01fd53
    add rule inet fairlead publish6-7c01fd53 dnat ip6 to meta l4proto . th dport map @port6-7c01fd53
    add rule inet fairlead publish6-7c01fd53 dnat ip6 to meta l4proto . th dport map @range6-7c01fd53
    add rule inet fairlead publish-prerouting-7c01fd53 meta nfproto ipv4 ip saddr 192.0.2.0/24 fib daddr type local jump publish4-7c01fd53
    add rule inet fairlead publish-prerouting-7c01fd53 meta nfproto ipv6 ip6 saddr 2001:db8::/32 fib daddr type local jump publish6-7c01fd53
    add rule inet fairlead publish-output-7c01fd53 meta nfproto ipv4 ip saddr 192.0.2.0/24 fib daddr type local jump publish4-7c01fd53
    add rule inet fairlead publish-output-7c01fd53 meta nfproto ipv6 ip6 saddr 2001:db8::/32 fib daddr type local jump publish6-7c01fd53
    add rule inet fairlead masq ct status dnat ip daddr vmap @published4
    add rule inet fairlead masq ct status dnat ip6 daddr vmap @published6
    add rule inet fairlead masq ip daddr 224.0.0.0/4 return
    add rule inet fairlead masq ip saddr vmap @masq4
    add rule inet fairlead masq ip6 daddr ff00::/8 return
    add rule inet fairlead masq ip6 saddr vmap @masq6
    add rule inet fairlead published4-16 ip saddr 127.0.0.0/8 masquerade
    add rule inet fairlead published4-16 ip daddr . ip saddr & 255.255.0.0 @near4 masquerade
    add rule inet fairlead guard meta iiftype != loopback ip daddr 127.0.0.0/8 drop
    add rule inet fairlead guard meta iiftype != loopback ip saddr 127.0.0.0/8 drop
    add rule inet fairlead published6-64 ip6 daddr . ip6 saddr & ffff:ffff:ffff:ffff:: @near6 masquerade
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead port4-7c01fd53 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead port6-7c01fd53 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/cni0/route_localnet = 1
/proc/sys/net/ipv4/conf/veth0/route_localnet = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for ports with conditions > by DEL 1`] = `
nft -f -
    add element inet fairlead port6-7c01fd53 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead port4-7c01fd53 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead port6-7c01fd53 { tcp . 8080 }
    delete element inet fairlead published6 { fd88::2 }
    delete element inet fairlead near6 { fd88::2 . fd88:: }
    delete element inet fairlead port4-7c01fd53 { tcp . 8080 }
    delete element inet fairlead published4 { 10.88.0.2 }
    delete element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for published ports > and its answer has 1`] = `
Array [
  Object {
    "name": "cni0",
  },
  Object {
    "name": "veth0",
  },
  Object {
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for published ports > by ADD 1`] = `
nft -f -
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead port4at { 192.0.2.1 . sctp . 132 comment "net1 eth0 c1" : 10.88.0.2 . 132 }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80, tcp . 8081 comment "net1 eth0 c1" : 10.88.0.2 . 80, udp . 5353 comment "net1 eth0 c1" : 10.88.0.2 . 53 }
    add element inet fairlead range4 { tcp . 9000-9002 comment "net1 eth0 c1" : 10.88.0.2 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80, tcp . 8081 comment "net1 eth0 c1" : fd88::2 . 80, udp . 5353 comment "net1 eth0 c1" : fd88::2 . 53 }
    add element inet fairlead range6 { tcp . 9000-9002 comment "net1 eth0 c1" : fd88::2 }
    add element inet fairlead port6at { 2001:db8::1 . tcp . 8443 comment "net1 eth0 c1" : fd88::2 . 443 }
    add table inet fairlead
    add set inet fairlead near4 { type ipv4_addr . ipv4_addr; }
    add set inet fairlead near6 { type ipv6_addr . ipv6_addr; }
    add map inet fairlead port4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet fairlead range4 { type inet_proto . inet_service : ipv4_addr; flags interval; }
    add map inet fairlead port6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead port6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
    add map inet fairlead range6 { type inet_proto . inet_service : ipv6_addr; flags interval; }
    add map inet fairlead published4 { type ipv4_addr : verdict; }
    add map inet fairlead masq4 { type ipv4_addr : verdict; }
    add map inet fairlead published6 { type ipv6_addr : verdict; }
    add map inet fairlead masq6 { type ipv6_addr : verdict; }
    add chain inet fairlead publish4
    add chain inet fairlead publish6
    add chain inet fairlead publish-prerouting { type nat hook prerouting priority dstnat; policy accept; }
    add chain inet fairlead publish-output { type nat hook output priority -100; policy accept; }
    add chain inet fairlead masq { type nat hook postrouting priority srcnat; policy accept; }
    add chain inet fairlead published4-16
    add chain inet fairlead guard { type filter hook prerouting priority raw; policy accept; }
    add chain inet fairlead published6-64
    flush chain inet fairlead publish4
    flush chain inet fairlead publish6
    flush chain inet fairlead publish-prerouting
    flush chain inet fairlead publish-output
    flush chain inet fairlead masq
    flush chain inet fairlead published4-16
    flush chain inet fairlead guard
    flush chain inet fairlead published6-64
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @port4at
    add rule inet fairlead publish4 dnat ip to ip daddr . meta l4proto . th dport map @range4at
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @port4
    add rule inet fairlead publish4 dnat ip to meta l4proto . th dport map @range4
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @port6at
    add rule inet fairlead publish6 dnat ip6 to ip6 daddr . meta l4proto . th dport map @range6at
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @port6
    add rule inet fairlead publish6 dnat ip6 to meta l4proto . th dport map @range6
    add rule inet fairlead publish-prerouting meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-prerouting meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead publish-output meta nfproto ipv4 fib daddr type local jump publish4
    add rule inet fairlead publish-output meta nfproto ipv6 fib daddr type local jump publish6
    add rule inet fairlead masq ct status dnat ip daddr vmap @published4
    add rule inet fairlead masq ct status dnat ip6 daddr vmap @published6
    add rule inet fairlead masq ip daddr 224.0.0.0/4 return
    add rule inet fairlead masq ip saddr vmap @masq4
    add rule inet fairlead masq ip6 daddr ff00::/8 return
    add rule inet fairlead masq ip6 saddr vmap @masq6
    add rule inet fairlead published4-16 ip saddr 127.0.0.0/8 masquerade
    add rule inet fairlead published4-16 ip daddr . ip saddr & 255.255.0.0 @near4 masquerade
    add rule inet fairlead guard meta iiftype != loopback ip daddr 127.0.0.0/8 drop
    add rule inet fairlead guard meta iiftype != loopback ip saddr 127.0.0.0/8 drop
    add rule inet fairlead published6-64 ip6 daddr . ip6 saddr & ffff:ffff:ffff:ffff:: @near6 masquerade
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead port4at { 192.0.2.1 . sctp . 132 comment "net1 eth0 c1" : 10.88.0.2 . 132 }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80, tcp . 8081 comment "net1 eth0 c1" : 10.88.0.2 . 80, udp . 5353 comment "net1 eth0 c1" : 10.88.0.2 . 53 }
    add element inet fairlead range4 { tcp . 9000-9002 comment "net1 eth0 c1" : 10.88.0.2 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80, tcp . 8081 comment "net1 eth0 c1" : fd88::2 . 80, udp . 5353 comment "net1 eth0 c1" : fd88::2 . 53 }
    add element inet fairlead range6 { tcp . 9000-9002 comment "net1 eth0 c1" : fd88::2 }
    add element inet fairlead port6at { 2001:db8::1 . tcp . 8443 comment "net1 eth0 c1" : fd88::2 . 443 }
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/cni0/route_localnet = 1
/proc/sys/net/ipv4/conf/veth0/route_localnet = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for published ports > by DEL 1`] = `
nft -f -
    add element inet fairlead port6 { udp . 5353 comment "net1 eth0 c1" : fd88::2 . 53, tcp . 8081 comment "net1 eth0 c1" : fd88::2 . 80, tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
    add element inet fairlead port6at { 2001:db8::1 . tcp . 8443 comment "net1 eth0 c1" : fd88::2 . 443 }
    add element inet fairlead range6 { tcp . 9000-9002 comment "net1 eth0 c1" : fd88::2 }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead port4 { udp . 5353 comment "net1 eth0 c1" : 10.88.0.2 . 53, tcp . 8081 comment "net1 eth0 c1" : 10.88.0.2 . 80, tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead range4 { tcp . 9000-9002 comment "net1 eth0 c1" : 10.88.0.2 }
    add element inet fairlead port4at { 192.0.2.1 . sctp . 132 comment "net1 eth0 c1" : 10.88.0.2 . 132 }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead port6 { udp . 5353, tcp . 8081, tcp . 8080 }
    delete element inet fairlead port6at { 2001:db8::1 . tcp . 8443 }
    delete element inet fairlead range6 { tcp . 9000-9002 }
    delete element inet fairlead published6 { fd88::2 }
    delete element inet fairlead near6 { fd88::2 . fd88:: }
    delete element inet fairlead port4 { udp . 5353, tcp . 8081, tcp . 8080 }
    delete element inet fairlead range4 { tcp . 9000-9002 }
    delete element inet fairlead port4at { 192.0.2.1 . sctp . 132 }
    delete element inet fairlead published4 { 10.88.0.2 }
    delete element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for published ports on a host that has others > and its answer has 1`] = `
Array [
  Object {
    "name": "cni0",
  },
  Object {
    "name": "veth0",
  },
  Object {
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for published ports on a host that has others > by ADD 1`] = `
nft -f -
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/cni0/route_localnet = 1
/proc/sys/net/ipv4/conf/veth0/route_localnet = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for published ports on a host that has others > by DEL 1`] = `
nft -f -
    add element inet fairlead port6 { tcp . 8080 comment "net1 eth0 c1" : fd88::2 . 80 }
    add element inet fairlead published6 { fd88::2 comment "net1 eth0 c1" : goto published6-64 }
    add element inet fairlead near6 { fd88::2 . fd88:: comment "net1 eth0 c1" }
    add element inet fairlead port4 { tcp . 8080 comment "net1 eth0 c1" : 10.88.0.2 . 80 }
    add element inet fairlead published4 { 10.88.0.2 comment "net1 eth0 c1" : goto published4-16 }
    add element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead port6 { tcp . 8080 }
    delete element inet fairlead published6 { fd88::2 }
    delete element inet fairlead near6 { fd88::2 . fd88:: }
    delete element inet fairlead port4 { tcp . 8080 }
    delete element inet fairlead published4 { 10.88.0.2 }
    delete element inet fairlead near4 { 10.88.0.2 . 10.88.0.0 }

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for routes with attributes > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for routes with attributes > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    route append 10.201.0.0/16 dev eth0 table 100 scope 253
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0
    route append 10.200.0.0/16 via 10.88.0.254 dev eth0 mtu 1400 advmss 1360 metric 50
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for routes with attributes > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for sysctls of its own > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:34:cc:a5:28:ea",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for sysctls of its own > by ADD 1`] = `
ip -j -d -force -batch -
    link add name cni0 mtu 1499 address 02:34:cc:a5:28:ea type bridge
    link set dev cni0 mtu 1500
    link set dev cni0 addrgenmode none
    link set dev cni0 up
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
nsenter --net=/run/netns/a tee /proc/sys/net/core/somaxconn
    500
nsenter --net=/run/netns/a tee /proc/sys/net/ipv4/conf/all/arp_filter
    0
nsenter --net=/run/netns/a tee /proc/sys/net/ipv4/conf/eth0/arp_filter
    1
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for sysctls of its own > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for the same on a host that has other endpoints > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:01",
    "mtu": 1500,
    "name": "cni0",
  },
  Object {
    "mac": "fe:7b:52:5b:4f:40",
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

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for the same on a host that has other endpoints > by ADD 1`] = `
ip -j -d -force -batch -
    link add name veth3bca41eb2a9 mtu 1500 address fe:7b:52:5b:4f:40 type veth peer name eth0 mtu 1500 address 02:42:0a:58:00:02 netns /run/netns/a
    link set dev veth3bca41eb2a9 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bridge addrgenmode none
    link set dev veth3bca41eb2a9 master cni0 up
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 up
    address add 10.88.0.2/16 broadcast + dev eth0
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
nft -f -
    add element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    add element inet fairlead masq4 { 10.88.0.2 comment "net1 eth0 c1" : goto masq4-16 }
/proc/sys/net/ipv4/ip_forward = 1
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/scripts.test.ts > TAP > the kernel is told for the same on a host that has other endpoints > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev veth3bca41eb2a9
nft -f -
    add element inet fairlead masq4 { 10.88.0.2 comment "net1 eth0 c1" : goto masq4-16 }
    add element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 comment "net1 eth0 c1" }
    delete element inet fairlead masq4 { 10.88.0.2 }
    delete element inet fairlead local4 { 10.88.0.2 . 10.88.0.0 }

`
