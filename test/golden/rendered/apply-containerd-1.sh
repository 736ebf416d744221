#!/bin/sh
# Written by mirrorproof from registries.yaml. Puts the files beside this script into their places on a node; run it as root.
#
# - A file that is right already is left alone. One that is replaced is kept in /var/backups/mirrorproof/NUMBER.
# - The runtime is restarted only where it has to be to read what has changed.
# - Where the runtime does not answer afterwards, everything is put back, and it is restarted with what it had.
#
# ROOT=/mnt      writes below that folder instead, and restarts nothing unless RESTART says how
# RESTART=...    the command that restarts the runtime, where that is not for systemd to do
# READY=...      the command that succeeds as soon as the runtime answers
# WAIT=60        how many seconds it is waited for
#
# The files have no secrets in them. They are taken from these variables of the environment and written to the node only:
#   HARBOR_PASSWORD

# A dollar sign in single quotes is one.
# shellcheck disable=SC2016
set -eu
LC_ALL=C
export LC_ALL
umask 022

secrets='HARBOR_PASSWORD'

each_file() {
  number=0
  "$1" replace 'etc/containerd/certs.d/_default/hosts.toml' '/etc/containerd/certs.d/_default/hosts.toml' public
  "$1" replace 'etc/containerd/certs.d/docker.io/hosts.toml' '/etc/containerd/certs.d/docker.io/hosts.toml' public
  "$1" replace 'etc/containerd/certs.d/harbor.example.net/hosts.toml' '/etc/containerd/certs.d/harbor.example.net/hosts.toml' public
  "$1" section 'etc/containerd/registry-section.toml' '/etc/containerd/config.toml' secret
  "$1" keep 'etc/crictl.yaml' '/etc/crictl.yaml' public
}

runtime=containerd

restart_by_systemd() {
  systemctl restart containerd
}

answers() {
  if command -v crictl >/dev/null 2>&1; then
    crictl --timeout 5s --runtime-endpoint unix:///run/containerd/containerd.sock images >/dev/null 2>&1
  elif command -v ctr >/dev/null 2>&1; then
    ctr --connect-timeout 2s plugins ls 2>/dev/null | awk '$2 == "cri" && $NF == "ok" { found = 1 } END { exit !found }'
  else
    systemctl is-active --quiet containerd
  fi
}

# The files are for this version.
major=1
# What containerd has to print as its config path; empty where that is not to be looked at.
config_path='/etc/containerd/certs.d'
# The files are made from those of the node, so that settings that are gone are to be gone.
own=

note() {
  printf 'mirrorproof: %s\n' "$*"
}

fail() {
  printf 'mirrorproof: %s\n' "$*" >&2
  exit 1
}

# Prints a file with the secrets filled in. Only logins are, and a value is escaped: it cannot end the text that it stands in.
fill() {
  if [ -z "$secrets" ]; then
    cat -- "$1"
    return
  fi
  awk -v names="$secrets" '
    BEGIN {
      count = split(names, name, " ")
      for (code = 1; code < 32; code++) control[sprintf("%c", code)] = code
      control[sprintf("%c", 127)] = 127
    }
    function escape(text, position, character, result) {
      result = ""
      for (position = 1; position <= length(text); position++) {
        character = substr(text, position, 1)
        if (character == "\\" || character == "\"") character = "\\" character
        else if (character in control) character = sprintf("\\u%04X", control[character])
        result = result character
      }
      return result
    }
    {
      line = $0
      for (number = 1; number <= count; number++) {
        wanted = "\"${" name[number] "}\""
        result = ""
        while ((at = index(line, wanted)) > 0) {
          head = substr(line, 1, at - 1)
          if (head ~ /(^|[ \t{,.])(username|password|auth|identity_?token)[ \t]*[=:][ \t]*$/)
            result = result head "\"" escape(ENVIRON[name[number]]) "\""
          else
            result = result head wanted
          line = substr(line, at + length(wanted))
        }
        line = result line
      }
      print line
    }
  ' "$1"
}

is_set() {
  awk -v name="$1" 'BEGIN { exit ENVIRON[name] == "" }'
}

find_missing() {
  if [ "$1" = imports ]; then return 0; fi
  for name in $secrets; do
    if grep -qF "$(printf '"${%s}"' "$name")" "$here/$2" && ! is_set "$name"; then
      case " $missing " in *" $name "*) ;; *) missing="$missing $name" ;; esac
    fi
  done
}

