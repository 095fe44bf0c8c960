/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for a parent of its own > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:99",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for a parent of its own > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type macvlan mode passthru
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 0
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 0

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for a parent of its own > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for a parent of its own with another MAC > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:42",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for a parent of its own with another MAC > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 netns /run/netns/a type macvlan mode passthru
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
    link set dev eth0 address 02:00:00:00:00:42
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 0
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 0

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for a parent of its own with another MAC > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for a way between host and container > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:48:a4:ba:50:bd",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for a way between host and container > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name host2b387b43619 address 02:5a:10:95:41:65 group 64029 type macvlan mode bridge
    link set dev host2b387b43619 addrgenmode none
    link set dev host2b387b43619 up
    link add link up0 name veth3bca41eb2a9 mtu 1500 address 02:48:a4:ba:50:bd netns /run/netns/a type macvlan mode bridge
    address replace fe80::5a:10ff:fe95:4165/64 dev host2b387b43619 nodad
    neighbour replace 192.0.2.9 lladdr 02:48:a4:ba:50:bd dev host2b387b43619 nud permanent
    route append 192.0.2.9/32 dev host2b387b43619 src 192.0.2.1
    route append fd88::9/128 dev host2b387b43619 src fd88::1
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::48:a4ff:feba:50bd/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 192.0.2.9/24 broadcast + dev eth0
    address add fd88::9/64 dev eth0 optimistic
    route append fd88::1/128 via fe80::5a:10ff:fe95:4165 dev eth0
    neighbour add 192.0.2.9 dev eth0 use
    neighbour del 192.0.2.9 dev eth0
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

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for a way between host and container > by DEL 1`] = `
ip -j -d -force -batch -
    route del fd88::9/128 dev host2b387b43619
    route del 192.0.2.9/32 dev host2b387b43619
    neighbour flush to 192.0.2.9 dev host2b387b43619 nud permanent
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for an MTU, a MAC and a queue for broadcasts > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:42",
    "mtu": 1400,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for an MTU, a MAC and a queue for broadcasts > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1400 address 02:00:00:00:00:42 netns /run/netns/a type macvlan mode bridge bcqueuelen 2000
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 0
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 0

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for an MTU, a MAC and a queue for broadcasts > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for IPv4 and a default route > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:48:a4:ba:50:bd",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for IPv4 and a default route > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 address 02:48:a4:ba:50:bd netns /run/netns/a type macvlan mode bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
    address add 192.0.2.9/24 broadcast + dev eth0
    route append 0.0.0.0/0 via 192.0.2.2 dev eth0
    neighbour add 192.0.2.9 dev eth0 use
    neighbour del 192.0.2.9 dev eth0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 0
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 0

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for IPv4 and a default route > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for IPv6 with detection > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:48:a4:ba:50:bd",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for IPv6 with detection > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 address 02:48:a4:ba:50:bd netns /run/netns/a type macvlan mode bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::48:a4ff:feba:50bd/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add fd88::9/64 dev eth0 optimistic
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
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 0
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 0

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for IPv6 with detection > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for MACs that frames are taken from > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:48:a4:ba:50:bd",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for MACs that frames are taken from > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 address 02:48:a4:ba:50:bd netns /run/netns/a type macvlan mode source macaddr set 02:00:00:00:00:01 02:00:00:00:00:02
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 0
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 0

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for MACs that frames are taken from > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for no addresses > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:48:a4:ba:50:bd",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for no addresses > by ADD 1`] = `
ip -j -d -force -batch -
    link add link up0 name veth3bca41eb2a9 mtu 1500 address 02:48:a4:ba:50:bd netns /run/netns/a type macvlan mode bridge
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev veth3bca41eb2a9 name eth0
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0
/proc/sys/net/ipv4/conf/host2b387b43619/arp_filter = 0
/proc/sys/net/ipv6/conf/host2b387b43619/accept_ra = 0

`

exports[`test/unit/plugins/macvlan/scripts.test.ts > TAP > the kernel is told for no addresses > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0
    link del dev veth3bca41eb2a9

`
