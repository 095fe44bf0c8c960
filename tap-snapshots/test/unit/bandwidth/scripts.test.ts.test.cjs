/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit a burst that is less than a packet > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:f0:ba:40:e1:09",
    "name": "bwp2502b62e5dd1",
  },
]
`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit a burst that is less than a packet > by ADD 1`] = `
ip -j -d -force -batch -
    link add name bwp2502b62e5dd1 mtu 1500 address 02:f0:ba:40:e1:09 type ifb
    link set dev bwp2502b62e5dd1 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bandwidth+5b139a30
    link set dev bwp2502b62e5dd1 up
tc -batch -
    qdisc replace dev bwp2502b62e5dd1 root handle 1: tbf rate 100000000bit burst 625000b limit 625000b
    qdisc replace dev veth0 clsact
    filter del dev veth0 ingress
    filter add dev veth0 ingress pref 1 protocol all u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev bwp2502b62e5dd1
    filter del dev veth0 egress

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit a burst that is less than a packet > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev bwp2502b62e5dd1
tc -force -batch -
    qdisc del dev veth0 parent ffff:fff1

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit all but some subnets > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:88:90:39:4f:3c",
    "name": "bwp2502b62e5dd1",
  },
]
`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit all but some subnets > by ADD 1`] = `
ip -j -d -force -batch -
    link add name bwp2502b62e5dd1 mtu 1500 address 02:88:90:39:4f:3c type ifb
    link set dev bwp2502b62e5dd1 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bandwidth+9700cf6b
    link set dev bwp2502b62e5dd1 up
