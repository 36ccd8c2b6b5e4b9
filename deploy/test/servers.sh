# The servers on the hosts of hosts.sh, and the clients that look at them from outside. To be
# sourced; needs HERE, REPOSITORY, FOLDER, ADDRESSES, "await" and "fail".
# shellcheck shell=bash disable=SC2154

SERVE_SECONDS=180
COMMAND_SECONDS=60
LINES_SECONDS=900

# What makes "ID ROLE ZXID DIGEST" of a member in the JSON of "cluster status".
STANDING='s/^"id":\([0-9]*\),.*"role":"\([a-z]*\)".*"zxid":\([0-9]*\),'
STANDING="$STANDING"'.*"treeDigest":"\([0-9a-f]*\)".*/\1 \2 \3 \4/p'

# --- The packages ----------------------------------------------------------------------------

# Builds them unless they are newer than all that goes into them. The next version is the same
# software under a higher number.
find_package() {
  local version
  PACKAGE="$(find "$REPOSITORY/deploy/target" -maxdepth 1 -name 'quoll_*_all.deb' 2>/dev/null)"
  if [ -z "$PACKAGE" ] || [ -n "$(newer_than "$PACKAGE")" ]; then
    timeout 1800 mvn -B -q -f "$REPOSITORY/pom.xml" -pl server,cli,deploy -am -Ppackages \
      -DskipTests package >"$FOLDER/build.log" 2>&1 || {
      tail -n 40 "$FOLDER/build.log"
      fail "The build failed"
    }
    PACKAGE="$(find "$REPOSITORY/deploy/target" -maxdepth 1 -name 'quoll_*_all.deb')"
  fi
  mkdir -p "$FOLDER/packages" "$FOLDER/next"
  cp "$PACKAGE" "$FOLDER/packages/quoll.deb"
  cp "$REPOSITORY"/deploy/target/quoll-*.tar.gz "$FOLDER/packages/quoll.tar.gz"
  dpkg-deb -R "$PACKAGE" "$FOLDER/next"
  version="$(dpkg-deb -f "$PACKAGE" Version)"
  sed -i "s/^Version: .*/Version: $version+next/" "$FOLDER/next/DEBIAN/control"
  dpkg-deb --root-owner-group -Znone -b "$FOLDER/next" "$FOLDER/packages/quoll-next.deb" >/dev/null
  QUOLL="$FOLDER/next/usr/share/quoll/bin/quoll" # The tool of the package, for the clients.
}

newer_than() {
  find "$REPOSITORY/pom.xml" "$REPOSITORY"/{api,statemachine,server,client,cli}/{pom.xml,src/main} \
    "$REPOSITORY/conf" "$REPOSITORY"/deploy/{pom.xml,tarball.xml,README.md,install.sh,bin,debian,systemd} \
    -type f -newer "$1" -print -quit
}

# --- On a host -------------------------------------------------------------------------------

configure() {
  local host="$1" number
  {
    echo "dataDir=/var/lib/quoll"
    echo "clusterName=systemd-test"
    echo "allowPlaintext=true" # On a network of their own.
    for number in 1 2 3; do
      echo "server.$number=${HOST_NAMES[number - 1]}:7281;7181"
    done
  } >"$FOLDER/$host/quoll.cfg"
  expect "$host" sh -c 'cat >/etc/quoll/quoll.cfg' <"$FOLDER/$host/quoll.cfg"
  expect "$host" sh -c "echo $(number_of "$host") >/var/lib/quoll/myid"
  expect "$host" sh -c 'echo QUOLL_SERVER_HEAP=256m >>/etc/default/quoll'
}

# Arguments: a host, a command, which must succeed there.
expect() {
  in_host "$1" timeout -k 5 "$SERVE_SECONDS" "${@:2}" >"$FOLDER/output" 2>"$FOLDER/errors" ||
    fail "\"${*:2}\" failed on $1: $(tail -n 15 "$FOLDER/output" "$FOLDER/errors")"
}

# Arguments: a host, a verb of systemctl and a unit. Prints what it answers, whatever that is.
unit() {
  in_host "$1" systemctl "${@:2}" 2>/dev/null
}

