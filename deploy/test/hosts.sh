# Debian hosts with systemd on this machine, for tests: containers of systemd-nspawn on a network of
# their own, which no other part of this machine reaches. To be sourced; needs root, FOLDER, which
# is removed by its owner, "await" and "fail".
# shellcheck shell=bash disable=SC2154

BOOT_SECONDS=120
HOST_NAMES=(one two three)
NETWORK=10.79.0
CACHE="${QUOLL_TEST_CACHE:-/var/cache/quoll-test}"
PREFIX="quoll-$$"
DEBIAN_MADE=
declare -A BOOTED # The processes of systemd-nspawn, by the names of their hosts.

# --- What they are made of -------------------------------------------------------------------

# Installs what is missing on this machine.
require_tools() {
  local missing=()
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  command -v systemd-nspawn >/dev/null || missing+=(systemd-container)
  command -v ip >/dev/null || missing+=(iproute2)
  [ ${#missing[@]} -gt 0 ] || return 0
  {
    apt-get update -q &&
      DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
  } >"$FOLDER/tools.log" 2>&1 || fail "Cannot install ${missing[*]}: $(tail -n 5 "$FOLDER/tools.log")"
}

# Sets DEBIAN to a Debian with systemd and a Java, of the release that this machine's own apt
# sources name; made once, and kept in CACHE.
make_debian() {
  local source mirror suite
  # shellcheck disable=SC2016 # The names are apt's to expand.
  source="$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI) $(CODENAME) $(COMPONENT)' \
    'Created-By: Packages' | grep '^Debian Debian .* main$' | head -n 1)"
  [ -n "$source" ] || fail "This machine's apt has no Debian among its sources: run apt-get update"
  read -r _ _ mirror suite _ <<<"$source"
  DEBIAN="$CACHE/debian-$suite"
  [ ! -d "$DEBIAN" ] || return 0
  mkdir -p "$CACHE"
  DEBIAN_MADE="$DEBIAN.$$" # Another run may make it at the same time.
  {
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,procps,iproute2 \
      "$suite" "$DEBIAN_MADE" "$mirror" && install_java "$DEBIAN_MADE"
  } >"$FOLDER/debian.log" 2>&1 || {
    tail -n 20 "$FOLDER/debian.log"
    fail "No Debian could be made from $mirror"
  }
  [ -d "$DEBIAN" ] || mv -T "$DEBIAN_MADE" "$DEBIAN"
}

# Its maintainer's scripts want /proc.
install_java() {
  local root="$1" status
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  mount -t proc proc "$root/proc" || return 1
  chroot "$root" sh -c 'apt-get update -q &&
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      default-jre-headless && apt-get clean'
  status=$?
  umount "$root/proc"
  return $status
}

# --- Their network ---------------------------------------------------------------------------

# One bridge in a name space of its own, where the clients are too; each host has a line to it.
make_network() {
  local number
  make_bridge || fail "No network can be made"
  for number in 1 2 3; do
    make_line "$number" || fail "No line to host $number can be made"
  done
}

make_bridge() {
  ip netns add "$PREFIX-clients" &&
    ip -n "$PREFIX-clients" link set lo up &&
    ip -n "$PREFIX-clients" link add bridge type bridge &&
    ip -n "$PREFIX-clients" addr add "$NETWORK.254/24" dev bridge &&
    ip -n "$PREFIX-clients" link set bridge up
}

make_line() {
  ip netns add "$PREFIX-$1" &&
    ip -n "$PREFIX-$1" link set lo up &&
    ip -n "$PREFIX-clients" link add "line$1" type veth peer name eth0 netns "$PREFIX-$1" &&
    ip -n "$PREFIX-clients" link set "line$1" master bridge up &&
    ip -n "$PREFIX-$1" addr add "$NETWORK.$1/24" dev eth0 &&
    ip -n "$PREFIX-$1" link set eth0 up
}

# Argument: a host. Drops all that comes and goes, and tells neither end.
cut_off() {
  ip -n "$PREFIX-clients" link set "line$(number_of "$1")" nomaster
}

mend() {
  ip -n "$PREFIX-clients" link set "line$(number_of "$1")" master bridge
}

number_of() {
  case "$1" in
    one) echo 1 ;;
    two) echo 2 ;;
    three) echo 3 ;;
  esac
}

