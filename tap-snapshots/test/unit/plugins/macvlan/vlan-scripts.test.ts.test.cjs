/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for a VLAN that is to be made > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:48:a4:ba:50:bd",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for a VLAN that is to be made > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name up0.100 group 64029 type vlan id 100
    link set dev up0.100 addrgenmode none
    link set dev up0.100 up
    link add link up0.100 name veth3bca41eb2a9 mtu 1500 address 02:48:a4:ba:50:bd netns /run/netns/a type macvlan mode bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::48:a4ff:feba:50bd/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.2/24 broadcast + dev eth0
    address add 2001:db8::2/64 dev eth0 optimistic
    neighbour add 192.0.2.2 dev eth0 use
    neighbour del 192.0.2.2 dev eth0
    link set dev eth0 address 02:48:a4:ba:50:bd
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

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for a VLAN that is to be made > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for a VLAN whose name would be too long > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:48:a4:ba:50:bd",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for a VLAN whose name would be too long > by ADD 1`] = `
ip -j -d -force -batch -
    link add link wonderful-link name fl1b4ea346.100 group 64029 type vlan id 100
    link set dev fl1b4ea346.100 addrgenmode none
    link set dev fl1b4ea346.100 up
    link add link fl1b4ea346.100 name veth3bca41eb2a9 mtu 1500 address 02:48:a4:ba:50:bd netns /run/netns/a type macvlan mode bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for a VLAN whose name would be too long > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for host access > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:48:a4:ba:50:bd",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for host access > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name host2b387b43619 address 02:5a:10:95:41:65 group 64029 type macvlan mode bridge
    link set dev host2b387b43619 addrgenmode none
    link set dev host2b387b43619 up
    link add link up0 name veth3bca41eb2a9 mtu 1500 address 02:48:a4:ba:50:bd netns /run/netns/a type macvlan mode bridge
    address replace fe80::5a:10ff:fe95:4165/64 dev host2b387b43619 nodad
    neighbour replace 192.0.2.2 lladdr 02:48:a4:ba:50:bd dev host2b387b43619 nud permanent
    route append 192.0.2.2/32 dev host2b387b43619 src 192.0.2.1
    route append 2001:db8::2/128 dev host2b387b43619 src 2001:db8::1
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::48:a4ff:feba:50bd/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.2/24 broadcast + dev eth0
    address add 2001:db8::2/64 dev eth0 optimistic
    route append 2001:db8::1/128 via fe80::5a:10ff:fe95:4165 dev eth0
    neighbour add 192.0.2.2 dev eth0 use
    neighbour del 192.0.2.2 dev eth0
    link set dev eth0 address 02:48:a4:ba:50:bd
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
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 1
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 0
/proc/sys/net/ipv4/conf/host09ca653ee3d/arp_filter = 0
/proc/sys/net/ipv6/conf/host09ca653ee3d/accept_ra = 1

`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for host access > by DEL 1`] = `
ip -j -d -force -batch -
    route del 2001:db8::2/128 dev host2b387b43619
    route del 192.0.2.2/32 dev host2b387b43619
    neighbour flush to 192.0.2.2 dev host2b387b43619 nud permanent
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for host access on the host’s own VLAN > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:48:a4:ba:50:bd",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for host access on the host’s own VLAN > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0.100 name host29f5d16daca address 02:5a:10:95:41:65 group 64029 type macvlan mode bridge
    link set dev host29f5d16daca addrgenmode none
    link set dev host29f5d16daca up
    link add link up0.100 name veth3bca41eb2a9 mtu 1500 address 02:48:a4:ba:50:bd netns /run/netns/a type macvlan mode bridge
    neighbour replace 192.0.2.2 lladdr 02:48:a4:ba:50:bd dev host29f5d16daca nud permanent
    route append 192.0.2.2/32 dev host29f5d16daca src 192.0.2.1
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::48:a4ff:feba:50bd/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.2/24 broadcast + dev eth0
    address add 2001:db8::2/64 dev eth0 optimistic
    neighbour add 192.0.2.2 dev eth0 use
    neighbour del 192.0.2.2 dev eth0
    link set dev eth0 address 02:48:a4:ba:50:bd
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
/proc/sys/net/ipv4/conf/host29f5d16daca/arp_filter = 1
/proc/sys/net/ipv6/conf/host29f5d16daca/accept_ra = 0

`

exports[`test/unit/plugins/macvlan/vlan-scripts.test.ts > TAP > the kernel is told for host access on the host’s own VLAN > by DEL 1`] = `
ip -j -d -force -batch -
    route del 192.0.2.2/32 dev host29f5d16daca
    neighbour flush to 192.0.2.2 dev host29f5d16daca nud permanent
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`
