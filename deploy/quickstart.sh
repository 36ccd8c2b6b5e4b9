#!/usr/bin/env bash
# Starts three Quoll nodes on this machine, to try them; needs JDK 17 and Maven, and nothing else.
#
#   quickstart.sh [--dir DIR]            runs them until Ctrl-C, and says what to type meanwhile
#   quickstart.sh --check [--dir DIR]    does a scripted round instead, and ends with 0 or 1
#
# The nodes listen on 127.0.0.1 only. What they write goes to DIR, which must be new or empty, and
# stays there; without --dir it goes to a new folder below ${TMPDIR:-/tmp}, which is removed in the
# end, unless the check failed. Whatever the end, no node is left running.
set -u

NODES=3
BUILD_SECONDS=1200
START_SECONDS=90
COMMAND_SECONDS=180
STOP_SECONDS=25

# What makes "ID ROLE ZXID DIGEST" of a member in the JSON of "cluster status".
STANDING='s/^"id":\([0-9]*\),.*"role":"\([a-z]*\)".*"zxid":\([0-9]*\),'
STANDING="$STANDING"'.*"treeDigest":"\([0-9a-f]*\)".*/\1 \2 \3 \4/p'

MODE=run
ASKED_FOLDER=
FOLDER=
KEEP=no
CHILD=
SHELL_PID=
RESULT=
PIDS=()
PORTS=()

main() {
  parse "$@"
  BEGAN="$(tenths)"
  HOME_FOLDER="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
  QUOLL="$HOME_FOLDER/deploy/bin/quoll"
  QUOLL_SERVER="$HOME_FOLDER/deploy/bin/quoll-server"
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  require_tools
  make_folder
  build_if_needed
  start_ensemble
  if [ "$MODE" = check ]; then
    check
  else
    show
  fi
}

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
}

parse() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --check) MODE=check ;;
      --dir)
        [ $# -ge 2 ] || wrong_usage "--dir needs a folder"
        ASKED_FOLDER="$2"
        shift
        ;;
      --dir=*) ASKED_FOLDER="${1#--dir=}" ;;
      -h | --help)
        usage
        exit 0
        ;;
      *) wrong_usage "\"$1\" is not understood" ;;
    esac
    shift
  done
}

wrong_usage() {
  echo "quickstart.sh: $1" >&2
  usage >&2
  exit 2
}

require_tools() {
  local tool
  for tool in java javac mvn; do
    command -v "$tool" >/dev/null ||
      refuse "there is no $tool in the PATH; install JDK 17 and Maven 3.8 or later"
  done
}

make_folder() {
  if [ -z "$ASKED_FOLDER" ]; then
    FOLDER="$(mktemp -d "${TMPDIR:-/tmp}/quoll-quickstart.XXXXXX")" ||
      refuse "no folder can be made below ${TMPDIR:-/tmp}"
    return
  fi
  mkdir -p "$ASKED_FOLDER" || refuse "the folder $ASKED_FOLDER cannot be made"
  [ -z "$(ls -A "$ASKED_FOLDER")" ] || refuse "the folder $ASKED_FOLDER is not empty"
  KEEP=yes
  FOLDER="$(cd "$ASKED_FOLDER" && pwd)"
}

refuse() {
  echo "quickstart.sh: $1" >&2
  exit 1
}

# --- Steps, their times, and what is done when one fails -------------------------------------

tenths() {
  local nanos
  nanos="$(date +%s%N)"
  echo $((nanos / 100000000))
}

# Argument: what is being done. The line is finished by "end".
begin() {
  printf '%-46s ' "$1"
  STEP_BEGAN="$(tenths)"
}

# Argument: what came of it; may be empty.
end() {
  local took=$(($(tenths) - STEP_BEGAN))
  printf '%5d.%d s%s\n' $((took / 10)) $((took % 10)) "${1:+  $1}"
}

# Ends the script: prints the reason and where to look.
fail() {
  local node
  RESULT=failed
  KEEP=yes
  printf '\n\n%s\n' "$1"
  for ((node = 1; node <= NODES; node++)); do
    if [ -s "$FOLDER/node$node/log" ]; then
      printf '\nThe end of the log of node %d:\n' "$node"
      tail -n 15 "$FOLDER/node$node/log"
    fi
  done
  exit 1
}