# A command where the clients are.
as_client() {
  ip netns exec "$PREFIX-clients" "$@"
}

# --- Their power -----------------------------------------------------------------------------

# Argument: a host. It has the Debian beneath and its own changes above, which outlive its power.
make_host() {
  local host="$FOLDER/$1" number
  mkdir -p "$host/changes" "$host/work" "$host/root"
  mount -t overlay "$PREFIX-$1" \
    -o "lowerdir=$DEBIAN,upperdir=$host/changes,workdir=$host/work" "$host/root" ||
    fail "The file system of host $1 cannot be made"
  {
    echo "127.0.0.1 localhost"
    for number in 1 2 3; do
      echo "$NETWORK.$number ${HOST_NAMES[number - 1]}"
    done
  } >"$host/root/etc/hosts"
}

# Argument: a host. Each has control groups of its own, or their systemds would take each other's
# processes for theirs.
power_on() {
  local group
  mkdir -p "$FOLDER/packages"
  for group in $(control_groups "$1"); do
    mkdir -p "$group"
  done
  (
    for group in $(control_groups "$1"); do
      echo "$BASHPID" >"$group/cgroup.procs"
    done
    exec systemd-nspawn --quiet --boot --register=no --keep-unit --link-journal=no \
      --resolv-conf=off --console=pipe --machine="$PREFIX-$1" --hostname="$1" \
      --network-namespace-path="/run/netns/$PREFIX-$(number_of "$1")" \
      --bind-ro="$FOLDER/packages:/packages" --directory="$FOLDER/$1/root"
  ) >>"$FOLDER/$1/console.log" 2>&1 </dev/null &
  BOOTED[$1]=$!
  await "$BOOT_SECONDS" "Host $1 has not come up" is_up "$1"
}

control_groups() {
  local hierarchy
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ ! -f "$hierarchy/cgroup.procs" ] || echo "$hierarchy/$PREFIX-$1"
  done
}

is_up() {
  kill -0 "${BOOTED[$1]}" 2>/dev/null ||
    fail "Host $1 has ended: $(tail -n 5 "$FOLDER/$1/console.log")"
  in_host "$1" systemctl is-system-running 2>/dev/null | grep -qxE 'running|degraded'
}

# Arguments: a host, a command that is run there.
in_host() {
  local first
  first="$(pgrep -o -P "${BOOTED[$1]}")" || return 1
  shift
  nsenter --target "$first" --mount --uts --ipc --net --pid -- env -i HOME=/root LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# Argument: a host. As if its plug was pulled: nothing there is told.
power_off() {
  local nspawn="${BOOTED[$1]:-}" first
  [ -n "$nspawn" ] || return 0
  first="$(pgrep -o -P "$nspawn")" && kill -9 "$first"
  wait "$nspawn" 2>/dev/null
  unset "BOOTED[$1]"
}

# Leaves nothing of them.
remove_hosts() {
  local host group name
  remove_half_made
  for host in "${HOST_NAMES[@]}"; do
    power_off "$host"
    ! mountpoint -q "$FOLDER/$host/root" || umount "$FOLDER/$host/root"
    for group in $(control_groups "$host"); do
      [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} \;
    done
  done
  for name in 1 2 3 clients; do
    [ ! -e "/run/netns/$PREFIX-$name" ] || ip netns del "$PREFIX-$name"
  done
}

# The Debian, if its making was interrupted.
remove_half_made() {
  local mounted
  if [ -z "$DEBIAN_MADE" ] || [ ! -d "$DEBIAN_MADE" ]; then
    return
  fi
  for mounted in $(findmnt -rno TARGET | grep "^$DEBIAN_MADE/" | sort -r); do
    umount "$mounted"
  done
  rm -rf --one-file-system "$DEBIAN_MADE"
}
