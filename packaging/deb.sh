#!/usr/bin/env bash
# deb.sh OUT [PUBLISHED]: builds the Debian package from the published program in PUBLISHED. Without PUBLISHED, it publishes first.
set -euo pipefail
out=$(realpath -m "${1:?usage: deb.sh OUT [PUBLISHED]}")
published=${2:+$(realpath "$2")}
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$published" ]; then
  published=$work/published
  ./publish.sh "$published"
fi

root=$work/root
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' ../Version.props)
install -d "$root"/{DEBIAN,usr/bin,usr/lib,usr/share/doc/actors,etc/actors,etc/default}
cp -r "$published" "$root/usr/lib/actors"
mv "$root/usr/lib/actors/policies" "$root/etc/actors/policies"
ln -s /etc/actors/policies "$root/usr/lib/actors/policies"
ln -s ../lib/actors/actors "$root/usr/bin/actors"
install -D -m 644 systemd/actors.service "$root/lib/systemd/system/actors.service"
install -D -m 644 systemd/cgroups.conf "$root/usr/share/doc/actors/examples/cgroups.conf"
install -m 644 debian/default "$root/etc/default/actors"
install -m 644 debian/actors.yaml "$root/etc/actors/actors.yaml"
install -m 644 debian/copyright ../README.md ../CHANGELOG.md ../docs/*.md "$root/usr/share/doc/actors/"
gzip -9n > "$root/usr/share/doc/actors/changelog.gz" <<CHANGES
actors ($version) unstable; urgency=medium

  * CHANGELOG.md lists the changes.

 -- $(sed -n 's/^Maintainer: //p' debian/control)  $(date -R -r ../CHANGELOG.md)
CHANGES

(cd "$root" && find etc -type f -printf '/%p\n' | sort) > "$root/DEBIAN/conffiles"
size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@SIZE@/$size/" debian/control > "$root/DEBIAN/control"
install -m 755 debian/postinst debian/prerm debian/postrm "$root/DEBIAN/"
find "$root" -type d -exec chmod 755 {} +
find "$root/usr" "$root/etc" -type f -exec chmod 644 {} +
chmod 755 "$root"/usr/lib/actors/{actors,actors-daemon}

mkdir -p "$out"
dpkg-deb --root-owner-group -Zxz -z1 --build "$root" "$out/actors_${version}_amd64.deb"