# Arguments: the most seconds, a command. In the background, so that a signal is not kept waiting.
bounded() {
  local seconds="$1" status
  shift
  timeout -k 5 "$seconds" "$@" &
  CHILD=$!
  wait "$CHILD"
  status=$?
  CHILD=
  return $status
}

clean_up() {
  trap '' HUP INT TERM
  [ -z "$CHILD" ] || kill "$CHILD" 2>/dev/null
  [ -z "$SHELL_PID" ] || kill "$SHELL_PID" 2>/dev/null
  stop_nodes
  if [ "$MODE" = check ] && [ -n "$RESULT" ]; then
    report
  fi
  if [ -z "$FOLDER" ] || [ ! -d "$FOLDER" ]; then
    return
  fi
  if [ "$KEEP" = yes ]; then
    echo "The data, the configuration and the logs are in $FOLDER"
  else
    rm -rf "$FOLDER"
  fi
}

report() {
  local took=$(($(tenths) - BEGAN)) word=FAIL
  [ "$RESULT" != passed ] || word=PASS
  printf '\n%s after %d.%d s\n' "$word" $((took / 10)) $((took % 10))
}

# --- Building --------------------------------------------------------------------------------

build_if_needed() {
  if is_built; then
    return
  fi
  begin "Building (minutes, when it must download)"
  # The time before the build counts: what is edited meanwhile is newer than that.
  : >"$FOLDER/build.began"
  if ! bounded "$BUILD_SECONDS" mvn -B -q -f "$HOME_FOLDER/pom.xml" -DskipTests package \
    >"$FOLDER/build.log" 2>&1; then
    tail -n 40 "$FOLDER/build.log"
    fail "The build failed; all that it said is in $FOLDER/build.log"
  fi
  mv "$FOLDER/build.began" "$HOME_FOLDER/server/target/quickstart.built"
  rm -f "$FOLDER/build.log"
  end ""
}

# The jars that run are the copies in lib/: a module that was built alone has not reached them yet.
is_built() {
  local targets="$HOME_FOLDER"
  is_current api "$targets/server/target/lib/quoll-api-"*.jar &&
    is_current api "$targets/cli/target/lib/quoll-api-"*.jar &&
    is_current statemachine "$targets/server/target/lib/quoll-statemachine-"*.jar &&
    is_current server "$targets/server/target/quoll-server-"*.jar &&
    is_current client "$targets/cli/target/lib/quoll-client-"*.jar &&
    is_current cli "$targets/cli/target/quoll-cli-"*.jar
}

# Arguments: a module, its jar. Whether the jar is there, and no source is newer than it. A jar
# that would come out the same is not written again, so the time of the last build counts too.
is_current() {
  local module="$HOME_FOLDER/$1" jar="$2" built="$HOME_FOLDER/server/target/quickstart.built"
  local newer=(-newer "$jar")
  [ -f "$jar" ] || return 1
  [ ! -f "$built" ] || newer+=(-newer "$built")
  [ -z "$(find "$HOME_FOLDER/pom.xml" "$module/pom.xml" "$module/src/main" \
    -type f "${newer[@]}" -print -quit)" ]
}

# --- The nodes -------------------------------------------------------------------------------

start_ensemble() {
  local node
  begin "Starting three nodes"
  find_ports
  for ((node = 1; node <= NODES; node++)); do
    configure "$node"
    start_node "$node"
  done
  await_leader
  end "node $LEADER leads"
}

# Ports 7181 to 7183 for clients, 7281 to 7283 among the nodes and 7381 to 7383 for administrators,
# or others if these are taken. A check starts elsewhere at random, so that two of them may run side
# by side.
find_ports() {
  local base=7181 tries
  [ "$MODE" != check ] || base=$((10001 + RANDOM % 2000 * 10))
  for ((tries = 0; tries < 100; tries++)); do
    if are_free "$base"; then
      PORTS=(0 "$base" "$((base + 1))" "$((base + 2))")
      return
    fi
    base=$((base + 10))
  done
  fail "No ports are free"
}

are_free() {
  local port
  for port in "$1" $(($1 + 1)) $(($1 + 2)) $(($1 + 100)) $(($1 + 101)) $(($1 + 102)) \
    $(($1 + 200)) $(($1 + 201)) $(($1 + 202)); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      return 1
    fi
  done
}

