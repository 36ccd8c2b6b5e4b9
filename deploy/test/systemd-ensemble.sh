#!/usr/bin/env bash
# Runs the Debian package, its systemd units and the tarball on three hosts, which are containers of
# systemd-nspawn on a network of their own: installs, starts, kills, hangs, unplugs, cuts off,
# upgrades under load, removes, and looks from outside what becomes of the ensemble. Says what it
# does, ends with 0 or 1, and leaves nothing behind but a Debian in the cache.
#
#   systemd-ensemble.sh [--keep]    --keep leaves the logs of the hosts where they are
#
# Needs root, Linux with overlayfs, network name spaces and control groups, and on the first run the
# Debian archive that this machine's apt knows; takes about four minutes, and some more on the first
# run. Environment:
#   QUOLL_TEST_CACHE    where the Debian is kept; default: /var/cache/quoll-test
set -u

HERE="$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
REPOSITORY="$(cd "$HERE/../.." && pwd)"
KEEP=no
FOLDER=
RESULT=FAIL
WRITERS=()
ADDRESSES=
# shellcheck source=deploy/test/hosts.sh
. "$HERE/hosts.sh"
# shellcheck source=deploy/test/servers.sh
. "$HERE/servers.sh"

main() {
  case "$*" in
    "") ;;
    --keep) KEEP=yes ;;
    *)
      sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
      exit 2
      ;;
  esac
  [ "$(id -u)" -eq 0 ] || {
    echo "systemd-ensemble.sh: this needs root" >&2
    exit 1
  }
  BEGAN="$(tenths)"
  exec 3>&1 # A signal may find the output of a step redirected.
  FOLDER="$(mktemp -d /var/tmp/quoll-systemd.XXXXXX)" || exit 1
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  prepare
  install_and_start
  refuse_a_wrong_configuration
  kill_a_server
  hang_a_server
  unplug_a_host
  cut_the_leader_off
  upgrade_under_load
  run_an_instance
  remove_and_install_again
  purge_and_use_the_tarball
  RESULT=PASS
}

# --- The story -------------------------------------------------------------------------------

prepare() {
  local host
  begin "Tools, the package, a Debian"
  require_tools
  find_package
  make_debian
  end "$(basename "$PACKAGE"), $(basename "$DEBIAN")"

  begin "Booting three hosts"
  make_network
  for host in "${HOST_NAMES[@]}"; do
    make_host "$host"
    power_on "$host"
    ADDRESSES="$ADDRESSES${ADDRESSES:+,}$NETWORK.$(number_of "$host"):7181"
  done
  end ""
}

install_and_start() {
  local host
  for host in "${HOST_NAMES[@]}"; do
    begin "Installing the package on $host"
    expect "$host" dpkg -i /packages/quoll.deb
    [ "$(unit "$host" is-enabled quoll)" = disabled ] || fail "The unit is enabled by itself"
    [ "$(unit "$host" is-active quoll)" = inactive ] || fail "The server starts by itself"
    configure "$host"
    end "neither enabled nor started by itself"
  done

  begin "Enabling and starting on one alone"
  expect one systemctl enable quoll
  expect one systemctl start --no-block quoll
  await "$SERVE_SECONDS" "One does not tell its status" status_of one "a new server waits"
  [ "$(unit one is-active quoll)" = activating ] || fail "One serves without the others"
  end "activating: it waits for the others"

  begin "Enabling and starting on two and three"
  for host in two three; do
    expect "$host" systemctl enable quoll
    expect "$host" systemctl start --no-block quoll
  done
  for host in "${HOST_NAMES[@]}"; do
    await_active "$host"
  done
  await_agreement
  for host in "${HOST_NAMES[@]}"; do
    await "$SERVE_SECONDS" "$host has no status" status_of "$host" "Serving as"
    expect "$host" quoll-server status
  done
  end "server $(leader_number) leads"

  begin "A write from outside"
  client create /kept before
  client sync /
  client get /kept
  grep -qx before "$FOLDER/output" || fail "This was read instead: $(cat "$FOLDER/output")"
  end ""

  begin "What the unit may do"
  expect one systemd-analyze security --threshold=30 --no-pager quoll.service
  end "$(grep -o 'exposure level.*' "$FOLDER/output" | tr -d '→')"
}

