import type { Located } from '../source/location.ts';
import { child, locatedText, type MappingEntry, type SourceDocument, type TreeNode } from '../source/tree.ts';
import type { Auth, Tls } from './registries.ts';

/** The key of a mapping with its place. */
export function locatedKey(document: SourceDocument, { key }: MappingEntry): Located<string> {
  return { value: key.text, location: document.locate(key) };
}

/** Reads the login for a host. */
export function readAuth(document: SourceDocument, node: TreeNode): Auth {
  const [username, password, auth, identityToken] = ['username', 'password', 'auth', 'identity_token'].map(
    (key) => locatedText(document, child(node, key)),
  );
  return {
    ...(username && { username }),
    ...(password && { password }),
    ...(auth && { auth }),
    ...(identityToken && { identityToken }),
  };
}

/** Reads the TLS settings for a host. */
export function readTls(document: SourceDocument, node: TreeNode): Tls {
  const [caFile, certFile, keyFile] = ['ca_file', 'cert_file', 'key_file'].map((key) =>
    locatedText(document, child(node, key)),
  );
  const skipVerify = child(node, 'insecure_skip_verify');
  return {
    ...(caFile && { caFile }),
    ...(certFile && { certFile }),
    ...(keyFile && { keyFile }),
    ...(skipVerify?.kind === 'scalar' &&
      typeof skipVerify.value === 'boolean' && {
        insecureSkipVerify: { value: skipVerify.value, location: document.locate(skipVerify) },
      }),
  };
}
