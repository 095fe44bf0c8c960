/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for hostAccess dns > by DEL 1`] = `
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:00:01 }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for hostAccess dns > where other endpoints are 1`] = `
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:00:01 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for hostAccess none > by DEL 1`] = `
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:00:02 }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for hostAccess none > where other endpoints are 1`] = `
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:00:02 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for ingressPolicy isolated > by DEL 1`] = `
add element inet fairlead strict4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead strict6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
add element bridge fairlead alone { "veth1" comment "net1 eth0 c1" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:02:00 }
delete element inet fairlead strict4 { "cni0" . 10.88.0.2 }
delete element inet fairlead strict6 { "cni0" . fd88::2 }
delete element bridge fairlead alone { "veth1" }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for ingressPolicy isolated > where other endpoints are 1`] = `
add element inet fairlead strict4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead strict6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "cni0" . "cni0" }
add element bridge fairlead alone { "veth1" comment "net1 eth0 c1" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:02:00 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for ingressPolicy same-bridge > by DEL 1`] = `
add element inet fairlead strict4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead strict6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:01:00 }
delete element inet fairlead strict4 { "cni0" . 10.88.0.2 }
delete element inet fairlead strict6 { "cni0" . fd88::2 }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for ingressPolicy same-bridge > where other endpoints are 1`] = `
add element inet fairlead strict4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead strict6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "cni0" . "cni0" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:01:00 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for internal > by DEL 1`] = `
add element inet fairlead closed4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }
delete element inet fairlead closed4 { "cni0" . 10.88.0.2 }
delete element inet fairlead closed6 { "cni0" . fd88::2 }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for internal > where other endpoints are 1`] = `
add element inet fairlead closed4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "cni0" . "cni0" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for internal by a gateway in a VLAN > by DEL 1`] = `
add element inet fairlead closed4 { "cni0.100" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "cni0.100" . fd88::2 comment "net1 eth0 c1" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }
delete element inet fairlead closed4 { "cni0.100" . 10.88.0.2 }
delete element inet fairlead closed6 { "cni0.100" . fd88::2 }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for internal by a gateway in a VLAN > where other endpoints are 1`] = `
add element inet fairlead closed4 { "cni0.100" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "cni0.100" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "cni0.100" . "cni0.100" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }
add element bridge fairlead gateways { "gate1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for internal without a bridge > by DEL 1`] = `
add element inet fairlead closed4 { "veth1" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "veth1" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "veth1" . "veth1" }
add element inet fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }
delete element inet fairlead closed4 { "veth1" . 10.88.0.2 }
delete element inet fairlead closed6 { "veth1" . fd88::2 }
delete element inet fairlead networks { "veth1" . "veth1" }
delete element inet fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for internal without a bridge > where other endpoints are 1`] = `
add element inet fairlead closed4 { "veth1" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "veth1" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "veth1" . "veth1" }
add element inet fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for internal without the host > by DEL 1`] = `
add element inet fairlead closed4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:02 }
delete element inet fairlead closed4 { "cni0" . 10.88.0.2 }
delete element inet fairlead closed6 { "cni0" . fd88::2 }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for internal without the host > where other endpoints are 1`] = `
add element inet fairlead closed4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "cni0" . "cni0" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:02 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for isolated > by DEL 1`] = `
add element bridge fairlead alone { "veth1" comment "net1 eth0 c1" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:02:00 }
delete element bridge fairlead alone { "veth1" }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for isolated > where other endpoints are 1`] = `
add element inet fairlead networks { "cni0" . "cni0" }
add element bridge fairlead alone { "veth1" comment "net1 eth0 c1" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:02:00 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for isolated by the bridge itself > by DEL 1`] = `
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:02:00 }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for isolated by the bridge itself > where other endpoints are 1`] = `
add element inet fairlead networks { "cni0" . "cni0" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:02:00 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for open > by DEL 1`] = `

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for open > where other endpoints are 1`] = `

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for open, as it says > by DEL 1`] = `
add element inet fairlead exempt4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead exempt6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
delete element inet fairlead exempt4 { "cni0" . 10.88.0.2 }
delete element inet fairlead exempt6 { "cni0" . fd88::2 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for open, as it says > where other endpoints are 1`] = `
add element inet fairlead exempt4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead exempt6 { "cni0" . fd88::2 comment "net1 eth0 c1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for open, as it says, by a gateway in a VLAN > by DEL 1`] = `
add element inet fairlead exempt4 { "cni0.100" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead exempt6 { "cni0.100" . fd88::2 comment "net1 eth0 c1" }
delete element inet fairlead exempt4 { "cni0.100" . 10.88.0.2 }
delete element inet fairlead exempt6 { "cni0.100" . fd88::2 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for open, as it says, by a gateway in a VLAN > where other endpoints are 1`] = `
add element inet fairlead exempt4 { "cni0.100" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead exempt6 { "cni0.100" . fd88::2 comment "net1 eth0 c1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for same-network > by DEL 1`] = `
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:01:00 }
delete element bridge fairlead policies { "veth1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > nft is told for same-network > where other endpoints are 1`] = `
add element inet fairlead networks { "cni0" . "cni0" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:01:00 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > what is declared once > for bridges with VLANs 1`] = `
add table inet fairlead
add table bridge fairlead
add set inet fairlead networks { type ifname . ifname; }
add set inet fairlead internals { type ifname; }
add set inet fairlead closed4 { type ifname . ipv4_addr; }
add set inet fairlead strict4 { type ifname . ipv4_addr; }
add set inet fairlead exempt4 { type ifname . ipv4_addr; }
add set inet fairlead closed6 { type ifname . ipv6_addr; }
add set inet fairlead strict6 { type ifname . ipv6_addr; }
add set inet fairlead exempt6 { type ifname . ipv6_addr; }
add set bridge fairlead alone { type ifname; }
add set bridge fairlead gateways { type ifname; }
add map bridge fairlead policies { type ifname : ether_addr; }
add chain inet fairlead internal
add chain inet fairlead apart
add chain inet fairlead isolated
add chain inet fairlead inward
add chain inet fairlead forward { type filter hook forward priority filter; policy accept; }
add chain inet fairlead host-none
add chain inet fairlead host-dns
add chain inet fairlead input { type filter hook input priority 2147483100; policy accept; }
add chain bridge fairlead policies { type filter hook input priority filter; policy accept; }
add chain bridge fairlead isolated { type filter hook forward priority filter; policy accept; }
add chain bridge fairlead gateways { type filter hook forward priority 100; policy accept; }
flush chain inet fairlead internal
flush chain inet fairlead apart
flush chain inet fairlead isolated
flush chain inet fairlead inward
flush chain inet fairlead forward
flush chain inet fairlead host-none
flush chain inet fairlead host-dns
flush chain inet fairlead input
flush chain bridge fairlead policies
flush chain bridge fairlead isolated
flush chain bridge fairlead gateways
add rule inet fairlead internal iifname . oifname @networks return
add rule inet fairlead internal drop
add rule inet fairlead apart iifname . oifname @networks return
add rule inet fairlead apart oifname . oifname != @networks return
add rule inet fairlead apart oifname . ip daddr @exempt4 return
add rule inet fairlead apart oifname . ip6 daddr @exempt6 return
add rule inet fairlead apart oifname . ip daddr @strict4 drop
add rule inet fairlead apart oifname . ip6 daddr @strict6 drop
add rule inet fairlead apart ct status dnat return
add rule inet fairlead apart drop
add rule inet fairlead isolated iifname . oifname @networks drop
add rule inet fairlead isolated goto apart
add rule inet fairlead inward oifname . ip daddr @exempt4 return
add rule inet fairlead inward oifname . ip6 daddr @exempt6 return
add rule inet fairlead inward drop
add rule inet fairlead forward ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:03:00 goto internal
add rule inet fairlead forward ct state established,related accept
add rule inet fairlead forward oifname . ip daddr @closed4 iifname . oifname != @networks drop
add rule inet fairlead forward oifname . ip6 daddr @closed6 iifname . oifname != @networks drop
add rule inet fairlead forward oifname @internals iifname . oifname != @networks jump inward
add rule inet fairlead forward ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:02:00 goto isolated
add rule inet fairlead forward ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:01:00 goto apart
add rule inet fairlead host-none icmpv6 type nd-neighbor-solicit return
add rule inet fairlead host-none icmpv6 type nd-neighbor-advert return
add rule inet fairlead host-none drop
add rule inet fairlead host-dns udp dport 53 return
add rule inet fairlead host-dns tcp dport 53 return
add rule inet fairlead host-dns udp sport 68 udp dport 67 return
add rule inet fairlead host-dns udp sport 67 udp dport 68 return
add rule inet fairlead host-dns udp sport 546 udp dport 547 return
add rule inet fairlead host-dns udp sport 547 udp dport 546 return
add rule inet fairlead host-dns icmpv6 type nd-router-solicit return
add rule inet fairlead host-dns icmpv6 type nd-neighbor-solicit return
add rule inet fairlead host-dns icmpv6 type nd-neighbor-advert return
add rule inet fairlead host-dns drop
add rule inet fairlead input ct state established,related accept
add rule inet fairlead input ether saddr & ff:ff:ff:ff:00:ff == 02:66:6c:64:00:02 goto host-none
add rule inet fairlead input ether saddr & ff:ff:ff:ff:00:ff == 02:66:6c:64:00:01 goto host-dns
add rule bridge fairlead policies ether saddr set iifname map @policies
add rule bridge fairlead isolated iifname @alone oifname @alone drop
add rule bridge fairlead isolated ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:02:00 oifname @alone drop
add rule bridge fairlead gateways oifname != @gateways return
add rule bridge fairlead gateways ether type arp return
add rule bridge fairlead gateways icmpv6 type nd-neighbor-solicit return
add rule bridge fairlead gateways icmpv6 type nd-neighbor-advert return
add rule bridge fairlead gateways ether saddr set iifname map @policies
add element inet fairlead closed4 { "cni0.100" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "cni0.100" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "cni0.100" . "cni0.100" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }
add element bridge fairlead gateways { "gate1" }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > what is declared once > for ports of bridges 1`] = `
add table inet fairlead
add table bridge fairlead
add set inet fairlead networks { type ifname . ifname; }
add set inet fairlead internals { type ifname; }
add set inet fairlead closed4 { type ifname . ipv4_addr; }
add set inet fairlead strict4 { type ifname . ipv4_addr; }
add set inet fairlead exempt4 { type ifname . ipv4_addr; }
add set inet fairlead closed6 { type ifname . ipv6_addr; }
add set inet fairlead strict6 { type ifname . ipv6_addr; }
add set inet fairlead exempt6 { type ifname . ipv6_addr; }
add set bridge fairlead alone { type ifname; }
add map bridge fairlead policies { type ifname : ether_addr; }
add chain inet fairlead internal
add chain inet fairlead apart
add chain inet fairlead isolated
add chain inet fairlead inward
add chain inet fairlead forward { type filter hook forward priority filter; policy accept; }
add chain inet fairlead host-none
add chain inet fairlead host-dns
add chain inet fairlead input { type filter hook input priority 2147483100; policy accept; }
add chain bridge fairlead policies { type filter hook input priority filter; policy accept; }
add chain bridge fairlead isolated { type filter hook forward priority filter; policy accept; }
flush chain inet fairlead internal
flush chain inet fairlead apart
flush chain inet fairlead isolated
flush chain inet fairlead inward
flush chain inet fairlead forward
flush chain inet fairlead host-none
flush chain inet fairlead host-dns
flush chain inet fairlead input
flush chain bridge fairlead policies
flush chain bridge fairlead isolated
add rule inet fairlead internal iifname . oifname @networks return
add rule inet fairlead internal drop
add rule inet fairlead apart iifname . oifname @networks return
add rule inet fairlead apart oifname . oifname != @networks return
add rule inet fairlead apart oifname . ip daddr @exempt4 return
add rule inet fairlead apart oifname . ip6 daddr @exempt6 return
add rule inet fairlead apart oifname . ip daddr @strict4 drop
add rule inet fairlead apart oifname . ip6 daddr @strict6 drop
add rule inet fairlead apart ct status dnat return
add rule inet fairlead apart drop
add rule inet fairlead isolated iifname . oifname @networks drop
add rule inet fairlead isolated goto apart
add rule inet fairlead inward oifname . ip daddr @exempt4 return
add rule inet fairlead inward oifname . ip6 daddr @exempt6 return
add rule inet fairlead inward drop
add rule inet fairlead forward ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:03:00 goto internal
add rule inet fairlead forward ct state established,related accept
add rule inet fairlead forward oifname . ip daddr @closed4 iifname . oifname != @networks drop
add rule inet fairlead forward oifname . ip6 daddr @closed6 iifname . oifname != @networks drop
add rule inet fairlead forward oifname @internals iifname . oifname != @networks jump inward
add rule inet fairlead forward ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:02:00 goto isolated
add rule inet fairlead forward ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:01:00 goto apart
add rule inet fairlead host-none icmpv6 type nd-neighbor-solicit return
add rule inet fairlead host-none icmpv6 type nd-neighbor-advert return
add rule inet fairlead host-none drop
add rule inet fairlead host-dns udp dport 53 return
add rule inet fairlead host-dns tcp dport 53 return
add rule inet fairlead host-dns udp sport 68 udp dport 67 return
add rule inet fairlead host-dns udp sport 67 udp dport 68 return
add rule inet fairlead host-dns udp sport 546 udp dport 547 return
add rule inet fairlead host-dns udp sport 547 udp dport 546 return
add rule inet fairlead host-dns icmpv6 type nd-router-solicit return
add rule inet fairlead host-dns icmpv6 type nd-neighbor-solicit return
add rule inet fairlead host-dns icmpv6 type nd-neighbor-advert return
add rule inet fairlead host-dns drop
add rule inet fairlead input ct state established,related accept
add rule inet fairlead input ether saddr & ff:ff:ff:ff:00:ff == 02:66:6c:64:00:02 goto host-none
add rule inet fairlead input ether saddr & ff:ff:ff:ff:00:ff == 02:66:6c:64:00:01 goto host-dns
add rule bridge fairlead policies ether saddr set iifname map @policies
add rule bridge fairlead isolated iifname @alone oifname @alone drop
add rule bridge fairlead isolated ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:02:00 oifname @alone drop
add element inet fairlead closed4 { "cni0" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "cni0" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "cni0" . "cni0" }
add element bridge fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }

`

exports[`test/unit/kernel/isolation.test.ts > TAP > what is declared once > for ports without one 1`] = `
add table inet fairlead
add set inet fairlead networks { type ifname . ifname; }
add set inet fairlead internals { type ifname; }
add set inet fairlead closed4 { type ifname . ipv4_addr; }
add set inet fairlead strict4 { type ifname . ipv4_addr; }
add set inet fairlead exempt4 { type ifname . ipv4_addr; }
add set inet fairlead closed6 { type ifname . ipv6_addr; }
add set inet fairlead strict6 { type ifname . ipv6_addr; }
add set inet fairlead exempt6 { type ifname . ipv6_addr; }
add map inet fairlead policies { type ifname : ether_addr; }
add chain inet fairlead internal
add chain inet fairlead apart
add chain inet fairlead isolated
add chain inet fairlead inward
add chain inet fairlead forward { type filter hook forward priority filter; policy accept; }
add chain inet fairlead host-none
add chain inet fairlead host-dns
add chain inet fairlead input { type filter hook input priority 2147483100; policy accept; }
add chain inet fairlead policies { type filter hook prerouting priority raw; policy accept; }
flush chain inet fairlead internal
flush chain inet fairlead apart
flush chain inet fairlead isolated
flush chain inet fairlead inward
flush chain inet fairlead forward
flush chain inet fairlead host-none
flush chain inet fairlead host-dns
flush chain inet fairlead input
flush chain inet fairlead policies
add rule inet fairlead internal iifname . oifname @networks return
add rule inet fairlead internal drop
add rule inet fairlead apart iifname . oifname @networks return
add rule inet fairlead apart oifname . oifname != @networks return
add rule inet fairlead apart oifname . ip daddr @exempt4 return
add rule inet fairlead apart oifname . ip6 daddr @exempt6 return
add rule inet fairlead apart oifname . ip daddr @strict4 drop
add rule inet fairlead apart oifname . ip6 daddr @strict6 drop
add rule inet fairlead apart ct status dnat return
add rule inet fairlead apart drop
add rule inet fairlead isolated iifname . oifname @networks drop
add rule inet fairlead isolated goto apart
add rule inet fairlead inward oifname . ip daddr @exempt4 return
add rule inet fairlead inward oifname . ip6 daddr @exempt6 return
add rule inet fairlead inward drop
add rule inet fairlead forward ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:03:00 goto internal
add rule inet fairlead forward ct state established,related accept
add rule inet fairlead forward oifname . ip daddr @closed4 iifname . oifname != @networks drop
add rule inet fairlead forward oifname . ip6 daddr @closed6 iifname . oifname != @networks drop
add rule inet fairlead forward oifname @internals iifname . oifname != @networks jump inward
add rule inet fairlead forward ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:02:00 goto isolated
add rule inet fairlead forward ether saddr & ff:ff:ff:ff:ff:00 == 02:66:6c:64:01:00 goto apart
add rule inet fairlead host-none icmpv6 type nd-neighbor-solicit return
add rule inet fairlead host-none icmpv6 type nd-neighbor-advert return
add rule inet fairlead host-none drop
add rule inet fairlead host-dns udp dport 53 return
add rule inet fairlead host-dns tcp dport 53 return
add rule inet fairlead host-dns udp sport 68 udp dport 67 return
add rule inet fairlead host-dns udp sport 67 udp dport 68 return
add rule inet fairlead host-dns udp sport 546 udp dport 547 return
add rule inet fairlead host-dns udp sport 547 udp dport 546 return
add rule inet fairlead host-dns icmpv6 type nd-router-solicit return
add rule inet fairlead host-dns icmpv6 type nd-neighbor-solicit return
add rule inet fairlead host-dns icmpv6 type nd-neighbor-advert return
add rule inet fairlead host-dns drop
add rule inet fairlead input ct state established,related accept
add rule inet fairlead input ether saddr & ff:ff:ff:ff:00:ff == 02:66:6c:64:00:02 goto host-none
add rule inet fairlead input ether saddr & ff:ff:ff:ff:00:ff == 02:66:6c:64:00:01 goto host-dns
add rule inet fairlead policies ether saddr set iifname map @policies
add element inet fairlead closed4 { "veth1" . 10.88.0.2 comment "net1 eth0 c1" }
add element inet fairlead closed6 { "veth1" . fd88::2 comment "net1 eth0 c1" }
add element inet fairlead networks { "veth1" . "veth1" }
add element inet fairlead policies { "veth1" comment "net1 eth0 c1" : 02:66:6c:64:03:00 }

`
