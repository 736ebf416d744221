#!/bin/sh
# Takes the place of docker for kind: keeps what it is told in the folder $DOCKER_DOUBLE, one folder for each node, and fails
# when Kubernetes is to be started.
set -eu
all="$*"
case "$1" in
-v) echo 'Docker version 0.0.0' ;;
info) echo '{"CgroupDriver":"systemd","CgroupVersion":"2","MemoryLimit":true,"PidsLimit":true,"CPUShares":true}' ;;
ps) if [ -d "$DOCKER_DOUBLE/nodes" ]; then ls "$DOCKER_DOUBLE/nodes"; fi ;;
network) if [ "$2" = ls ]; then echo 0123456789abcdef; else echo '[{"Id": "0123456789abcdef", "Containers": {}}]'; fi ;;
run)
  folder="$DOCKER_DOUBLE/nodes/$3"
  mkdir -p "$folder"
  printf '%s\n' "$@" > "$folder/arguments"
  ;;
logs) echo 'Reached target Multi-User System.' ;;
inspect)
  for name in "$@"; do :; done
  case "$all" in
  *--type=image*) ;;
  *io.x-k8s.kind.role*) sed -n 's/^io.x-k8s.kind.role=//p' "$DOCKER_DOUBLE/nodes/$name/arguments" ;;
  *IPAddress*) echo '172.18.0.2,fc00::2' ;;
  *) echo ;;
  esac
  ;;
exec)
  shift
  while [ "${1#-}" != "$1" ]; do shift; done
  folder="$DOCKER_DOUBLE/nodes/$1"
  shift
  case "$*" in
  'cat /kind/version') echo v1.34.0 ;;
  'cat /etc/containerd/config.toml') cat "$DOCKER_DOUBLE/config.toml" ;;
  'cp /dev/stdin '*) cat > "$folder/$(basename "$3")" ;;
  kubeadm*) echo 'no Kubernetes here' >&2; exit 1 ;;
  esac
  ;;
esac
