import type { Check } from '../check.ts';

export const clientCertificate: Check = {
  id: 'client-certificate',
  severity: 'error',
  summary: '`cert_file` without `key_file`, or the other way round',
  documentation:
    '`cert_file` and `key_file` are the certificate with which the node shows who it is, and both are needed: with one of ' +
    'them containerd fails every pull before it sends a request. The certificate of the CA that signed the registry belongs ' +
    'in `ca_file`.',
  *run({ writtenConfigs }) {
    for (const { host, tls } of writtenConfigs) {
      const certificate = tls?.certFile?.value ? tls.certFile : undefined;
      const key = tls?.keyFile?.value ? tls.keyFile : undefined;
      const written = certificate ?? key;
      if (!written || (certificate && key)) continue;
      const [present, missing] = certificate ? ['cert_file', 'key_file'] : ['key_file', 'cert_file'];
      const isAuthority = present === 'cert_file' && /\bca\b|root|authority/i.test(written.value);
      yield {
        message: `\`${host.value}\` has \`${present}\` and no \`${missing}\`: a client certificate needs both, and every pull from this host fails`,
        location: written.location,
        fix: {
          message: isAuthority
            ? 'this looks like the certificate of a CA: write `ca_file` for `cert_file`'
            : `add \`${missing}\`, or write \`ca_file\` if this is the certificate of a CA`,
        },
      };
    }
  },
};
