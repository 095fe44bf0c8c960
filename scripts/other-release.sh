#!/bin/sh
# Unpacks a package of another release of Debian: `other-release.sh SUITE PACKAGE FOLDER`. Nothing is installed, and the
# machine's own lists of packages stay as they are; apt checks the signature of the release and the hash of the package.
set -eu
suite=$1 package=$2 folder=$3
mkdir -p "$(dirname "$folder")"
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keys] http://deb.debian.org/debian $suite main" >"$state/sources.list"
from_suite() {
  apt-get -qq -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State="$state" \
    -o Dir::State::Lists="$state/lists" -o Dir::State::Status=/dev/null -o Dir::Cache="$state/cache" -o APT::Sandbox::User= \
    -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
from_suite update
(cd "$state" && from_suite download "$package")
rm -rf "$folder"
dpkg-deb --extract "$state/$package"_*.deb "$folder"
