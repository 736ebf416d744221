import { shellWord } from '../../render/apply/shellWord.ts';

/** A place where a registry is asked, and where a packet for it really goes. */
export interface Translation {
  readonly address: string;
  readonly port: number;
  /** `ADDRESS:PORT` on the network of the cluster. */
  readonly to: string;
}

/** What happens on a kind node before it pulls. */
export interface NodeSetup {
  /** Texts by absolute path. */
  readonly files: ReadonlyMap<string, string>;
  /** The certificate of an authority that the whole node trusts. */
  readonly trusted: string;
  /** What /etc/hosts says besides. */
  readonly hosts: readonly (readonly [name: string, address: string])[];
  readonly translations: readonly Translation[];
  /** The network of the cluster, as `172.18.0.0/16`: no connection leaves it. */
  readonly subnet: string;
  /** Where this process listens, by TCP, and where its name server does, by UDP; absent where it cannot. */
  readonly here?: { readonly address: string; readonly port: number; readonly namePort: number };
  readonly restartsContainerd: boolean;
  /** Go before 1.20 reads nsswitch.conf once in the life of a process. */
  readonly readsNamesOnce: boolean;
}

/**
 * A script for the shell of a kind node. No name exists from then on that is not in /etc/hosts, packets to the registries of the
 * configuration are sent on, and all others that would leave the cluster's network are refused at once. It prints `unreachable`
 * where the node does not reach this process.
 */
export function setupScript(setup: NodeSetup): string {
  return inOnePiece([
    'set -eu',
    'put() { mkdir -p "$(dirname "$1")" && base64 -d >"$1"; }',
    ...[...setup.files].map(([path, text]) => putFile(path, text)),
    appendText('/etc/ssl/certs/ca-certificates.crt', setup.trusted),
    appendText('/etc/hosts', setup.hosts.map(([name, address]) => `${address} ${name}\n`).join('')),
    `restart=${setup.restartsContainerd ? 'yes' : ''}`,
    'echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet',
    ...restoreRules(networkRules(setup)),
    ...cutOffNames(setup),
    'if [ -n "$restart" ]; then systemctl restart containerd; fi',
    // The socket is there a moment before the CRI answers.
    'for try in $(seq 100); do crictl version >/dev/null 2>&1 && exit 0; sleep 0.1; done',
    'echo "the CRI does not answer" >&2',
    'journalctl --no-pager --lines 5 --output cat --unit containerd >&2',
    'exit 1',
  ]);
}

/** Read to its end before the first command runs: none of them may take the rest for its input. */
function inOnePiece(lines: readonly string[]): string {
  return ['main() {', ...lines, '}', 'main </dev/null', ''].join('\n');
}

/** The name server of this process knows the names of the cluster's nodes only. Without it, nobody but /etc/hosts is asked. */
function cutOffNames({ here, readsNamesOnce }: NodeSetup): readonly string[] {
  const withoutDns = [
    "  sed -i '/^hosts:/d' /etc/nsswitch.conf",
    "  echo 'hosts: files' >>/etc/nsswitch.conf",
    ...(readsNamesOnce ? ['  restart=yes'] : []),
  ];
  if (!here) return withoutDns;
  const { address, port, namePort } = here;
  const rule = `-p udp --dport 53 -j DNAT --to-destination ${address}:${namePort}`;
  return [
    `if timeout 5 bash -c '</dev/tcp/${address}/${port}' 2>/dev/null; then`,
    `  iptables -w -t nat -I MIRRORPROOF 1 ${rule}`,
    'else',
    '  echo unreachable',
    ...withoutDns,
    'fi',
  ];
}

function putFile(path: string, text: string): string {
  return `put ${shellWord(path)} <<'EOF'\n${base64(text)}\nEOF`;
}

function appendText(path: string, text: string): string {
  return `base64 -d >>${path} <<'EOF'\n${base64(text)}\nEOF`;
}

