import { quote } from '../hosts/goText.ts';
import { parseGoUrl } from '../hosts/goUrl.ts';
import type { Profile } from './profile.ts';
import { PullError } from './pullError.ts';

/** A login as the kubelet passes it along, and as `registry.configs."host".auth` has it. */
// k8s.io/cri-api runtime/v1 AuthConfig
export interface AuthConfig {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** `username:password` in base64. */
  readonly auth?: string | undefined;
  readonly identityToken?: string | undefined;
  /** The registry that the login is for; without a scheme it is for none. */
  readonly serverAddress?: string | undefined;
}

/** What is shown to a registry. Without a name the secret is a long-lived token; both empty stand for no login. */
export interface Login {
  readonly username: string;
  readonly secret: string;
}

const anonymous: Login = { username: '', secret: '' };

/** What of a login is shown to a host. Throws {@link PullError}. */
// containerd v2.3.4 internal/cri/server/images/image_pull.go ParseAuth
export function parseAuth(config: AuthConfig | undefined, host: string, profile: Profile): Login {
  if (!config || !isForHost(config, host, profile)) return anonymous;
  const { username = '', password = '', identityToken = '', auth = '' } = config;
  if (username !== '') return { username, secret: password };
  if (identityToken !== '') return { username: '', secret: identityToken };
  return auth === '' ? anonymous : decodeAuth(auth);
}

function isForHost({ serverAddress = '' }: AuthConfig, host: string, profile: Profile): boolean {
  if (serverAddress === '') return true;
  const parsed = parseGoUrl(serverAddress, profile);
  if (!parsed.ok) throw new PullError(`parse server address: ${parsed.error}`);
  return parsed.url.host === host;
}

function decodeAuth(auth: string): Login {
  const text = auth.replaceAll(/[\r\n]/g, '');
  const [valid = ''] = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(text) ?? [];
  if (valid.length < text.length) {
    const [sound = ''] = /^[A-Za-z0-9+/]*/.exec(text) ?? [];
    const isForeign = sound.length < text.length && text[sound.length] !== '=';
    throw new PullError(`illegal base64 data at input byte ${isForeign ? sound.length : valid.length}`);
  }
  const bytes = Uint8Array.from(atob(valid), (character) => character.charCodeAt(0));
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const colon = decoded.indexOf(':');
  if (colon < 0) {
    // The buffer in which Go decodes is as long as the text could need, and filled with zeros.
    const padded = decoded.padEnd((valid.length / 4) * 3, '\0');
    throw new PullError(`invalid decoded auth: ${quote(padded)}`);
  }
  return { username: decoded.slice(0, colon), secret: decoded.slice(colon + 1).replaceAll(/^\0+|\0+$/g, '') };
}