address() {
  echo "127.0.0.1:${PORTS[$1]}"
}

# Arguments: nodes. Their addresses, with commas between.
addresses() {
  local node all=
  for node in "$@"; do
    all="$all,$(address "$node")"
  done
  echo "${all#,}"
}

configure() {
  local folder="$FOLDER/node$1" other
  mkdir -p "$folder/data"
  echo "$1" >"$folder/data/myid"
  {
    echo "dataDir=$folder/data"
    echo "clusterName=quickstart"
    echo "adminPort=$((PORTS[$1] + 200))"
    for ((other = 1; other <= NODES; other++)); do
      echo "server.$other=127.0.0.1:$((PORTS[other] + 100));127.0.0.1:${PORTS[other]}"
    done
  } >"$folder/quoll.cfg"
}

# The script becomes the server, so that the process is the one that is killed and waited for.
start_node() {
  local folder="$FOLDER/node$1"
  QUOLL_SERVER_HEAP="${QUOLL_SERVER_HEAP:-256m}" \
    "$QUOLL_SERVER" --config "$folder/quoll.cfg" start-foreground >>"$folder/log" 2>&1 &
  PIDS[$1]=$!
}

# Numbers of processes are used again, but not among the shell's own running jobs.
is_running() {
  [ -n "${PIDS[$1]:-}" ] && jobs -pr | grep -qx "${PIDS[$1]}"
}

stop_nodes() {
  local node left=$((STOP_SECONDS * 10))
  for ((node = 1; node <= NODES; node++)); do
    ! is_running "$node" || kill "${PIDS[$node]}"
  done
  for ((node = 1; node <= NODES; node++)); do
    while is_running "$node" && [ "$left" -gt 0 ]; do
      sleep 0.1
      left=$((left - 1))
    done
    ! is_running "$node" || kill -9 "${PIDS[$node]}"
  done
}

# Sets STANDINGS: a line "ID ROLE ZXID DIGEST" for each node that answers.
ask_standings() {
  bounded 20 "$QUOLL" -server "$(addresses 1 2 3)" -timeout 8000 -o json cluster status \
    >"$FOLDER/output" 2>"$FOLDER/errors"
  STANDINGS="$(tr '{}' '\n\n' <"$FOLDER/output" | sed -n "$STANDING")"
}

# Waits until all nodes answer and one of them leads. Sets LEADER.
await_leader() {
  local end=$(($(tenths) + START_SECONDS * 10)) node
  while [ "$(tenths)" -lt "$end" ]; do
    for ((node = 1; node <= NODES; node++)); do
      is_running "$node" || fail "Node $node has ended"
    done
    ask_standings
    LEADER="$(sed -n 's/^\([0-9]*\) leader .*/\1/p' <<<"$STANDINGS")"
    if [ "${#LEADER}" -eq 1 ] && [ "$(wc -l <<<"$STANDINGS")" -eq "$NODES" ]; then
      return
    fi
    sleep 0.2
  done
  fail "There is no ensemble with a leader after $START_SECONDS s; this is what there is:
$STANDINGS"
}

# --- For people ------------------------------------------------------------------------------

show() {
  local tool
  tool="$(printf '%q' "$QUOLL")"
  echo
  bounded 20 "$QUOLL" -server "$(addresses 1 2 3)" cluster status || fail "The tool failed"
  cat <<END

Try, in another terminal:

  $tool -server $(address 1) create /greeting hello
  $tool -server $(address 2) get -s /greeting
  $tool -server $(address 3) ls /
  $tool -server $(addresses 1 2 3) cluster status
  $tool help

The nodes are processes ${PIDS[1]}, ${PIDS[2]} and ${PIDS[3]}: kill -9 one, and the others go on.
Start node N again, in a terminal where it stays until its own Ctrl-C, with

  $(printf '%q' "$QUOLL_SERVER") --config $(printf '%q' "$FOLDER")/nodeN/quoll.cfg start-foreground

The logs are $FOLDER/nodeN/log.
Ctrl-C stops all that was started here$([ "$KEEP" = yes ] || echo " and removes its data").
END
  watch_nodes 2>/dev/null # Where the shell would tell of killed processes in its own words.
}

