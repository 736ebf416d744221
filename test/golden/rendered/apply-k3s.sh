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
  "$1" keep 'etc/crictl.yaml' '/etc/crictl.yaml' public
  "$1" restart 'etc/rancher/k3s/config.yaml.d/zz-mirrorproof.yaml' '/etc/rancher/k3s/config.yaml.d/zz-mirrorproof.yaml' public
  "$1" restart 'etc/rancher/k3s/registries.yaml' '/etc/rancher/k3s/registries.yaml' secret
}

runtime=k3s

restart_by_systemd() {
  for unit in k3s k3s-agent; do
    if systemctl is-active --quiet "$unit" || systemctl is-enabled --quiet "$unit" 2>/dev/null; then
      systemctl restart "$unit"
      return
    fi
  done
  return 1
}

answers() {
  k3s crictl --timeout 5s images >/dev/null 2>&1
}

check_before() { :; }

check_after() { :; }

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

main
