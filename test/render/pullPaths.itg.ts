import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { parseReference } from '../../src/reference/parseReference.ts';
import type { Reference } from '../../src/reference/reference.ts';
import { attempts, type Attempt } from '../../src/resolver/attempts.ts';
import type { NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import type { Case } from '../differential/case.ts';
import { missingForRig, openRig } from '../differential/rig.ts';
import { containerdLines } from '../support/debianPackages.ts';
import type { RegistryDouble } from '../support/registryRules.ts';
import { generatedRegistries, type GeneratedRegistries } from './generateRegistries.ts';

/** How many registries.yaml are generated; each is rendered for a node of every version. */
const count = 200;

const addresses: Readonly<Record<string, string>> = {
  'harbor.example.net': '10.10.2.1',
  'registry-1.docker.io': '10.10.2.2',
  'quay.io': '10.10.2.3',
  'registry.k8s.io': '10.10.2.4',
  'elsewhere.example.net': '10.10.2.5',
  localhost: '127.0.0.1',
};

interface RenderedNode {
  readonly configuration: NodeConfiguration;
  /** By their absolute path on the node. */
  readonly files: Readonly<Record<string, string>>;
}

function render({ settings, node }: GeneratedRegistries, version: string): RenderedNode | undefined {
  const nodes = [{ name: 'a', runtime: `containerd://${version}`, ...node }];
  const files = filesInMemory({ 'registries.yaml': JSON.stringify({ ...settings, nodes }) });
  const analysis = analyse(files, { substitutions: new Map() });
  const [configured] = analysis.nodes;
  // In the tree odd characters of a path are %XX; apply.sh knows the path itself.
  const rendered = [...analysis.report.rendered].flatMap(([path, text]) =>
    path.startsWith('nodes/a/etc/')
      ? [[decodeURIComponent(path.slice('nodes/a'.length)), text] as const]
      : [],
  );
  if (!configured || rendered.length === 0) return undefined;
  return { configuration: configured.configuration, files: install(new Map(rendered)) };
}

/** What apply.sh makes of the files where the node has no config.toml of its own. */
function install(rendered: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const section = rendered.get('/etc/containerd/registry-section.toml');
  const main = section ?? 'version = 2\nimports = ["/etc/containerd/conf.d/*.toml"]\n';
  return { ...Object.fromEntries(rendered), '/etc/containerd/config.toml': main };
}

/** Registries that have nothing, wherever a request may go. */
function emptyRegistries(requests: readonly Attempt[]): readonly RegistryDouble[] {
  const doubles = new Map<string, RegistryDouble>();
  for (const { url, tls } of requests) {
    const { name, address, port } = placeOf(url);
    const key = `${address} ${port}`;
    if (doubles.has(key)) continue;
    const certificate = tls && { authority: 'system' as const, names: [name, address] };
    const rules = [{ answer: { kind: 'reply' as const, status: 404 } }];
    doubles.set(key, { address, port, ...(certificate && { certificate }), rules });
  }
  return [...doubles.values()];
}

function placeOf(url: string): { readonly name: string; readonly address: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  return { name: hostname, address: addresses[hostname] ?? hostname, port: number };
}

/** The requests that reach a registry: all but TLS to one that speaks plain HTTP. */
function seenRequests(
  requests: readonly Attempt[],
  registries: readonly RegistryDouble[],
): readonly string[] {
  const reached = requests.filter(({ url, tls }) => {
    const { address, port } = placeOf(url);
    const double = registries.find((each) => each.address === address && each.port === port);
    return tls === null || double?.certificate !== undefined;
  });
  return reached.map(({ method, url }) => `${method} ${url}`);
}

function caseOf({ files }: RenderedNode, text: string, registries: readonly RegistryDouble[]): Case {
  return { files, names: addresses, registries, reference: text };
}

function referencesOf({ settings }: GeneratedRegistries): readonly (readonly [string, Reference])[] {
  const { mirrors = {} } = settings as { readonly mirrors?: Readonly<Record<string, unknown>> };
  const hosts = Object.keys(mirrors).map((host) => (host === '*' ? 'elsewhere.example.net' : host));
  return hosts.flatMap((host) => {
    const text = `${host}/team/app:1`;
    const parsed = parseReference(text);
    return parsed.ok ? [[text, parsed.reference] as const] : [];
  });
}

/** A certificate file that is named has to be there; hosts by IPv6 address are asked in any order by containerd 1.x. */
const isSimple = (generated: GeneratedRegistries): boolean =>
  !/ca_file|fd00:/.test(JSON.stringify(generated.settings));

for (const line of containerdLines) {
  suite(`pulls with rendered files on containerd ${line}`, { skip: missingForRig() ?? false }, () => {
    test(`take the path that explain prints, for ${count} generated registries.yaml`, async (context) => {
      const rig = await openRig(line, 1);
      context.after(() => rig.close());
      let pulls = 0;
      const sample = fc.sample(generatedRegistries.filter(isSimple), { numRuns: count, seed: 20_261_121 });
      for (const generated of sample) {
        const node = render(generated, rig.version);
        if (!node) continue;
        for (const [text, reference] of referencesOf(generated)) {
          const planned = attempts(node.configuration, reference);
          assert.ok(planned.ok, JSON.stringify(generated));
          const registries = emptyRegistries(planned.attempts);
          const { requests } = await rig.observe(caseOf(node, text, registries));
          assert.deepEqual(
            requests.map(({ method, url }) => `${method} ${url}`),
            seenRequests(planned.attempts, registries),
            JSON.stringify({ generated, text, files: node.files }, null, 2),
          );
          pulls += 1;
        }
      }
      assert.ok(pulls > count, `${pulls} pulls`);
    });
  });
}
