#!/bin/sh
# Takes Debian's current kernel, its modules and an initramfs to build/vm. The package is unpacked, not installed: the
# machine's own way to boot stays as it is.
set -eu
here=$(realpath "$(dirname "$0")")
place=$(realpath "$here/../../..")/build/vm
rm -rf "$place"
mkdir -p "$place/package"
cd "$place/package"

[ "$(id -u)" -ne 0 ] || apt-get update -qq
image=$(apt-cache depends --important linux-image-amd64 | awk '$2 ~ /^linux-image-/ { print $2; exit }')
[ -n "$image" ] || { echo "Cannot find a kernel: no linux-image-amd64 among the packages. Run this on Debian for amd64" >&2; exit 1; }
apt-get download -qq -o APT::Sandbox::User= "$image"
dpkg-deb --extract "$image"_*.deb .
# Unpacked it starts in half the time. The numbers are in the header (Documentation/arch/x86/boot.rst: setup_sects,
# payload_offset, payload_length), the packed kernel after the sectors that set up.
number() { od --address-radix=n --format=u"$2" --skip-bytes="$1" --read-bytes="$2" boot/vmlinuz-*; }
tail -c +$((($(number 0x1f1 1) + 1) * 512 + $(number 0x248 4) + 1)) boot/vmlinuz-* | head -c $(($(number 0x24c 4))) |
  xz --decompress --single-stream --stdout >"$place/vmlinux"
base=$(dirname "$(dirname "$(find "$PWD" -path '*lib/modules' -type d)")")
release=$(ls "$base/lib/modules")
depmod --basedir "$base" "$release"

# What reaches the root of the machine, and carries the results out. All other modules are loaded from there.
root=$place/initramfs
mkdir -p "$root/bin" "$root/modules" "$root/proc" "$root/sys" "$root/dev" "$root/machine" "$root/memory" "$root/root"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in sh mount mkdir insmod switch_root; do ln -s busybox "$root/bin/$applet"; done
cp "$here/init" "$root/init"
number=100
for module in virtio_pci 9pnet_virtio 9p overlay virtio_rng virtio_console; do
  modprobe --dirname "$base" --set-version "$release" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$root/modules.order"
while read -r file; do
  number=$((number + 1))
  case $file in
    *.xz) xz --decompress --stdout "$file" ;;
    *) cat "$file" ;;
  esac >"$root/modules/$number"
done <"$root/modules.order"
(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) >"$place/initramfs.cpio"

mv "$base/lib/modules" "$place/modules"
rm -rf "$place/package" "$root"
