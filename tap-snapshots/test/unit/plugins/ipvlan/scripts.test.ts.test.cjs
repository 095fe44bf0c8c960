/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for a VLAN that is to be made > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for a VLAN that is to be made > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name up0.100 group 64029 type vlan id 100
    link set dev up0.100 addrgenmode none
    link set dev up0.100 up
    link add link up0.100 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type ipvlan mode l2 bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::93:76ff:fe19:99cf/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.1/24 broadcast + dev eth0
    address add 2001:db8::1/64 dev eth0 optimistic
    route append 0.0.0.0/0 via 192.0.2.2 dev eth0
    route append ::/0 via 2001:db8::2 dev eth0
    neighbour add 192.0.2.1 dev eth0 use
    neighbour del 192.0.2.1 dev eth0
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

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for a VLAN that is to be made > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for a VLAN that others of ours have made > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for a VLAN that others of ours have made > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0.100 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type ipvlan mode l2 bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::93:76ff:fe19:99cf/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.1/24 broadcast + dev eth0
    address add 2001:db8::1/64 dev eth0 optimistic
    route append 0.0.0.0/0 via 192.0.2.2 dev eth0
    route append ::/0 via 2001:db8::2 dev eth0
    neighbour add 192.0.2.1 dev eth0 use
    neighbour del 192.0.2.1 dev eth0
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

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for a VLAN that others of ours have made > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev up0.100
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for a VLAN that somebody else has made > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for a VLAN that somebody else has made > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0.100 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type ipvlan mode l2 bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::93:76ff:fe19:99cf/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.1/24 broadcast + dev eth0
    address add 2001:db8::1/64 dev eth0 optimistic
    route append 0.0.0.0/0 via 192.0.2.2 dev eth0
    route append ::/0 via 2001:db8::2 dev eth0
    neighbour add 192.0.2.1 dev eth0 use
    neighbour del 192.0.2.1 dev eth0
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

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for a VLAN that somebody else has made > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for addresses of a plugin before it > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for addresses of a plugin before it > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type ipvlan mode l2 bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
    address add 192.0.2.9/24 broadcast + dev eth0
    route append 0.0.0.0/0 via 192.0.2.2 dev eth0
    neighbour add 192.0.2.9 dev eth0 use
    neighbour del 192.0.2.9 dev eth0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for addresses of a plugin before it > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for host access in mode l2 > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for host access in mode l2 > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name host09ca653ee3d group 64029 type ipvlan mode l2 bridge
    link set dev host09ca653ee3d addrgenmode none
    link set dev host09ca653ee3d up
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type ipvlan mode l2 bridge
    address replace fe80::5a:10ff:fe95:4165/64 dev host09ca653ee3d nodad
    neighbour replace 192.0.2.9 lladdr 02:00:00:00:00:99 dev host09ca653ee3d nud permanent
    route append 192.0.2.9/32 dev host09ca653ee3d src 192.0.2.1
    route append 2001:db8::9/128 dev host09ca653ee3d src 2001:db8::1
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::93:76ff:fe19:99cf/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.9/24 broadcast + dev eth0
    address add 2001:db8::9/64 dev eth0 optimistic
    route append 0.0.0.0/0 via 192.0.2.2 dev eth0
    route append ::/0 via 2001:db8::2 dev eth0
    route append 2001:db8::1/128 via fe80::5a:10ff:fe95:4165 dev eth0
    neighbour add 192.0.2.9 dev eth0 use
    neighbour del 192.0.2.9 dev eth0
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
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 0
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 1
/proc/sys/net/ipv4/conf/host09ca653ee3d/arp_filter = 1
/proc/sys/net/ipv6/conf/host09ca653ee3d/accept_ra = 0

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for host access in mode l2 > by DEL 1`] = `
ip -j -d -force -batch -
    route del 2001:db8::9/128 dev host09ca653ee3d
    route del 192.0.2.9/32 dev host09ca653ee3d
    neighbour flush to 192.0.2.9 dev host09ca653ee3d nud permanent
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for host access in mode l3, from another subnet > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for host access in mode l3, from another subnet > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name host09ca653ee3d group 64029 type ipvlan mode l3 bridge
    link set dev host09ca653ee3d addrgenmode none
    link set dev host09ca653ee3d up
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type ipvlan mode l3 bridge
    route append 10.88.0.2/32 dev host09ca653ee3d src 192.0.2.1
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
    address add 10.88.0.2/24 broadcast + dev eth0
    route append 192.0.2.1/32 dev eth0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 0
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 1
/proc/sys/net/ipv4/conf/host09ca653ee3d/arp_filter = 0
/proc/sys/net/ipv6/conf/host09ca653ee3d/accept_ra = 1

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for host access in mode l3, from another subnet > by DEL 1`] = `
ip -j -d -force -batch -
    route del 10.88.0.2/32 dev host09ca653ee3d
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for mode l2 with both families > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for mode l2 with both families > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type ipvlan mode l2 bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::93:76ff:fe19:99cf/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.1/24 broadcast + dev eth0
    address add 2001:db8::1/64 dev eth0 optimistic
    route append 0.0.0.0/0 via 192.0.2.2 dev eth0
    route append ::/0 via 2001:db8::2 dev eth0
    neighbour add 192.0.2.1 dev eth0 use
    neighbour del 192.0.2.1 dev eth0
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

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for mode l2 with both families > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for mode l3, which needs no gateway > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for mode l3, which needs no gateway > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type ipvlan mode l3 bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::93:76ff:fe19:99cf/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.1/24 broadcast + dev eth0
    address add 2001:db8::1/64 dev eth0 nodad
    route append 0.0.0.0/0 dev eth0
    route append ::/0 dev eth0
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for mode l3, which needs no gateway > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for mode l3s, flag private and an MTU > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1400,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for mode l3s, flag private and an MTU > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1400 netns /run/netns/a type ipvlan mode l3s private
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::93:76ff:fe19:99cf/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.1/24 broadcast + dev eth0
    address add 2001:db8::1/64 dev eth0 nodad
    route append 0.0.0.0/0 dev eth0
    route append ::/0 dev eth0
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for mode l3s, flag private and an MTU > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for no addresses > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for no addresses > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type ipvlan mode l2 bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/ipvlan/scripts.test.ts > TAP > the kernel is told for no addresses > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`