/** In lines: a single one of some megabytes is more than programs expect. */
function base64(text: string): string {
  return Buffer.from(text).toString('base64').replaceAll(/.{76}/g, '$&\n');
}

function restoreRules(rules: string): readonly string[] {
  return [`iptables-restore -w --noflush <<'EOF'\n${rules}EOF`];
}

/** In front of all other rules: an address of a Service or of a Pod may be a registry's here. */
export function networkRules({ translations, subnet }: Pick<NodeSetup, 'translations' | 'subnet'>): string {
  const translate = translations.map(
    ({ address, port, to }) =>
      `-A MIRRORPROOF -d ${address}/32 -p tcp -m tcp --dport ${port} -j DNAT --to-destination ${to}`,
  );
  return [
    '*nat',
    ':MIRRORPROOF - [0:0]',
    ...translate,
    '-I OUTPUT 1 -j MIRRORPROOF',
    // What was meant for the node's own registry leaves it now.
    '-I POSTROUTING 1 -s 127.0.0.0/8 -o eth0 -j MASQUERADE',
    'COMMIT',
    '*filter',
    ':MIRRORPROOF - [0:0]',
    '-A MIRRORPROOF -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN',
    `-A MIRRORPROOF -d ${subnet} -j RETURN`,
    '-A MIRRORPROOF -p tcp -j REJECT --reject-with tcp-reset',
    '-A MIRRORPROOF -j REJECT',
    '-I OUTPUT 1 -o eth0 -j MIRRORPROOF',
    'COMMIT',
    '',
  ].join('\n');
}

/** A pull by crictl: its number, and how it ended. */
export interface CrictlResult {
  readonly isPulled: boolean;
  /** What crictl printed. */
  readonly text: string;
}

/** How long a pull by crictl may take, in seconds. */
const pullTime = 60;

/** Pulls images one after the other, removes each one again, and says of each how it went. */
export function pullScript(images: readonly string[]): string {
  return inOnePiece([
    'pull() {',
    `  if text=$(timeout ${pullTime} crictl pull "$1" 2>&1); then echo "pulled $(printf %s "$text" | base64 -w0)"`,
    '  else echo "failed-$? $(printf %s "$text" | base64 -w0)"; fi',
    '}',
    'exec 2>/dev/null',
    ...images.flatMap((image) => [`pull ${shellWord(image)}`, `crictl rmi ${shellWord(image)} >/dev/null`]),
    'exit 0',
  ]);
}

/** Pulls an image while the registries are taken away from the node, and gives them back: whatever it asks for is refused. */
export function controlScript(image: string): string {
  return [
    'set -e',
    'iptables -w -t nat -D OUTPUT -j MIRRORPROOF',
    "trap 'iptables -w -t nat -I OUTPUT 1 -j MIRRORPROOF' EXIT",
    'set +e',
    pullScript([image]),
  ].join('\n');
}

/** What {@link pullScript} printed, in the order of the images. */
export function readPulls(output: string): readonly CrictlResult[] {
  return output
    .split('\n')
    .filter((line) => /^(?:pulled|failed-\d+) /.test(line))
    .map((line) => {
      const [status = '', encoded = ''] = line.split(' ');
      const text = Buffer.from(encoded, 'base64').toString('utf8').trim();
      const code = status.slice('failed-'.length);
      if (status === 'pulled' || code === '1')
        return { isPulled: status === 'pulled', text: withoutPrefix(text) };
      // timeout(1), and signals as shells tell them: crictl itself ends with 1.
      const end = code === '124' ? `within ${pullTime} s` : `by itself, but with status ${code}: ${text}`;
      return { isPulled: false, text: `crictl did not end ${end}` };
    });
}

/** crictl may log something first, and puts its own words in front of those of the CRI. */
function withoutPrefix(text: string): string {
  return text.replace(/^[^]*\bFATA(?:\[\d+\])?\s+(?:pulling image: )?/, '');
}