# Arguments: a host, a property of the unit.
property() {
  in_host "$1" systemctl show --value --property "$2" quoll
}

status_of() {
  property "$1" StatusText | grep -q "$2"
}

# Arguments: a host, the process before, how many restarts since the last start by hand.
was_restarted() {
  local now
  now="$(property "$1" MainPID)"
  [ "$now" != 0 ] && [ "$now" != "$2" ] && [ "$(property "$1" NRestarts)" = "$3" ]
}

is_active() {
  [ "$(unit "$1" is-active quoll)" = active ]
}

await_active() {
  await "$SERVE_SECONDS" "The server on $1 does not serve" is_active "$1"
}

# --- From outside ----------------------------------------------------------------------------

# Arguments: a command of the tool, which must succeed, run where the clients are.
client() {
  tool "$COMMAND_SECONDS" "$ADDRESSES" -timeout 30000 "$@" >"$FOLDER/output" 2>"$FOLDER/errors" ||
    fail "\"$*\" failed: $(head -n 5 "$FOLDER/errors")"
}

# Arguments: the most seconds, servers, what else the tool is told. Leaves nothing at home.
tool() {
  as_client env QUOLL_CACHE="$FOLDER/cache" timeout -k 5 "$1" "$QUOLL" -server "${@:2}"
}

# Sets STANDINGS: a line "ID ROLE ZXID DIGEST" for each server that answers.
ask_standings() {
  tool "$COMMAND_SECONDS" "$ADDRESSES" -timeout 8000 -o json cluster status \
    >"$FOLDER/output" 2>"$FOLDER/errors"
  STANDINGS="$(sed 's/[{}]/\n/g' "$FOLDER/output" | sed -n "$STANDING")"
}

leader_number() {
  ask_standings
  sed -n 's/^\([0-9]*\) leader .*/\1/p' <<<"$STANDINGS"
}

is_whole() {
  ask_standings
  [ "$(cut -d ' ' -f 2 <<<"$STANDINGS" | sort | paste -sd' ')" = "follower follower leader" ]
}

await_whole() {
  await "$SERVE_SECONDS" "Not all three serve" is_whole
}

agree() {
  is_whole && [ "$(cut -d ' ' -f 3,4 <<<"$STANDINGS" | sort -u | wc -l)" = 1 ]
}

await_agreement() {
  await "$SERVE_SECONDS" "The servers do not agree" agree
}

# Each begins at another server, and has a session, so that a write is sent again and counts once.
start_writers() {
  local number
  for number in 1 2 3; do
    write_on "$number" "$(tr , '\n' <<<"$ADDRESSES" | awk -v first="$number" \
      'NR >= first {print} NR < first {rest = rest "\n" $0} END {print rest}' |
      sed '/^$/d' | paste -sd,)" &
    WRITERS[number]=$!
  done
  await "$SERVE_SECONDS" "The writers do not get on" writers_get_on
}

write_on() {
  local count=0
  {
    echo "create -e /writer-$1"
    echo "create /counted-$1"
    while [ ! -e "$FOLDER/enough" ]; do
      count=$((count + 1))
      echo "set /counted-$1 $count"
      sleep 0.05
    done
    echo "$count" >"$FOLDER/written-$1"
  } | tool "$LINES_SECONDS" "$2" -timeout 30000 -f - \
    >"$FOLDER/writer-$1.out" 2>"$FOLDER/writer-$1.err"
}

writers_get_on() {
  client ls /
  [ "$(grep -o 'counted-' "$FOLDER/output" | wc -l)" = 3 ]
}

# A znode's version is how often it was set.
stop_writers() {
  local number count
  touch "$FOLDER/enough"
  for number in 1 2 3; do
    wait "${WRITERS[number]}" ||
      fail "Writes of client $number failed: $(tail -n 5 "$FOLDER/writer-$number.err")"
    count="$(cat "$FOLDER/written-$number")"
    client get -s "/counted-$number"
    [ "$(grep -cxE "$count|dataVersion = $count" "$FOLDER/output")" = 2 ] ||
      fail "After $count writes this is there: $(cat "$FOLDER/output")"
  done
  WRITERS=()
}