# Tells of each node that ends, until none is left.
watch_nodes() {
  local node running=$NODES told=()
  while [ "$running" -gt 0 ]; do
    sleep 1 &
    wait $!
    for ((node = 1; node <= NODES; node++)); do
      if [ -z "${told[$node]:-}" ] && ! is_running "$node"; then
        told[$node]=yes
        running=$((running - 1))
        echo "Node $node, process ${PIDS[$node]}, has ended."
      fi
    done
  done
  KEEP=yes
  exit 1
}

# --- The check -------------------------------------------------------------------------------

check() {
  local count
  collect
  count="$(wc -l <"$FOLDER/input")"

  begin "Writing $count $KIND through node 1"
  write /packages 1
  end ""
  begin "Reading them from node 3"
  compare /packages 3
  end "the same, byte for byte"

  await_leader
  open_session
  kill_leader
  require_session
  begin "Writing $count more through ${SURVIVORS[0]} and ${SURVIVORS[1]}"
  write /again "${SURVIVORS[@]}"
  end ""
  begin "Reading all of them from node ${SURVIVORS[1]}"
  compare /packages "${SURVIVORS[1]}"
  compare /again "${SURVIVORS[1]}"
  end "the same, byte for byte"

  begin "Restarting node $KILLED"
  start_node "$KILLED"
  await_agreement

  begin "Stopping all three"
  stop_nodes
  require_stopped_in_order
  end ""
  RESULT=passed
}

require_stopped_in_order() {
  local node
  for ((node = 1; node <= NODES; node++)); do
    wait "${PIDS[$node]}" 2>/dev/null || fail "Node $node ended with status $?, and not in order"
  done
}

# Real names and values, a line each, with a tab between, in the order in which Quoll lists them.
collect() {
  begin "Collecting what this machine has"
  KIND=packages
  if ! dpkg-query -W >"$FOLDER/found" 2>/dev/null || [ ! -s "$FOLDER/found" ]; then
    KIND=files
    find /usr/share -type f -printf '%P\t%s\n' 2>/dev/null |
      sed 's/%/%25/g; s,/,%2F,g' | head -n 5000 >"$FOLDER/found"
  fi
  # In a list of names and values, both are plain characters, and parted by the only tab.
  LC_ALL=C grep -ax "[ -~]\+"$'\t'"[ -~]*" "$FOLDER/found" |
    LC_ALL=C sort -t $'\t' -k 1,1 >"$FOLDER/input"
  [ -s "$FOLDER/input" ] || fail "There are no packages, and no files below /usr/share"
  end "$(wc -l <"$FOLDER/input") $KIND, such as $(sed -n '1{s/\t/ /p;}' "$FOLDER/input")"
}

# Argument: what to make of each input, with \1 for the name and \2 for the value. Within quotes, a
# quote is written by closing them, the quote, and opening them again.
each() {
  LC_ALL=C sed -E -e "s/'/'\\\\''/g" -e "s|^([^\t]*)\t(.*)\$|$1|" "$FOLDER/input"
}

# Arguments: the parent, nodes. Writes all input below the parent, through one of the nodes.
write() {
  local parent="$1"
  shift
  {
    echo "create $parent"
    each "create -- '$parent/\1' '\2'"
  } >"$FOLDER/script"
  bounded "$COMMAND_SECONDS" "$QUOLL" -server "$(addresses "$@")" -f "$FOLDER/script" \
    >"$FOLDER/output" 2>"$FOLDER/errors" && return
  grep -v '^Created ' "$FOLDER/errors" | head -n 10
  fail "Writing failed: the tool ended with an error"
}

# Arguments: the parent, a node. Compares names and values as the node has them with the input.
compare() {
  {
    echo "sync $1"
    echo "ls $1"
    each "get '$1/\1'"
  } >"$FOLDER/script"
  {
    echo "Sync is OK"
    echo "[$(cut -f 1 "$FOLDER/input" | sed '$!s/$/, /' | tr -d '\n')]"
    cut -f 2 "$FOLDER/input"
  } >"$FOLDER/expected"
  bounded "$COMMAND_SECONDS" "$QUOLL" -server "$(address "$2")" -f "$FOLDER/script" \
    >"$FOLDER/output" 2>"$FOLDER/errors"
  cmp "$FOLDER/expected" "$FOLDER/output" && return
  diff "$FOLDER/expected" "$FOLDER/output" | cut -c 1-200 | head -n 10
  head -n 10 "$FOLDER/errors"
  fail "Node $2 does not serve what was written below $1"
}

