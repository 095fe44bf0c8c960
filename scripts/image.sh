#!/bin/sh
# Collects what the image of conf/kubernetes has in it, into build/image: both executables and what they are made of, the
# libraries that the one with Node.js is linked with, and busybox.
set -eu
image=build/image
rm -rf "$image"
mkdir -p "$image/rootfs/bin" "$image/rootfs/tmp"
cp conf/kubernetes/Dockerfile "$image/"
install -m 755 conf/kubernetes/install "$image/rootfs/install"
install -m 755 dist/fairlead "$image/rootfs/bin/fairlead"
install -m 755 dist/native/fairlead "$image/rootfs/bin/fairlead-native"
install -D -m 644 dist/fairlead.cdx.json "$image/rootfs/usr/share/doc/fairlead/fairlead.cdx.json"
install -m 644 dist/native/fairlead.cdx.json "$image/rootfs/usr/share/doc/fairlead/fairlead-native.cdx.json"
install -m 755 "$(command -v busybox)" "$image/rootfs/bin/busybox"
for applet in sh chroot cp mkdir rm sleep; do ln -s busybox "$image/rootfs/bin/$applet"; done
# The loader is an absolute path in the list; the others are what it finds.
for library in $(ldd dist/fairlead | grep -o '/[^ ]*'); do
  mkdir -p "$image/rootfs$(dirname "$library")"
  cp -L "$library" "$image/rootfs$library"
done
echo "$image"