# All that are missing are named at once, before anything is changed.
check_secrets() {
  missing=
  each_file find_missing
  [ -z "$missing" ] || fail "these variables of the environment have to be set and exported:$missing"
}

# Makes in the folder $work, under the number of the file, what is to be in its place; nothing where it is there already.
make() {
  number=$((number + 1))
  place=$ROOT$3
  case $1 in
    keep)
      if [ -e "$place" ] || [ -L "$place" ]; then return 0; fi
      cat -- "$here/$2" >"$work/$number"
      ;;
    imports) make_imports "$place" >"$work/$number" ;;
    section) make_section "$here/$2" "$place" >"$work/$number" ;;
    json) make_json "$here/$2" "$place" >"$work/$number" ;;
    *) fill "$here/$2" >"$work/$number" ;;
  esac
  if [ -f "$place" ] && cmp -s -- "$work/$number" "$place"; then
    rm -f "$work/$number"
    return 0
  fi
  if [ -d "$place" ]; then fail "a folder is in the place of $3"; fi
  changes=$((changes + 1))
  case $1 in restart | imports | section | json) needs_restart=yes ;; esac
}

# Puts a new file in its place. What was there is kept with its owner and mode; a link is followed.
put() {
  number=$((number + 1))
  [ -f "$work/$number" ] || return 0
  place=$ROOT$3
  mkdir -p -- "${place%/*}"
  if [ -e "$place" ]; then
    kept=$backup$3
    (umask 077 && mkdir -p -- "${kept%/*}")
    cp -p -- "$place" "$kept"
    : >"$work/$number.replaced"
  fi
  if [ "$4" = secret ]; then
    write_secret "$work/$number" "$place"
  else
    write "$work/$number" "$place"
  fi
  case $1 in
    imports) note 'added the drop-in files to the imports of /etc/containerd/config.toml' ;;
    section) note "merged $2 into /etc/containerd/config.toml" ;;
    *) note "wrote /$2" ;;
  esac
}

write() {
  if [ -L "$2" ]; then
    cat -- "$1" >"$2"
    return
  fi
  rm -f -- "$2.mirrorproof-new"
  if [ -f "$2" ]; then cp -p -- "$2" "$2.mirrorproof-new"; fi
  cat -- "$1" >"$2.mirrorproof-new"
  mv -f -- "$2.mirrorproof-new" "$2"
}

write_secret() {
  (umask 077 && write "$1" "$2")
  chmod 600 -- "$2"
}

# Puts back what was there before. An empty folder of a registry would hide the one for all others.
put_back() {
  number=$((number + 1))
  [ -f "$work/$number" ] || return 0
  place=$ROOT$3
  if [ -f "$work/$number.replaced" ]; then
    cp -p -- "$backup$3" "$place"
  else
    rm -f -- "$place"
    rmdir -- "${place%/*}" 2>/dev/null || :
  fi
}

# Files of registries that an earlier run has put there and that are not wanted any more. Names that are not plain are left.
list_plain() {
  case $1$2 in
    *%*) ;;
    replace*) printf '%s\n' "$2" >>"$work/installed" ;;
  esac
}

find_stale() {
  : >"$work/installed"
  : >"$work/stale"
  each_file list_plain
  [ -f "$backups/installed" ] || return 0
  while read -r name; do
    grep -qxF -e "$name" "$work/installed" || [ ! -f "$ROOT/$name" ] || printf '%s\n' "$name" >>"$work/stale"
  done <"$backups/installed"
  if [ -s "$work/stale" ]; then changes=$((changes + 1)); fi
}

remove_stale() {
  while read -r name; do
    kept=$backup/$name
    (umask 077 && mkdir -p -- "${kept%/*}")
    mv -f -- "$ROOT/$name" "$kept"
    rmdir -- "$ROOT/${name%/*}" 2>/dev/null || :
    note "removed /$name"
  done <"$work/stale"
}

put_back_stale() {
  while read -r name; do
    mkdir -p -- "$ROOT/${name%/*}"
    cp -p -- "$backup/$name" "$ROOT/$name"
  done <"$work/stale"
}

remember() {
  if [ -s "$work/installed" ] || [ -f "$backups/installed" ]; then
    (umask 077 && mkdir -p -- "$backups" && cat -- "$work/installed" >"$backups/installed")
  fi
}

