#!/bin/sh
# Installs Quoll from its tarball into the places where the Debian package has it; needs root, and a
# Java, 17 or later, to run.
#
#   install.sh              installs, or upgrades: then restart the servers, one after the other
#   install.sh --uninstall  removes what was installed; configuration and data stay
#
# With DESTDIR=FOLDER everything goes below that folder, and nothing is done to this system.
set -e

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=${DESTDIR:-}
SHARE=$ROOT/usr/share/quoll
UNITS=$ROOT/usr/lib/systemd/system

# Arguments: the mode, the file, where to.
place() {
  mkdir -p "$(dirname "$3")"
  install -m "$1" "$2" "$3"
}

# Arguments: a file, where to; what is there stays, for its administrator may have changed it.
place_new() {
  if [ -e "$2" ]; then
    place 644 "$1" "$2.new"
    if cmp -s "$2" "$2.new"; then
      rm "$2.new"
    else
      echo "Kept $2; the version of this release is $2.new"
    fi
  else
    place 644 "$1" "$2"
  fi
}

# Arguments: where it leads to, the link.
link() {
  mkdir -p "$(dirname "$2")"
  ln -sfn "$1" "$2"
}

install_files() {
  rm -rf "${SHARE:?}/lib" # Jars of a release before have other names.
  for jar in "$HERE"/lib/*.jar; do
    place 644 "$jar" "$SHARE/lib/$(basename "$jar")"
  done
  place 755 "$HERE/bin/quoll" "$SHARE/bin/quoll"
  place 755 "$HERE/bin/quoll-server" "$SHARE/bin/quoll-server"
  link /usr/share/quoll/bin/quoll "$ROOT/usr/bin/quoll"
  link /usr/share/quoll/bin/quoll-server "$ROOT/usr/sbin/quoll-server"
  link /etc/quoll "$SHARE/conf"
  place_new "$HERE/systemd/quoll.cfg" "$ROOT/etc/quoll/quoll.cfg"
  place_new "$HERE/systemd/logback.xml" "$ROOT/etc/quoll/logback.xml"
  place_new "$HERE/systemd/quoll.default" "$ROOT/etc/default/quoll"
  place 644 "$HERE/systemd/quoll.service" "$UNITS/quoll.service"
  place 644 "$HERE/systemd/quoll@.service" "$UNITS/quoll@.service"
  place 644 "$HERE/systemd/10-quoll.conf" "$UNITS/quoll.service.d/10-quoll.conf"
  place 644 "$HERE/systemd/10-quoll.conf" "$UNITS/quoll@.service.d/10-quoll.conf"
  place 644 "$HERE/systemd/sysusers.conf" "$ROOT/usr/lib/sysusers.d/quoll.conf"
  place 644 "$HERE/systemd/tmpfiles.conf" "$ROOT/usr/lib/tmpfiles.d/quoll.conf"
  place 644 "$HERE/README.md" "$ROOT/usr/share/doc/quoll/README.md"
  place 644 "$HERE/LICENSE" "$ROOT/usr/share/doc/quoll/copyright"
}

remove_files() {
  rm -rf "$SHARE" "$ROOT/usr/share/doc/quoll" \
    "$UNITS/quoll.service.d" "$UNITS/quoll@.service.d"
  rm -f "$ROOT/usr/bin/quoll" "$ROOT/usr/sbin/quoll-server" \
    "$UNITS/quoll.service" "$UNITS/quoll@.service" \
    "$ROOT/usr/lib/sysusers.d/quoll.conf" "$ROOT/usr/lib/tmpfiles.d/quoll.conf"
}

# Whether the system that this runs on is to know of it, and is run by systemd.
has_systemd() {
  [ -z "$ROOT" ] && [ -d /run/systemd/system ]
}

case "$*" in
  "")
    install_files
    if [ -z "$ROOT" ]; then
      systemd-sysusers /usr/lib/sysusers.d/quoll.conf
      systemd-tmpfiles --create /usr/lib/tmpfiles.d/quoll.conf
    fi
    ;;
  --uninstall)
    if has_systemd; then
      systemctl stop quoll.service 'quoll@*.service'
    fi
    remove_files
    ;;
  *)
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
if has_systemd; then
  systemctl daemon-reload
fi