tc -batch -
    qdisc replace dev bwp2502b62e5dd1 root handle 1: tbf rate 8000000bit burst 50000b limit 50000b
    qdisc replace dev veth0 clsact
    filter del dev veth0 ingress
    filter add dev veth0 ingress pref 1 protocol ip u32 match u32 0x0a000000 0xff000000 at 16 classid 1:1
    filter add dev veth0 ingress pref 2 protocol ipv6 u32 match u32 0xfd000000 0xffffffff at 24 match u32 0x00000000 0x80000000 at 28 classid 1:1
    filter add dev veth0 ingress pref 3 protocol ip u32 match u32 0x00000000 0x00000000 at 0 classid 1:1
    filter add dev veth0 ingress pref 4 protocol all u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev bwp2502b62e5dd1
    filter del dev veth0 egress

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit all but some subnets > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev bwp2502b62e5dd1
tc -force -batch -
    qdisc del dev veth0 parent ffff:fff1

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit both, with bursts of ours > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:af:c4:3e:1a:27",
    "name": "bwp2502b62e5dd1",
  },
]
`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit both, with bursts of ours > by ADD 1`] = `
ip -j -d -force -batch -
    link add name bwp2502b62e5dd1 mtu 1500 address 02:af:c4:3e:1a:27 type ifb
    link set dev bwp2502b62e5dd1 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bandwidth+37ba8376
    link set dev bwp2502b62e5dd1 up
tc -batch -
    qdisc replace dev bwp2502b62e5dd1 root handle 1: tbf rate 1000000000bit burst 6250000b limit 6250000b
    qdisc replace dev veth0 root handle 1: tbf rate 1000000bit burst 15000b limit 15000b
    qdisc replace dev veth0 clsact
    filter del dev veth0 ingress
    filter add dev veth0 ingress pref 1 protocol all u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev bwp2502b62e5dd1
    filter del dev veth0 egress

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit both, with bursts of ours > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev bwp2502b62e5dd1
tc -force -batch -
    qdisc del dev veth0 parent ffff:fff1
    qdisc del dev veth0 root

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit jumbo frames > and its answer has 1`] = `
Array []
`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit jumbo frames > by ADD 1`] = `
tc -batch -
    qdisc replace dev veth0 root handle 1: tbf rate 8000bit burst 90000b limit 90000b

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit jumbo frames > by DEL 1`] = `
tc -force -batch -
    qdisc del dev veth0 root

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit some subnets > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:c8:3a:a3:92:6f",
    "name": "bwp2502b62e5dd1",
  },
  Object {
    "mac": "02:6f:22:24:70:ea",
    "name": "bwp435a2a6c7827",
  },
]
`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit some subnets > by ADD 1`] = `
ip -j -d -force -batch -
    link add name bwp2502b62e5dd1 mtu 1500 address 02:c8:3a:a3:92:6f type ifb
    link set dev bwp2502b62e5dd1 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bandwidth+f58bc994
    link set dev bwp2502b62e5dd1 up
    link add name bwp435a2a6c7827 mtu 1500 address 02:6f:22:24:70:ea type ifb
    link set dev bwp435a2a6c7827 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bandwidth+f58bc994
    link set dev bwp435a2a6c7827 up
tc -batch -
    qdisc replace dev bwp2502b62e5dd1 root handle 1: tbf rate 8000000bit burst 50000b limit 50000b
    qdisc replace dev bwp435a2a6c7827 root handle 1: tbf rate 8000000bit burst 50000b limit 50000b
    qdisc replace dev veth0 clsact
    filter del dev veth0 ingress
    filter add dev veth0 ingress pref 1 protocol ip u32 match u32 0x0a000000 0xff000000 at 16 action mirred egress redirect dev bwp2502b62e5dd1
    filter add dev veth0 ingress pref 2 protocol ipv6 u32 match u32 0xfd000000 0xffffffff at 24 match u32 0x00000000 0x80000000 at 28 action mirred egress redirect dev bwp2502b62e5dd1
    filter add dev veth0 ingress pref 3 protocol ip u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev bwp2502b62e5dd1
    filter del dev veth0 egress
    filter add dev veth0 egress pref 10001 protocol ip u32 match u32 0x0a000000 0xff000000 at 12 action mirred egress redirect dev bwp435a2a6c7827
    filter add dev veth0 egress pref 10002 protocol ipv6 u32 match u32 0xfd000000 0xffffffff at 8 match u32 0x00000000 0x80000000 at 12 action mirred egress redirect dev bwp435a2a6c7827
    filter add dev veth0 egress pref 10003 protocol ip u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev bwp435a2a6c7827

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit some subnets > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev bwp435a2a6c7827
    link del dev bwp2502b62e5dd1
tc -force -batch -
    qdisc del dev veth0 parent ffff:fff1

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit the fastest there is > and its answer has 1`] = `
Array []
`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit the fastest there is > by ADD 1`] = `
tc -batch -
    qdisc replace dev veth0 root handle 1: tbf rate 9007199254740984bit burst 4294967295b limit 4294967295b

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit the fastest there is > by DEL 1`] = `
tc -force -batch -
    qdisc del dev veth0 root

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit what comes from it > and its answer has 1`] = `
Array [
  Object {
    "mac": "02:5f:af:54:df:27",
    "name": "bwp2502b62e5dd1",
  },
]
`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit what comes from it > by ADD 1`] = `
ip -j -d -force -batch -
    link add name bwp2502b62e5dd1 mtu 1500 address 02:5f:af:54:df:27 type ifb
    link set dev bwp2502b62e5dd1 alias fairlead:51b465823886377d-3bca41eb2a9470d3df4f-bandwidth+f2595712
    link set dev bwp2502b62e5dd1 up
tc -batch -
    qdisc replace dev bwp2502b62e5dd1 root handle 1: tbf rate 800000000bit burst 500000b limit 3000000b
    qdisc replace dev veth0 clsact
    filter del dev veth0 ingress
    filter add dev veth0 ingress pref 1 protocol all u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev bwp2502b62e5dd1
    filter del dev veth0 egress

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit what comes from it > by DEL 1`] = `
ip -j -d -force -batch -
    link del dev bwp2502b62e5dd1
tc -force -batch -
    qdisc del dev veth0 parent ffff:fff1

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit what goes to the container > and its answer has 1`] = `
Array []
`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit what goes to the container > by ADD 1`] = `
tc -batch -
    qdisc replace dev veth0 root handle 1: tbf rate 8000000bit burst 100000b limit 125000b

`

exports[`test/unit/bandwidth/scripts.test.ts > TAP > the kernel is told to limit what goes to the container > by DEL 1`] = `
tc -force -batch -
    qdisc del dev veth0 root

`
