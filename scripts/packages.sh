#!/bin/sh
# Installs the Debian packages of a purpose, those that are missing: `packages.sh build`, `native`, `native-cross`, `net`, `e2e`,
# `image`, `vm`, `bench`, `cross` or `emulate`.
set -eu

case "$1" in
  build) wanted='npm:npm strip:binutils' ;;
  native) wanted='cc:gcc /usr/include/stdlib.h:libc6-dev' ;;
  native-cross) wanted='qemu-aarch64-static:qemu-user-static cc:gcc /usr/include/stdlib.h:libc6-dev aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu /usr/aarch64-linux-gnu/include/stdlib.h:libc6-dev-arm64-cross' ;;
  net) wanted='ip:iproute2 nft:nftables nsenter:util-linux tee:coreutils ping:iputils-ping tcpdump:tcpdump socat:socat perl:perl-base conntrack:conntrack tc:iproute2 iperf3:iperf3 iptables:iptables ufw:ufw udhcpc:udhcpc dnsmasq:dnsmasq-base etcd:etcd-server etcdctl:etcd-client openssl:openssl curl:curl ethtool:ethtool script:bsdutils' ;;
  e2e) wanted='podman:podman buildah:buildah conmon:conmon runc:runc containerd:containerd iptables:iptables conntrack:conntrack curl:curl
    /var/lib/dpkg/info/busybox-static.list:busybox-static openssl:openssl newuidmap:uidmap slirp4netns:slirp4netns setpriv:util-linux' ;;
  image) wanted='buildah:buildah busybox:busybox-static' ;;
  vm) wanted='qemu-system-x86_64:qemu-system-x86 busybox:busybox-static modprobe:kmod xz:xz-utils depmod:kmod setpriv:util-linux' ;;
  bench) wanted='iperf3:iperf3 conntrack:conntrack strace:strace' ;;
  cross) wanted='aarch64-linux-gnu-strip:binutils-aarch64-linux-gnu' ;;
  emulate) wanted='qemu-aarch64-static:qemu-user-static /usr/aarch64-linux-gnu/lib/libstdc++.so.6:libstdc++6-arm64-cross' ;;
  *) echo "unknown purpose $1" >&2; exit 2 ;;
esac

missing=
for pair in $wanted; do
  PATH="$PATH:/usr/sbin:/sbin" command -v "${pair%%:*}" >/dev/null || [ -e "${pair%%:*}" ] || missing="$missing ${pair#*:}"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "missing:$missing. Install these packages, or run this as root on Debian or Ubuntu" >&2
  exit 1
fi
apt-get update -qq
# shellcheck disable=SC2086 -- a list of names
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
