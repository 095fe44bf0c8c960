/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for a VRF beside another one > by ADD 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link add name blue group 64029 type vrf table 4
    link set dev blue up
    route replace unreachable 0.0.0.0/0 metric 4278198272 table 4
    route replace unreachable ::/0 metric 4278198272 table 4
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 254
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 master blue
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 4 scope 0
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 4

`

exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for a VRF beside another one > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 4
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 4
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 nomaster
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253 proto 3
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254 scope 0 proto 3
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 254 proto 3
    route del unreachable ::/0 metric 4278198272 table 4
    route del unreachable 0.0.0.0/0 metric 4278198272 table 4
    link del dev blue

`

exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for a VRF of somebody else’s > by ADD 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 254
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 master red
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 1 scope 0
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 1

`

exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for a VRF of somebody else’s > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 1
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 1
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 nomaster
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253 proto 3
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254 scope 0 proto 3
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 254 proto 3

`

exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for another one of a VRF > by ADD 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    route replace unreachable 0.0.0.0/0 metric 4278198272 table 7
    route replace unreachable ::/0 metric 4278198272 table 7
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 254
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 master blue
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 7 scope 0
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 7

`

exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for another one of a VRF > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 7
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 7
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 nomaster
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253 proto 3
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254 scope 0 proto 3
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 254 proto 3
    route del unreachable ::/0 metric 4278198272 table 7
    route del unreachable 0.0.0.0/0 metric 4278198272 table 7
    link del dev blue

`

exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for the first of a VRF > by ADD 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link add name blue group 64029 type vrf table 1
    link set dev blue up
    route replace unreachable 0.0.0.0/0 metric 4278198272 table 1
    route replace unreachable ::/0 metric 4278198272 table 1
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 254
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 master blue
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 1 scope 0
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 1

`

exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for the first of a VRF > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 1
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 1
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 nomaster
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253 proto 3
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254 scope 0 proto 3
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 254 proto 3
    route del unreachable ::/0 metric 4278198272 table 1
    route del unreachable 0.0.0.0/0 metric 4278198272 table 1
    link del dev blue

`

exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for the first, with a table > by ADD 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    link add name blue group 64029 type vrf table 1000
    link set dev blue up
    route replace unreachable 0.0.0.0/0 metric 4278198272 table 1000
    route replace unreachable ::/0 metric 4278198272 table 1000
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 254
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 master blue
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 1000 scope 0
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 1000

`

exports[`test/unit/plugins/vrf/scripts.test.ts > TAP > the kernel is told for the first, with a table > by DEL 1`] = `
ip -n ../../../run/netns/a -j -d -force -batch -
    route del ::/0 via fd00:88::1 dev eth0 metric 1024 table 1000
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 1000
    route del 10.200.0.0/16 dev eth0 table 2
    address del fe80::2/64 dev eth0
    address del fd00:88::2/64 dev eth0
    link set dev eth0 nomaster
    address replace fd00:88::2/64 dev eth0 nodad
    address replace fe80::2/64 dev eth0 nodad
    route append 10.200.0.0/16 dev eth0 table 2 scope 253 proto 3
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254 scope 0 proto 3
    route append ::/0 via fd00:88::1 dev eth0 metric 1024 table 254 proto 3
    route del unreachable ::/0 metric 4278198272 table 1000
    route del unreachable 0.0.0.0/0 metric 4278198272 table 1000
    link del dev blue

`
