/** What `apply.sh` does for dockerd: its settings are merged into those that the node has. */
export const dockerSteps = String.raw`# Prints the settings of the second file with those of the first in them.
make_json() {
  if [ ! -s "$2" ]; then
    cat -- "$1"
  elif command -v jq >/dev/null 2>&1; then
    jq --slurp '.[1] + .[0]' "$1" "$2" || fail "jq cannot read /etc/docker/daemon.json"
  elif command -v python3 >/dev/null 2>&1; then
    python3 -c '
import json, sys
with open(sys.argv[2]) as own, open(sys.argv[1]) as new:
    print(json.dumps({**json.load(own), **json.load(new)}, indent=2, ensure_ascii=False))
' "$1" "$2" || fail "/etc/docker/daemon.json is no JSON"
  elif cmp -s -- "$1" "$2"; then
    cat -- "$1"
  else
    fail "this node has settings of its own in /etc/docker/daemon.json: install jq or python3 to merge them"
  fi
}

# dockerd checks its settings since version 23.
is_valid() {
  dockerd --validate --config-file /etc/docker/daemon.json >/dev/null 2>&1
}

# Where it does not take what it runs with either, as for want of its flags, it says nothing about the new settings.
check_before() {
  can_validate=
  if [ -z "$ROOT" ] && command -v dockerd >/dev/null 2>&1; then
    if [ ! -e /etc/docker/daemon.json ] || is_valid; then can_validate=yes; fi
    dockerd --help 2>&1 | grep -q -e '--validate' || can_validate=
  fi
}

check_after() {
  if [ -n "$can_validate" ] && ! is_valid; then
    roll_back 'dockerd does not take the new settings' keep-running
  fi
}
`;