refuse_a_wrong_configuration() {
  begin "A wrong configuration on three"
  expect three sh -c 'echo "noSuchKey=1" >>/etc/quoll/quoll.cfg'
  ! in_host three systemctl restart quoll >/dev/null 2>&1 || fail "Three starts all the same"
  [ "$(property three ExecMainStatus)" = 2 ] || fail "The exit status is not 2"
  expect three sleep 7 # Longer than a restart would take to come.
  [ "$(unit three is-active quoll)" = failed ] || fail "Three is not left alone"
  [ "$(property three NRestarts)" = 0 ] || fail "Three was restarted"
  expect three journalctl -u quoll -p err --no-pager -n 5
  grep -q noSuchKey "$FOLDER/output" || fail "The journal does not tell of it as an error"
  expect three sed -i '/noSuchKey/d' /etc/quoll/quoll.cfg
  expect three systemctl start quoll
  await_agreement
  end "exit status 2, not restarted; mended, it serves"
}

kill_a_server() {
  local before
  begin "kill -9 of the server on two"
  before="$(property two MainPID)"
  expect two kill -9 "$before"
  await "$SERVE_SECONDS" "systemd does not start it again" was_restarted two "$before" 1
  await_active two
  await_agreement
  end "systemd started it again"
}

# The watchdog waits for 30 s, unless it is told otherwise as an administrator would.
hang_a_server() {
  local before
  begin "kill -STOP of the server on two"
  expect two mkdir -p /etc/systemd/system/quoll.service.d
  expect two sh -c \
    'printf "[Service]\nWatchdogSec=8s\n" >/etc/systemd/system/quoll.service.d/override.conf'
  expect two systemctl daemon-reload
  expect two systemctl restart quoll
  before="$(property two MainPID)"
  expect two kill -STOP "$before"
  await "$SERVE_SECONDS" "the watchdog does not bite" was_restarted two "$before" 1
  await_active two
  expect two journalctl -u quoll --no-pager -g 'Watchdog timeout'
  expect two journalctl -u quoll --no-pager -g 'Full thread dump'
  expect two rm /etc/systemd/system/quoll.service.d/override.conf
  expect two systemctl daemon-reload
  expect two systemctl restart quoll
  await_agreement
  end "the watchdog ended it, systemd started it again"
}

unplug_a_host() {
  begin "Pulling the plug of three"
  power_off three
  client set /kept "three is away"
  end "the others take writes"

  begin "Powering three on"
  power_on three
  await_active three
  await_agreement
  end "its server came with it, and has what it missed"
}

cut_the_leader_off() {
  local leader other restarts
  leader="${HOST_NAMES[$(leader_number) - 1]}"
  other="$(grep -vx "$leader" < <(printf '%s\n' "${HOST_NAMES[@]}") | head -n 1)"
  begin "Cutting $leader off, the leader"
  restarts="$(property "$leader" NRestarts)"
  cut_off "$leader"
  client set /kept "$leader is cut off"
  await "$SERVE_SECONDS" "$leader still sees a quorum" status_of "$leader" "no quorum"
  [ "$(unit "$leader" is-active quoll)" = active ] || fail "$leader has ended"
  expect "$other" quoll-server status
  end "the others take writes; it runs on, without a quorum"

  begin "Mending its line"
  mend "$leader"
  await_agreement
  [ "$(property "$leader" NRestarts)" = "$restarts" ] || fail "$leader was restarted meanwhile"
  end "it caught up, and was not restarted"
}

upgrade_under_load() {
  local host before
  begin "Three clients write in sessions"
  start_writers
  end ""
  for host in "${HOST_NAMES[@]}"; do
    begin "Upgrading $host"
    before="$(property "$host" MainPID)"
    expect "$host" dpkg -i /packages/quoll-next.deb
    [ "$(property "$host" MainPID)" != "$before" ] || fail "The server was not restarted"
    await_active "$host"
    await_whole
    end "$(in_host "$host" dpkg-query --show quoll | cut -f 2), all serve"
  done
  begin "Ending the writes"
  stop_writers
  await_agreement
  client get /kept
  end "$(cat "$FOLDER"/written-* | paste -sd+ | sed 's/+/ + /g') writes, none failed, each once"
}

