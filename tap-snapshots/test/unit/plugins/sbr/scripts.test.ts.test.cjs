/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for a table of somebody’s > by ADD 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule add from 10.88.0.2 table 4000
ip -n ../../../run/netns/a -6 -force -batch -
    rule add from fd00:88::2 table 4000

`

exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for a table of somebody’s > by DEL 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule del from 10.88.0.2 table 4000
ip -n ../../../run/netns/a -6 -force -batch -
    rule del from fd00:88::2 table 4000

`

exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for an address of each family > by ADD 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule add from 10.88.0.2 table 101
ip -n ../../../run/netns/a -6 -force -batch -
    rule add from fd00:88::2 table 102
ip -n ../../../run/netns/a -j -d -force -batch -
    route append 10.88.0.0/16 dev eth0 src 10.88.0.2 table 101 scope 253
    route append 10.89.0.0/16 dev eth0 src 10.89.0.2 table 101 scope 253
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 mtu 1400 table 101 scope 0
    route append 10.200.0.0/16 via 10.89.0.254 dev eth0 table 101 scope 0
    route append fd00:88::/64 dev eth0 metric 256 table 102
    route append ::/0 via fe80::1 dev eth0 metric 1024 table 102
    route del ::/0 via fe80::1 dev eth0 metric 1024 table 254
    route del 10.200.0.0/16 via 10.89.0.254 dev eth0 table 254
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254
    route del fd00:88::/64 dev eth0 metric 256 table 254
    route del 10.89.0.0/16 dev eth0 src 10.89.0.2 table 254
    route del 10.88.0.0/16 dev eth0 src 10.88.0.2 table 254

`

exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for an address of each family > by DEL 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule del from 10.88.0.2 table 101
ip -n ../../../run/netns/a -6 -force -batch -
    rule del from fd00:88::2 table 102
ip -n ../../../run/netns/a -j -d -force -batch -
    route append 10.88.0.0/16 dev eth0 src 10.88.0.2 table 254 scope 253 proto 2
    route append 10.89.0.0/16 dev eth0 src 10.89.0.2 table 254 scope 253 proto 2
    route append fd00:88::/64 dev eth0 metric 256 table 254 proto 2
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 mtu 1400 table 254 scope 0 proto 3
    route append 10.200.0.0/16 via 10.89.0.254 dev eth0 table 254 scope 0 proto 3
    route append ::/0 via fe80::1 dev eth0 metric 1024 table 254 proto 3
    route del ::/0 via fe80::1 dev eth0 metric 1024 table 102
    route del fd00:88::/64 dev eth0 metric 256 table 102
    route del 10.200.0.0/16 via 10.89.0.254 dev eth0 table 101
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 101
    route del 10.89.0.0/16 dev eth0 src 10.89.0.2 table 101
    route del 10.88.0.0/16 dev eth0 src 10.88.0.2 table 101

`

exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for gateways of its own > by ADD 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule add from 10.88.0.2 table 101
ip -n ../../../run/netns/a -6 -force -batch -
    rule add from fd00:88::2 table 102
ip -n ../../../run/netns/a -j -d -force -batch -
    route append 10.88.0.0/16 dev eth0 src 10.88.0.2 table 101 scope 253
    route append 10.89.0.0/16 dev eth0 src 10.89.0.2 table 101 scope 253
    route append 10.200.0.0/16 via 10.89.0.254 dev eth0 table 101 scope 0
    route append 0.0.0.0/0 via 10.88.0.254 dev eth0 table 101
    route append fd00:88::/64 dev eth0 metric 256 table 102
    route append ::/0 via fd00:88::fe dev eth0 table 102
    route del ::/0 via fe80::1 dev eth0 metric 1024 table 254
    route del 10.200.0.0/16 via 10.89.0.254 dev eth0 table 254
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254
    route del fd00:88::/64 dev eth0 metric 256 table 254
    route del 10.89.0.0/16 dev eth0 src 10.89.0.2 table 254
    route del 10.88.0.0/16 dev eth0 src 10.88.0.2 table 254

`

exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for gateways of its own > by DEL 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule del from 10.88.0.2 table 101
ip -n ../../../run/netns/a -6 -force -batch -
    rule del from fd00:88::2 table 102
ip -n ../../../run/netns/a -j -d -force -batch -
    route append 10.88.0.0/16 dev eth0 src 10.88.0.2 table 254 scope 253 proto 2
    route append 10.89.0.0/16 dev eth0 src 10.89.0.2 table 254 scope 253 proto 2
    route append fd00:88::/64 dev eth0 metric 256 table 254 proto 2
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 mtu 1400 table 254 scope 0 proto 3
    route append 10.200.0.0/16 via 10.89.0.254 dev eth0 table 254 scope 0 proto 3
    route append ::/0 via fe80::1 dev eth0 metric 1024 table 254 proto 3
    route del ::/0 via fd00:88::fe dev eth0 table 102
    route del fd00:88::/64 dev eth0 metric 256 table 102
    route del 0.0.0.0/0 via 10.88.0.254 dev eth0 table 101
    route del 10.200.0.0/16 via 10.89.0.254 dev eth0 table 101
    route del 10.89.0.0/16 dev eth0 src 10.89.0.2 table 101
    route del 10.88.0.0/16 dev eth0 src 10.88.0.2 table 101

`

exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for source hints > by ADD 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule add from 10.88.0.2 table 101
ip -n ../../../run/netns/a -6 -force -batch -
    rule add from fd00:88::2 table 102
ip -n ../../../run/netns/a -j -d -force -batch -
    route append 10.88.0.0/16 dev eth0 src 10.88.0.2 table 101 scope 253
    route append 10.89.0.0/16 dev eth0 src 10.89.0.2 table 101 scope 253
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 mtu 1400 table 101 scope 0
    route append 10.200.0.0/16 via 10.89.0.254 dev eth0 table 101 scope 0
    route append fd00:88::/64 dev eth0 metric 256 table 102
    route append ::/0 via fe80::1 dev eth0 metric 1024 table 102
    route del ::/0 via fe80::1 dev eth0 metric 1024 table 254
    route del 10.200.0.0/16 via 10.89.0.254 dev eth0 table 254
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254
    route del 10.89.0.0/16 dev eth0 src 10.89.0.2 table 254

`

exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for source hints > by DEL 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule del from 10.88.0.2 table 101
ip -n ../../../run/netns/a -6 -force -batch -
    rule del from fd00:88::2 table 102
ip -n ../../../run/netns/a -j -d -force -batch -
    route append 10.89.0.0/16 dev eth0 src 10.89.0.2 table 254 scope 253 proto 2
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 mtu 1400 table 254 scope 0 proto 3
    route append 10.200.0.0/16 via 10.89.0.254 dev eth0 table 254 scope 0 proto 3
    route append ::/0 via fe80::1 dev eth0 metric 1024 table 254 proto 3
    route del ::/0 via fe80::1 dev eth0 metric 1024 table 102
    route del fd00:88::/64 dev eth0 metric 256 table 102
    route del 10.200.0.0/16 via 10.89.0.254 dev eth0 table 101
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 101
    route del 10.89.0.0/16 dev eth0 src 10.89.0.2 table 101
    route del 10.88.0.0/16 dev eth0 src 10.88.0.2 table 101

`

exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for two addresses of one family > by ADD 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule add from 10.88.0.2 table 101
    rule add from 10.89.0.2 table 102
ip -n ../../../run/netns/a -j -d -force -batch -
    route append 10.88.0.0/16 dev eth0 src 10.88.0.2 table 101 scope 253
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 mtu 1400 table 101 scope 0
    route append 10.89.0.0/16 dev eth0 src 10.89.0.2 table 102 scope 253
    route append 10.200.0.0/16 via 10.89.0.254 dev eth0 table 102 scope 0
    route append 0.0.0.0/0 via 10.89.0.1 dev eth0 table 102
    route del 10.200.0.0/16 via 10.89.0.254 dev eth0 table 254
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 254
    route del 10.89.0.0/16 dev eth0 src 10.89.0.2 table 254
    route del 10.88.0.0/16 dev eth0 src 10.88.0.2 table 254

`

exports[`test/unit/plugins/sbr/scripts.test.ts > TAP > the kernel is told for two addresses of one family > by DEL 1`] = `
ip -n ../../../run/netns/a -4 -force -batch -
    rule del from 10.89.0.2 table 102
    rule del from 10.88.0.2 table 101
ip -n ../../../run/netns/a -j -d -force -batch -
    route append 10.88.0.0/16 dev eth0 src 10.88.0.2 table 254 scope 253 proto 2
    route append 10.89.0.0/16 dev eth0 src 10.89.0.2 table 254 scope 253 proto 2
    route append 0.0.0.0/0 via 10.88.0.1 dev eth0 mtu 1400 table 254 scope 0 proto 3
    route append 10.200.0.0/16 via 10.89.0.254 dev eth0 table 254 scope 0 proto 3
    route del 0.0.0.0/0 via 10.89.0.1 dev eth0 table 102
    route del 10.200.0.0/16 via 10.89.0.254 dev eth0 table 102
    route del 10.89.0.0/16 dev eth0 src 10.89.0.2 table 102
    route del 0.0.0.0/0 via 10.88.0.1 dev eth0 table 101
    route del 10.88.0.0/16 dev eth0 src 10.88.0.2 table 101

`