can_restart() {
  [ -n "$RESTART" ] || { [ -z "$ROOT" ] && [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; }
}

restart() {
  note "restarts $runtime"
  if [ -n "$RESTART" ]; then sh -c "$RESTART"; else restart_by_systemd; fi
}

is_ready() {
  if [ -n "$READY" ]; then sh -c "$READY" >/dev/null 2>&1; else answers; fi
}

wait_until_ready() {
  seconds=0
  until is_ready; do
    seconds=$((seconds + 1))
    if [ "$seconds" -gt "$WAIT" ]; then return 1; fi
    sleep 1
  done
}

roll_back() {
  note "$1: everything is put back"
  each_file put_back
  put_back_stale
  if [ "$2" = restart ]; then
    restart || note "$runtime could not be restarted"
    wait_until_ready || note "$runtime does not answer with its former files either"
  fi
  rm -f -- "$pending"
  fail "nothing was changed: $1"
}

main() {
  case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
  here=$(cd -- "$here" && pwd)
  : "${ROOT:=}" "${RESTART:=}" "${READY:=}" "${WAIT:=60}"
  case $ROOT in '' | /*) ;; *) fail 'ROOT has to begin with a slash' ;; esac
  work=$(mktemp -d)
  trap 'rm -rf -- "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  backups=$ROOT/var/backups/mirrorproof
  pending=$backups/restart-needed
  changes=0
  needs_restart=
  check_secrets
  check_before
  each_file make
  find_stale
  # A run that was interrupted may have left that to be done.
  if [ -f "$pending" ]; then needs_restart=yes; fi
  if [ "$changes" -eq 0 ] && [ -z "$needs_restart" ]; then
    note 'every file is right already'
    return 0
  fi
  if [ -n "$needs_restart" ] && [ -z "$ROOT" ] && ! can_restart; then
    fail "there is no systemd here: say in RESTART which command restarts $runtime"
  fi
  next=1
  while [ -e "$backups/$next" ]; do next=$((next + 1)); done
  backup=$backups/$next
  if [ -n "$needs_restart" ] && can_restart; then
    (umask 077 && mkdir -p -- "$backups" && : >"$pending")
  fi
  each_file put
  remove_stale
  if [ -d "$backup" ]; then note "kept what was there in $backup"; fi
  if [ -z "$needs_restart" ]; then
    remember
    note "$runtime needs no restart to read these files"
    return 0
  fi
  check_after
  if ! can_restart; then
    remember
    note "$runtime has to be restarted to read these files"
    return 0
  fi
  restart || roll_back "$runtime could not be restarted" restart
  wait_until_ready || roll_back "$runtime does not answer with the new files" restart
  rm -f -- "$pending"
  remember
  note "$runtime answers"
}

drop_ins='/etc/containerd/conf.d/*.toml'

has_containerd() {
  [ -z "$ROOT" ] && command -v containerd >/dev/null 2>&1
}

check_before() {
  has_containerd || return 0
  found=$(containerd --version | sed -n 's/^[^ ]* [^ ]* v\{0,1\}\([0-9]*\)\..*/\1/p')
  if [ -n "$found" ] && [ "$found" != "$major" ]; then
    fail "this node has containerd $found.x and these files are for $major.x: name the runtime of the node in registries.yaml"
  fi
  if [ -f /etc/containerd/config.toml ]; then containerd config dump >"$work/before" 2>/dev/null || rm -f "$work/before"; fi
}

# Before containerd is restarted: does it read what it should, and still all that it had?
check_after() {
  has_containerd || return 0
  containerd config dump >"$work/after" 2>"$work/errors" ||
    roll_back "containerd cannot read the new configuration: $(tail -n 1 "$work/errors")" keep-running
  if [ -n "$config_path" ]; then
    sed 's/^[[:space:]]*//' "$work/after" |
      grep -qxF -e "config_path = \"$config_path\"" -e "config_path = '$config_path'" ||
      roll_back 'other files that config.toml imports set another config path' keep-running
  fi
  if [ -z "$own" ] && [ -f "$work/before" ]; then check_lost; fi
}

# Settings besides those for registries are to be the same.
check_lost() {
  changing='config_path|sandbox|imports|username|password|auth|identitytoken|endpoint|_file|insecure_skip_verify|^version'
  lost=$(grep -vxF -f "$work/after" "$work/before" | grep -vE "$changing" | sed 's/^[[:space:]]*//' | head -n 1 || :)
  [ -z "$lost" ] || roll_back "this setting of the node would be lost: $lost" keep-running
}

# Prints config.toml with the drop-in files in its imports.
make_imports() {
  if [ ! -e "$1" ]; then
    printf 'version = 3\nimports = ["%s"]\n' "$drop_ins"
    return 0
  fi
  awk -v pattern="$drop_ins" '
    BEGIN { isTop = 1 }
    {
      line = $0
      if (line ~ /^[ \t]*\[/) isTop = 0
      if (isTop && line ~ /^[ \t]*imports[ \t]*=/) {
        isThere = 1
        if (!index(line, "\"" pattern "\"") && !index(line, "\047" pattern "\047") && !(line ~ /["\047]conf\.d\/\*\.toml["\047]/)) {
          if (!(line ~ /=[ \t]*\[[^]#]*\][ \t\r]*$/)) { isOdd = 1; exit }
          tail = substr(line, index(line, "]"))
          head = substr(line, 1, index(line, "]") - 1)
          sub(/[ \t,]*$/, "", head)
          line = head (head ~ /\[$/ ? "" : ", ") "\"" pattern "\"" tail
        }
      }
      lines[++count] = line
    }
    END {
      if (isOdd) exit 3
      if (!isThere) print "imports = [\"" pattern "\"]"
      for (number = 1; number <= count; number++) print lines[number]
    }
  ' "$1" || fail "add \"$drop_ins\" to the imports of /etc/containerd/config.toml by hand: the list is in several lines"
}

# Prints config.toml with the tables of the section in it: a setting that is there is replaced, and all else stays.
make_section() {
  fill "$1" >"$work/section"
  if [ ! -s "$2" ]; then
    cat -- "$work/section"
    return 0
  fi
  grep -q '^[[:space:]]*version[[:space:]]*=[[:space:]]*2' "$2" ||
    fail "/etc/containerd/config.toml is not of version 2: put the tables of $1 into it by hand"
  status=0
  awk '
    function clean(line) {
      sub(/^[ \t]+/, "", line)
      sub(/[ \t\r]+$/, "", line)
      return line
    }
    function headerOf(line) {
      line = clean(line)
      sub(/\][ \t]*#.*$/, "]", line)
      gsub(/\047/, "\"", line)
      return line
    }
    function keyOf(line) {
      line = clean(line)
      sub(/[ \t]*=.*$/, "", line)
      return line
    }
    function indentationOf(line) {
      match(line, /^[ \t]*/)
      return substr(line, 1, RLENGTH)
    }
    FNR == 1 { file++ }
    file == 1 {
      line = clean($0)
      if (line == "" || line ~ /^#/ || line ~ /^version =/) next
      if (line ~ /^\[/) {
        table = headerOf(line)
        tables[++tableCount] = table
        if (table ~ /\.registry\.mirrors\./) hasMirrors = 1
        next
      }
      settings[table, ++settingCount[table]] = line
      settingAt[table, keyOf(line)] = line
      if (line ~ /^config_path = ".+"$/) usesPath = 1
      next
    }
    {
      lines[++count] = $0
      if (clean($0) ~ /^\[/) {
        table = headerOf($0)
        isThere[table] = 1
        if (table ~ /\.registry\.(mirrors|auths)\./ || table ~ /\.registry\.configs\..*\.tls\]$/) isInline = 1
      } else if ((table, keyOf($0)) in settingAt) isSet[table, keyOf($0)] = 1
    }
    END {
      if (usesPath && isInline) exit 4
      table = ""
      for (number = 1; number <= count; number++) {
        line = lines[number]
        if (clean(line) ~ /^\[/) {
          table = headerOf(line)
          print line
          for (at = 1; at <= settingCount[table]; at++) {
            if (!((table, keyOf(settings[table, at])) in isSet)) print indentationOf(line) "  " settings[table, at]
          }
        } else if (clean(line) ~ /=/ && (table, keyOf(line)) in settingAt) {
          wanted = settingAt[table, keyOf(line)]
          print (clean(line) == wanted ? line : indentationOf(line) wanted)
        } else print line
      }
      for (at = 1; at <= tableCount; at++) {
        table = tables[at]
        if (table in isThere) continue
        print ""
        print table
        for (setting = 1; setting <= settingCount[table]; setting++) print settings[table, setting]
      }
    }
  ' "$work/section" "$2" || status=$?
  case $status in
    0) ;;
    4) fail "/etc/containerd/config.toml has mirrors or TLS settings of its own, which do not go with config_path: remove them, or put the file into the repository as containerdConfig of the node" ;;
    *) fail 'the section could not be merged into /etc/containerd/config.toml' ;;
  esac
}

main