# Opens a session at the leader, by a shell that gets its commands from a pipe and is left open: it
# owns an ephemeral znode, and watches one.
open_session() {
  local others
  others="$(seq 1 "$NODES" | grep -vx "$LEADER")"
  begin "A session at node $LEADER: ephemeral and watch"
  tell_node "$LEADER" create /watched before
  mkfifo "$FOLDER/lines"
  # shellcheck disable=SC2086 # The others are to be words.
  "$QUOLL" -server "$(addresses "$LEADER" $others)" -timeout 10000 <"$FOLDER/lines" \
    >"$FOLDER/events" 2>"$FOLDER/states" &
  SHELL_PID=$!
  exec 9>"$FOLDER/lines"
  printf '%s\n' 'create -e /mine here' 'addWatch -m PERSISTENT /watched' >&9
  await_line "$FOLDER/states" 'Created /mine'
  tell_node "$LEADER" set /watched once
  await_line "$FOLDER/events" 'NodeDataChanged path:/watched'
  end "its event came"
}

# After the leader's death: the session lives at another node, with what it owns and watches.
require_session() {
  begin "The session, without node $KILLED"
  tell_node "${SURVIVORS[0]}" set /watched twice
  await_lines 2 "$FOLDER/events" 'NodeDataChanged path:/watched'
  tell_node "${SURVIVORS[1]}" get /mine
  end "attached anew: its event came, its ephemeral is there"

  begin "Closing it"
  printf 'quit\n' >&9
  exec 9>&-
  wait "$SHELL_PID" || fail "The shell ended with an error: $(tail -n 3 "$FOLDER/states")"
  SHELL_PID=
  tell_node "${SURVIVORS[1]}" sync /
  ! bounded 20 "$QUOLL" -server "$(address "${SURVIVORS[1]}")" get /mine >/dev/null 2>&1 ||
    fail "The ephemeral znode outlived its session"
  end "the ephemeral went with it"
}

# Arguments: a node, a command of the tool, which must succeed.
tell_node() {
  local node="$1"
  shift
  bounded 30 "$QUOLL" -server "$(address "$node")" "$@" >"$FOLDER/output" 2>"$FOLDER/errors" ||
    fail "\"$*\" failed at node $node: $(head -n 3 "$FOLDER/errors")"
}

# Arguments: a file, what a line of it must hold.
await_line() {
  await_lines 1 "$@"
}

# Arguments: how many lines, a file, what they must hold.
await_lines() {
  local end=$(($(tenths) + 300))
  while [ "$(grep -c "$3" "$2")" -lt "$1" ]; do
    kill -0 "$SHELL_PID" 2>/dev/null || fail "The shell has ended: $(tail -n 3 "$FOLDER/states")"
    [ "$(tenths)" -lt "$end" ] || fail "The shell did not print \"$3\" in 30 s, but only:
$(tail -n 5 "$FOLDER/events" "$FOLDER/states")"
    sleep 0.1
  done
}

# Sets KILLED and SURVIVORS.
kill_leader() {
  local node
  begin "Killing node $LEADER, the leader, with kill -9"
  KILLED="$LEADER"
  SURVIVORS=()
  for ((node = 1; node <= NODES; node++)); do
    [ "$node" = "$KILLED" ] || SURVIVORS+=("$node")
  done
  kill -9 "${PIDS[$KILLED]}"
  wait "${PIDS[$KILLED]}" 2>/dev/null
  end ""
}

# Waits until all nodes stand at one zxid with one digest.
await_agreement() {
  local end=$(($(tenths) + START_SECONDS * 10)) trees
  while [ "$(tenths)" -lt "$end" ]; do
    is_running "$KILLED" || fail "Node $KILLED has ended"
    ask_standings
    trees="$(cut -d ' ' -f 3,4 <<<"$STANDINGS" | sort -u)"
    if [ "$(wc -l <<<"$STANDINGS")" -eq "$NODES" ] && [ "$(wc -l <<<"$trees")" -eq 1 ]; then
      end "all three at zxid ${trees% *} with digest ${trees#* }"
      return
    fi
    sleep 0.2
  done
  fail "The nodes do not agree after $START_SECONDS s; this is where they stand:
$STANDINGS"
}

main "$@"