run_an_instance() {
  begin "A second server on two: quoll@b"
  expect two sh -c 'printf "dataDir=/var/lib/quoll/b\ngrpcPort=7191\nadminPort=7190\n" >/etc/quoll/b.cfg'
  expect two sh -c 'echo QUOLL_SERVER_HEAP=128m >/etc/default/quoll-b'
  expect two systemctl start quoll@b
  expect two quoll -server 127.0.0.1:7191 create /mine
  expect two test -e /var/lib/quoll/b/identity
  expect two systemctl stop quoll@b
  end "serves beside the first"
}

remove_and_install_again() {
  begin "Removing the package from two"
  expect two dpkg --remove quoll
  [ "$(unit two is-active quoll)" != active ] || fail "The server still runs"
  expect two test -e /var/lib/quoll/identity -a -e /etc/quoll/quoll.cfg
  ! in_host two test -e /usr/sbin/quoll-server || fail "The server is still there"
  client set /kept "two is removed"
  end "stopped; data and configuration are kept; the others take writes"

  begin "Installing it again"
  expect two dpkg -i /packages/quoll-next.deb
  [ "$(unit two is-enabled quoll)" = enabled ] || fail "The unit is not enabled any more"
  expect two systemctl start quoll
  await_agreement
  end "goes on where it was"
}

purge_and_use_the_tarball() {
  local left
  begin "Purging the package from three"
  expect three dpkg --purge quoll
  for left in /var/lib/quoll /etc/quoll /etc/default/quoll /usr/share/quoll; do
    ! in_host three test -e "$left" || fail "$left is left"
  done
  client set /kept "three is purged"
  end "nothing is left there; the others take writes"

  begin "The tarball on three, without its data"
  expect three sh -c 'tar -xzf /packages/quoll.tar.gz -C /root && /root/quoll-*/install.sh'
  configure three
  ! in_host three systemctl start quoll >/dev/null 2>&1 || fail "It came back without its data"
  [ "$(property three ExecMainStatus)" = 3 ] || fail "The exit status is not 3"
  [ "$(unit three is-active quoll)" = failed ] || fail "Three is not left alone"
  end "installed; refused with exit status 3"

  begin "The tarball on three, standalone"
  expect three sh -c 'printf "dataDir=/var/lib/quoll/alone\n" >/etc/quoll/quoll.cfg'
  expect three systemctl restart quoll
  expect three quoll-server status
  expect three quoll create /alone
  expect three sh -c '/root/quoll-*/install.sh --uninstall'
  ! in_host three systemctl is-active quoll >/dev/null 2>&1 || fail "The server still runs"
  expect three test -e /var/lib/quoll/alone/identity
  end "serves; uninstalled, it leaves its data"
}

# --- Steps, their times, and what is done when one fails -------------------------------------

tenths() {
  local nanos
  nanos="$(date +%s%N)"
  echo $((nanos / 100000000))
}

# Argument: what is being done. The line is finished by "end".
begin() {
  printf '%-40s ' "$1"
  STEP_BEGAN="$(tenths)"
}

# Argument: what came of it; may be empty.
end() {
  local took=$(($(tenths) - STEP_BEGAN))
  printf '%5d.%d s%s\n' $((took / 10)) $((took % 10)) "${1:+  $1}"
}

# Arguments: the most seconds, what to say after them, a command that must succeed by then.
await() {
  local end=$(($(tenths) + $1 * 10))
  until "${@:3}"; do
    [ "$(tenths)" -lt "$end" ] || fail "$2 after $1 s"
    sleep 0.5
  done
}

fail() {
  local host
  printf '\n\n%s\n' "$1"
  for host in "${!BOOTED[@]}"; do
    printf '\nThe unit on %s:\n' "$host"
    in_host "$host" timeout 20 systemctl status --no-pager --lines=15 quoll 2>&1
  done
  exit 1
}

clean_up() {
  local writer took
  trap '' HUP INT TERM
  touch "$FOLDER/enough"
  for writer in "${WRITERS[@]}"; do
    [ "$RESULT" = PASS ] || kill "$writer" 2>/dev/null
    wait "$writer" 2>/dev/null
  done
  remove_hosts
  if [ "$KEEP" = yes ]; then
    echo "The logs are in $FOLDER"
  else
    rm -rf --one-file-system "$FOLDER"
  fi
  took=$(($(tenths) - BEGAN))
  printf '\n%s after %d.%d s\n' "$RESULT" $((took / 10)) $((took % 10)) >&3
  [ "$RESULT" = PASS ] || exit 1
}

main "$@"
