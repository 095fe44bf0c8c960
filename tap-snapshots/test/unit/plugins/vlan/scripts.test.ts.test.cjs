/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for a priority without a VLAN > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for a priority without a VLAN > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type vlan id 0
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for a priority without a VLAN > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for a VLAN within a VLAN > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for a VLAN within a VLAN > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name up0.5 group 64029 type vlan id 5
    link set dev up0.5 addrgenmode none
    link set dev up0.5 up
    link add link up0.5 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type vlan id 6
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for a VLAN within a VLAN > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for addresses of both families and an MTU > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1400,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for addresses of both families and an MTU > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1400 netns /run/netns/a type vlan id 4094
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::a3:e9ff:feac:3f3c/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 10.88.0.2/24 broadcast + dev eth0
    address add fd88::2/64 dev eth0 optimistic
    neighbour add 10.88.0.2 dev eth0 use
    neighbour del 10.88.0.2 dev eth0
    link set dev eth0 address 02:00:00:00:00:99
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/accept_dad /proc/sys/net/ipv6/conf/eth0/enhanced_dad /proc/sys/net/ipv6/conf/eth0/optimistic_dad
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/router_solicitation_delay
    0
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/neigh/eth0/retrans_time_ms
    50
    1000
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for addresses of both families and an MTU > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for no addresses > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for no addresses > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type vlan id 100
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/vlan/scripts.test.ts > TAP > the kernel is told for no addresses > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`
