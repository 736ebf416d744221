import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { containerdNode, type ContainerdNode } from '../../src/nodeRoot/containerdNode.ts';
import type { AuthConfig } from '../../src/resolver/credentials.ts';
import type { NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import type { Profile } from '../../src/resolver/profile.ts';
import { placeholders, type Case, type Startup } from './case.ts';

export type NodeResult =
  | {
      readonly kind: 'configured';
      readonly configuration: NodeConfiguration;
      /** `registry.configs."host".auth`. */
      readonly authOf: (host: string) => AuthConfig | undefined;
    }
  | { readonly kind: 'refused'; readonly startup: Startup };

/** What a node with the files of a case is configured to do. */
export function readNode({ files, folders = [] }: Case, profile: Profile): NodeResult {
  const filled = Object.entries(files).map(([path, text]): [string, string] => [path, fillIn(text)]);
  const node = containerdNode(nodeFilesInMemory(Object.fromEntries(filled), folders), profile);
  if (node.startupError) return { kind: 'refused', startup: startupOf(node.startupError) };
  return { kind: 'configured', configuration: node.configuration, authOf: node.configuredAuth };
}

function startupOf({ error, message }: NonNullable<ContainerdNode['startupError']>): Startup {
  const isEnd = message.startsWith('containerd does not start');
  if (!isEnd) return { kind: 'without-cri', text: error };
  return { kind: 'ended', text: error.startsWith('panic: ') ? error : `containerd: ${error}` };
}

/** Certificates and keys that are filled in when the case is tried have the blocks that they will have then. */
function fillIn(text: string): string {
  const certificate = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
  return text
    .replaceAll(placeholders.privateAuthority, certificate)
    .replaceAll(placeholders.clientCertificate, certificate)
    .replaceAll(placeholders.clientKey, '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n');
}
