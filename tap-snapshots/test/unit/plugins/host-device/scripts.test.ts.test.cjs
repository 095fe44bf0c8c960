/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/host-device/scripts.test.ts > TAP > the kernel is told for a device by its MAC, and addresses > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:10",
    "mtu": 9000,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/host-device/scripts.test.ts > TAP > the kernel is told for a device by its MAC, and addresses > by ADD 1`] = `
ip -j -d -force -batch -
    link set dev ens5 netns /run/netns/a name eth0
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 alias ens5 addrgenmode none
    link set dev eth0 up
    address add fe80::ff:fe00:10/64 dev eth0 optimistic
    link set dev eth0 addrgenmode eui64
    address add 198.51.100.2/24 broadcast + dev eth0
    address add 2001:db8:5::2/64 dev eth0 optimistic
    neighbour add 198.51.100.2 dev eth0 use
    neighbour del 198.51.100.2 dev eth0
    link set dev eth0 address 02:00:00:00:00:10
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

exports[`test/unit/plugins/host-device/scripts.test.ts > TAP > the kernel is told for a device by its MAC, and addresses > by DEL 1`] = `
ip -j -d -force -batch -
    link set dev ens5 alias "to the lab"
    link set dev ens5 up
    address replace 198.51.100.1/24 dev ens5
    address replace fe80::1/64 dev ens5
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 netns /proc/100/ns/net name ens5

`

exports[`test/unit/plugins/host-device/scripts.test.ts > TAP > the kernel is told for a device that a program drives > and its answer has 1`] = `
Array [
  Object {
    "name": "eth0",
    "pciID": "0000:03:00.0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/host-device/scripts.test.ts > TAP > the kernel is told for a device that a program drives > by ADD 1`] = `
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/host-device/scripts.test.ts > TAP > the kernel is told for a device that a program drives > by DEL 1`] = `

`

exports[`test/unit/plugins/host-device/scripts.test.ts > TAP > the kernel is told for a device without addresses > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:10",
    "mtu": 9000,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/host-device/scripts.test.ts > TAP > the kernel is told for a device without addresses > by ADD 1`] = `
ip -j -d -force -batch -
    link set dev ens5 netns /run/netns/a name eth0
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 alias ens5
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/host-device/scripts.test.ts > TAP > the kernel is told for a device without addresses > by DEL 1`] = `
ip -j -d -force -batch -
    link set dev ens5 alias "to the lab"
    link set dev ens5 up
    address replace 198.51.100.1/24 dev ens5
    address replace fe80::1/64 dev ens5
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 netns /proc/100/ns/net name ens5

`
