/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/tap/scripts.test.ts > TAP > the kernel is told for a tap > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:ea:27:a3:3f:25",
    "mtu": 1500,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/tap/scripts.test.ts > TAP > the kernel is told for a tap > by ADD 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    tuntap add name eth0 mode tap
    link set dev eth0 address 02:ea:27:a3:3f:25
    link set dev eth0 up
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/tap/scripts.test.ts > TAP > the kernel is told for a tap > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0

`

exports[`test/unit/plugins/tap/scripts.test.ts > TAP > the kernel is told for a tap with all that it can have > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:00:00:00:00:07",
    "mtu": 1400,
    "name": "eth0",
    "sandbox": "/run/netns/a",
  },
]
`

exports[`test/unit/plugins/tap/scripts.test.ts > TAP > the kernel is told for a tap with all that it can have > by ADD 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link set dev eth0 address 02:00:00:00:00:07
    link set dev eth0 mtu 1400
    link set dev eth0 addrgenmode none
    link set dev eth0 up
    address add fe80::ff:fe00:7/64 dev eth0 nodad
    link set dev eth0 addrgenmode eui64
    address add 10.88.0.2/16 broadcast + dev eth0
    address add fd88::2/64 dev eth0 nodad
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/eth0/ndisc_notify /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down
    1
nsenter --net=/run/netns/a tee /proc/sys/net/ipv6/conf/lo/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth0/accept_dad
    0
/proc/sys/net/ipv4/ip_forward = 0
/proc/sys/net/ipv6/conf/all/forwarding = 0

`

exports[`test/unit/plugins/tap/scripts.test.ts > TAP > the kernel is told for a tap with all that it can have > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link del dev eth0

`
