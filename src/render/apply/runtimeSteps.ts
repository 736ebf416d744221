import type { RuntimeKind } from '../../resolver/runtime.ts';
import type { ConfiguredNode } from '../target.ts';
import { shellWord } from './shellWord.ts';

/** True for the runtimes whose `config.toml` is written here. k3s and RKE2 write that of their containerd themselves. */
export function configuresContainerd(runtime: RuntimeKind): boolean {
  return runtime === 'containerd' || runtime === 'unknown';
}

/** The functions of `apply.sh` that differ between runtimes: `restart_by_systemd` and `answers`, and what is checked before. */
export function runtimeSteps({ configuration, own, isUnchanged }: ConfiguredNode): string {
  const { profile, registry } = configuration;
  if (profile.runtime === 'docker') return dockerRuntime;
  if (profile.runtime === 'k3s') return k3sRuntime;
  if (profile.runtime === 'rke2') return rke2Runtime;
  const [major = ''] = profile.version.split('.');
  const isSet = registry.form === 'hosts-directory' && !isUnchanged;
  const configPath = isSet && isPlain(registry.configPath) ? registry.configPath : '';
  return `${containerdRuntime}
# The files are for this version.
major=${major}
# What containerd has to print as its config path; empty where that is not to be looked at.
config_path=${shellWord(configPath)}
# The files are made from those of the node, so that settings that are gone are to be gone.
own=${own ? 'yes' : ''}
`;
}

/** True for a text that stands in TOML as it is. */
function isPlain(text: string): boolean {
  return /^[ -~]+$/.test(text) && !/["'\\]/.test(text);
}

const containerdRuntime = `runtime=containerd

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
`;

const k3sRuntime = `runtime=k3s

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
`;

const rke2Runtime = `runtime=rke2

restart_by_systemd() {
  for unit in rke2-server rke2-agent; do
    if systemctl is-active --quiet "$unit" || systemctl is-enabled --quiet "$unit" 2>/dev/null; then
      systemctl restart "$unit"
      return
    fi
  done
  return 1
}

answers() {
  PATH="$PATH:/var/lib/rancher/rke2/bin" \\
    crictl --timeout 5s --runtime-endpoint unix:///run/k3s/containerd/containerd.sock images >/dev/null 2>&1
}

check_before() { :; }

check_after() { :; }
`;

// moby daemon/reload.go: mirrors and insecure registries are read again, and containers run on
const dockerRuntime = `runtime=docker
# The sandbox image of cri-dockerd is set by its option --pod-infra-container-image, not here.

restart_by_systemd() {
  systemctl reload docker
}

answers() {
  docker info >/dev/null 2>&1
}
`;
