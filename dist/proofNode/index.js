import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:fs/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");
;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: external "node:timers/promises"
const external_node_timers_promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./lib/src/source/groupBy.js
/** The items by what `keyOf` says of each, in their order. No group is empty. */
function groupBy(items, keyOf) {
    const groups = new Map();
    for (const item of items) {
        const key = keyOf(item);
        const group = groups.get(key);
        if (group)
            group.push(item);
        else
            groups.set(key, [item]);
    }
    return groups;
}

;// CONCATENATED MODULE: ./lib/src/render/configuredMirror.js


/** Every namespace host that a node needs configuration for: those with a mirror, and those with TLS settings only. */
function configuredMirrors(mirrors, configs) {
    const withoutMirror = [...configs.keys()].filter((host) => !mirrors.has(host) && configs.get(host)?.tls);
    return [...mirrors.keys(), ...withoutMirror]
        .filter((namespaceHost) => !findHostMistake(namespaceHost))
        .map((namespaceHost) => ({
        namespaceHost,
        upstreamHost: configuredMirror_upstreamHostOf(namespaceHost),
        endpoints: usableEndpoints(mirrors, namespaceHost),
        rewrites: mirrors.get(namespaceHost)?.rewrites ?? [],
    }));
}
/** The host that answers for a namespace when there is no mirror. */
// containerd core/remotes/docker/registry.go DefaultHost
function configuredMirror_upstreamHostOf(namespaceHost) {
    return namespaceHost === 'docker.io' ? 'registry-1.docker.io' : namespaceHost;
}
/** Login and TLS settings of a host that is asked. Docker Hub's may stand under either of its names. */
// k3s pkg/agent/containerd/config.go configForHost
function configForHost(configs, host) {
    return configs.get(host) ?? (host === 'registry-1.docker.io' ? configs.get('docker.io') : undefined);
}
/** True when a namespace's default is plain HTTP or unverified HTTPS on the node itself. */
function isLoopbackHost(host) {
    return isLoopback(host.replace(/:\d+$/, ''));
}
function usableEndpoints(mirrors, namespaceHost) {
    const byUrl = new Map();
    for (const { value, location } of mirrors.get(namespaceHost)?.endpoints ?? []) {
        const result = parseEndpoint(value);
        if (!result.ok)
            continue;
        const { scheme, host, path } = result.endpoint;
        const url = `${scheme}://${host}${path}`;
        if (!byUrl.has(url))
            byUrl.set(url, { endpoint: result.endpoint, location });
    }
    return [...byUrl.values()];
}

;// CONCATENATED MODULE: ./lib/src/proof/apiPath.js


/** Undefined for what is for no image, as the request by which clients look for the registry itself. */
function readApiPath(pathAndQuery) {
    const [path = ''] = pathAndQuery.split('?', 1);
    const [, before, kind, name] = /^\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
    if (before === undefined || (kind !== 'manifests' && kind !== 'blobs') || name === undefined)
        return undefined;
    const [prefix = '', ...below] = `/${before}`.split('/v2/');
    const isApi = below.length > 0;
    const repository = isApi ? below.join('/v2/') : before;
    return { isApi, prefix, repository: decode(repository), kind, name: decode(name) };
}
function decode(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return text;
    }
}
/** The same of a URL. */
function readApiUrl(url) {
    return readApiPath(url.replace(/^[a-z]+:\/\/[^/?]*/, ''));
}
/** The repositories in which a pull is looked for: its own, and where mirrors have it in a project of theirs. */
function askedRepositories({ reference, asked }) {
    return new Set([reference.path, ...asked.flatMap((url) => readApiUrl(url)?.repository ?? [])]);
}
/**
 * Tells which requests may be for a pull: at hosts that are to be asked for it, those for the repository that is asked for there, and
 * anywhere else those for its own. What part of the image they are for is not looked at.
 */
function mayBeFor({ reference, asked }) {
    const { domain, path } = reference;
    const namespaceHosts = [domain, configuredMirror_upstreamHostOf(domain)];
    const byHost = groupBy(asked, hostOf);
    return ({ url, repository, namespaceHost }) => namespaceHosts.includes(namespaceHost) &&
        (byHost.get(hostOf(url))?.some((each) => readApiUrl(each)?.repository === repository) ??
            repository === path);
}
/** Its host as it stands: a scheme may have been tried in vain, and another one then. */
function hostOf(url) {
    return /^[a-z]+:\/\/([^/?]*)/.exec(url)?.[1]?.toLowerCase() ?? '';
}

;// CONCATENATED MODULE: ./lib/src/proof/atOnce.js
/** Does something for each item in their order, for several at the same time; rejects with the first fault. */
async function atOnce(limit, items, act) {
    const waiting = items.values();
    const worker = async () => {
        for (const item of waiting)
            await act(item);
    };
    await Promise.all(Array.from({ length: limit }, worker));
}

;// CONCATENATED MODULE: external "node:crypto"
const external_node_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");
;// CONCATENATED MODULE: external "node:net"
const external_node_net_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");
;// CONCATENATED MODULE: external "node:dgram"
const external_node_dgram_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dgram");
;// CONCATENATED MODULE: ./lib/src/proof/standIn/nameServer.js


const types = { a: 1, aaaa: 28 };
const codes = { ok: 0, serverFailure: 2, noSuchName: 3 };
/** A name server of a simulated node. */
class NameServer {
    #socket = (0,external_node_dgram_namespaceObject.createSocket)('udp4');
    zone = new Map();
    /** Port 0 stands for any that is free. Returns the port. */
    async listen(address, port = 53) {
        this.#socket.on('message', (query, { address: client, port: from }) => {
            const answer = this.#answer(query);
            if (answer)
                this.#socket.send(answer, from, client);
        });
        await new Promise((resolve, reject) => {
            this.#socket.once('error', reject);
            this.#socket.bind(port, address, resolve);
        });
        return this.#socket.address().port;
    }
    close() {
        this.#socket.close();
    }
    // RFC 1035, section 4
    #answer(query) {
        const { name, end } = readName(query);
        const type = query.readUInt16BE(end);
        const found = this.zone.get(name.toLowerCase());
        if (found === 'silence')
            return undefined;
        const question = query.subarray(12, end + 4);
        if (found === 'server-failure')
            return reply(query, question, codes.serverFailure, []);
        if (found === undefined)
            return reply(query, question, codes.noSuchName, []);
        const family = type === types.a ? 4 : type === types.aaaa ? 6 : 0;
        return reply(query, question, codes.ok, (0,external_node_net_namespaceObject.isIP)(found) === family ? [addressRecord(type, found)] : []);
    }
}
function readName(query) {
    const labels = [];
    let position = 12;
    for (let length = query[position] ?? 0; length > 0; length = query[position] ?? 0) {
        labels.push(query.toString('latin1', position + 1, position + 1 + length));
        position += 1 + length;
    }
    return { name: labels.join('.'), end: position + 1 };
}
function reply(query, question, code, records) {
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    // A response to a recursive query, with recursion available.
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, question, ...records]);
}
function addressRecord(type, address) {
    const data = type === types.a ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
    const head = Buffer.alloc(12);
    // The name of the question, type, class IN, no time to live.
    head.writeUInt16BE(0xc00c, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, data]);
}
/** The sixteen bytes of an IPv6 address. */
function ipv6Bytes(address) {
    const [left = [], right = []] = address
        .split('::')
        .map((half) => half.split(':').filter((group) => group !== ''));
    const zeros = Array(8 - left.length - right.length).fill('0');
    return Buffer.from([...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

;// CONCATENATED MODULE: ./lib/src/proof/standIn/certificates.js



const valid = { from: new Date('2020-01-01T00:00:00Z'), until: new Date('2049-12-31T23:59:59Z') };
/** A time that has passed, the same in every run, so that error texts about it can be compared. */
const expired = {
    from: new Date('2020-01-01T00:00:00Z'),
    until: new Date('2021-01-01T00:00:00Z'),
};
/** A certificate authority with a key of its own. */
class CertificateAuthority {
    #name;
    #key;
    /** In PEM. */
    certificate;
    constructor(name) {
        this.#name = name;
        const { publicKey, privateKey } = (0,external_node_crypto_namespaceObject.generateKeyPairSync)('ec', { namedCurve: 'P-256' });
        this.#key = privateKey;
        this.certificate = certificateOf({
            issuer: name,
            subject: name,
            publicKey,
            signer: privateKey,
            validity: valid,
            extensions: [
                // Basic constraints: an authority. Key usage: signs certificates and lists.
                extension('2.5.29.19', sequence(tagged(0x01, Buffer.from([0xff]))), true),
                extension('2.5.29.15', tagged(0x03, Buffer.from([0x01, 0x06])), true),
            ],
        });
    }
    issue({ commonName, names, validity = valid }) {
        const { publicKey, privateKey } = (0,external_node_crypto_namespaceObject.generateKeyPairSync)('ec', { namedCurve: 'P-256' });
        const certificate = certificateOf({
            issuer: this.#name,
            subject: commonName,
            publicKey,
            signer: this.#key,
            validity,
            extensions: [
                // Key usage: signs. Extended key usage: servers and clients.
                extension('2.5.29.15', tagged(0x03, Buffer.from([0x07, 0x80])), true),
                extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'), objectIdentifier('1.3.6.1.5.5.7.3.2'))),
                ...(names.length > 0 ? [extension('2.5.29.17', sequence(...names.map(alternativeName)))] : []),
            ],
        });
        return { certificate, key: pemKey(privateKey) };
    }
}
// RFC 5280, section 4.1
function certificateOf({ issuer, subject, publicKey, signer, validity, extensions }) {
    const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
    const contents = sequence(tagged(0xa0, integer(Buffer.from([2]))), integer(Buffer.concat([Buffer.from([0x01]), (0,external_node_crypto_namespaceObject.randomBytes)(15)])), algorithm, distinguishedName(issuer), sequence(utcTime(validity.from), utcTime(validity.until)), distinguishedName(subject), publicKey.export({ type: 'spki', format: 'der' }), tagged(0xa3, sequence(...extensions)));
    return pem('CERTIFICATE', sequence(contents, algorithm, bitString((0,external_node_crypto_namespaceObject.sign)('sha256', contents, signer))));
}
function extension(identifier, value, isCritical = false) {
    const critical = isCritical ? [tagged(0x01, Buffer.from([0xff]))] : [];
    return sequence(objectIdentifier(identifier), ...critical, tagged(0x04, value));
}
function alternativeName(name) {
    if ((0,external_node_net_namespaceObject.isIP)(name) === 4)
        return tagged(0x87, Buffer.from(name.split('.').map(Number)));
    return (0,external_node_net_namespaceObject.isIP)(name) === 6 ? tagged(0x87, ipv6Bytes(name)) : tagged(0x82, Buffer.from(name, 'latin1'));
}
function distinguishedName(commonName) {
    const attribute = sequence(objectIdentifier('2.5.4.3'), tagged(0x0c, Buffer.from(commonName, 'utf8')));
    return sequence(tagged(0x31, attribute));
}
function utcTime(date) {
    const text = date
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, '')
        .slice(2);
    return tagged(0x17, Buffer.from(text, 'latin1'));
}
function objectIdentifier(text) {
    const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
    return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}
function base128(value) {
    const bytes = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7)
        bytes.unshift((left & 0x7f) | 0x80);
    return bytes;
}
function integer(value) {
    return tagged(0x02, value);
}
function bitString(value) {
    return tagged(0x03, Buffer.concat([Buffer.from([0]), value]));
}
function sequence(...parts) {
    return tagged(0x30, Buffer.concat(parts));
}
/** Tag, length and value: the distinguished encoding of ASN.1. */
function tagged(tag, value) {
    const { length } = value;
    if (length < 0x80)
        return Buffer.concat([Buffer.from([tag, length]), value]);
    const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
function pem(label, der) {
    const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
    return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
function pemKey(key) {
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

;// CONCATENATED MODULE: ./lib/src/proof/standIn/nodeCertificates.js
/** What a node has in the files of certificates and keys that its configuration names, all by one authority. */
function nodeCertificates({ authorityFiles, clientPairs }, authority) {
    const authorities = authorityFiles.map((path) => [path, authority.certificate]);
    const pairs = clientPairs.flatMap(({ cert, key }) => {
        const pair = authority.issue({ commonName: 'node', names: [] });
        if (cert === key)
            return [[cert, pair.certificate + pair.key]];
        return [
            [cert, pair.certificate],
            [key, pair.key],
        ];
    });
    return [...authorities, ...pairs];
}
/** Their paths. */
function certificatePaths({ authorityFiles, clientPairs }) {
    return [...authorityFiles, ...clientPairs.flatMap(({ cert, key }) => [cert, key])];
}

;// CONCATENATED MODULE: ./lib/src/proof/standIn/image.js

/** An image of its own for each label: no two of them have a blob in common. */
function syntheticImage(label) {
    const layer = blob('application/vnd.oci.image.layer.v1.tar', tarFile('label', label));
    const config = json('application/vnd.oci.image.config.v1+json', {
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        os: 'linux',
        config: { Labels: { label } },
        rootfs: { type: 'layers', diff_ids: [layer.digest] },
    });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = json(mediaType, {
        schemaVersion: 2,
        mediaType,
        config: descriptor(config),
        layers: [descriptor(layer)],
    });
    return { manifest, config, layer };
}
function json(mediaType, value) {
    return blob(mediaType, Buffer.from(JSON.stringify(value)));
}
function blob(mediaType, bytes) {
    return { digest: `sha256:${(0,external_node_crypto_namespaceObject.createHash)('sha256').update(bytes).digest('hex')}`, mediaType, bytes };
}
function descriptor({ mediaType, digest, bytes }) {
    return { mediaType, digest, size: bytes.length };
}
/** A tar archive with one file. */
function tarFile(name, text) {
    const contents = Buffer.from(text);
    const header = Buffer.alloc(512);
    const put = (offset, value) => header.write(value, offset, 'latin1');
    put(0, name);
    put(100, '0000644\0');
    put(108, '0000000\0');
    put(116, '0000000\0');
    put(124, `${contents.length.toString(8).padStart(11, '0')}\0`);
    put(136, '00000000000\0');
    put(148, ' '.repeat(8));
    put(156, '0');
    put(257, 'ustar\x0000');
    const checksum = header.reduce((sum, byte) => sum + byte, 0);
    put(148, `${checksum.toString(8).padStart(6, '0')}\0 `);
    const padding = Buffer.alloc((512 - (contents.length % 512)) % 512);
    return Buffer.concat([header, contents, padding, Buffer.alloc(1024)]);
}

;// CONCATENATED MODULE: ./lib/src/proof/standIn/registry.js


/** The contents of all stand-ins of a node: an image of its own for each reference. */
class Contents {
    /** Each with the digest of its image's manifest, and the tag or digest that a reference has for that image. */
    #blobs = new Map();
    /** Makes the image that stands for a pinned one: nobody has the content of its digest. Returns its own digest. */
    pin({ domain, path, digest = '' }) {
        return this.#make(`${domain}/${path}`, digest).digest;
    }
    manifest(repository, name) {
        return name.includes(':') ? this.#blobs.get(name) : this.#make(repository, name);
    }
    blob(digest) {
        return this.#blobs.get(digest);
    }
    /** The digest of the manifest of the image that a blob is of. */
    imageOf(digest) {
        return this.#blobs.get(digest)?.image;
    }
    /** The tag or digest that a reference has for an image, by that or by the digest of its manifest here. */
    writtenName(name) {
        return this.#blobs.get(name)?.written ?? name;
    }
    #make(repository, written) {
        const { manifest, config, layer } = syntheticImage(`${repository} ${written}`);
        for (const made of [manifest, config, layer])
            this.#blobs.set(made.digest, { ...made, image: manifest.digest, written });
        return manifest;
    }
}
/** What a stand-in for a registry answers. It has whatever it is asked for, unless its catalog says otherwise. */
function answerRequest(request, standIn, contents, onRequest) {
    const [, query = ''] = request.target.split('?', 2);
    const asked = readApiPath(request.target);
    const namespaceHost = new URLSearchParams(query).get('ns') ?? request.host;
    const reply = decide(request, asked, namespaceHost, standIn, contents);
    if (asked) {
        const { repository, kind, name } = asked;
        const digest = reply.kind === 'reply' ? reply.headers['Docker-Content-Digest'] : undefined;
        const image = digest === undefined ? undefined : contents.imageOf(digest);
        const origin = `${request.scheme}://${request.host}`;
        onRequest({
            method: request.method,
            url: origin + request.target,
            status: reply.kind === 'reply' ? reply.status : 0,
            origin,
            isUpstream: standIn.isUpstream,
            namespaceHost,
            repository,
            name,
            isManifest: kind === 'manifests',
            ...(image !== undefined && { image }),
        });
    }
    return reply;
}
function decide(request, asked, namespaceHost, standIn, contents) {
    const { host, authorization } = request;
    const all = [...standIn.logins, ...standIn.ownLogins];
    if (request.target.startsWith(tokenPath))
        return answerTokenRequest(request, all);
    const wanted = namespaceHost === host ? all : standIn.logins;
    if (wanted.length > 0 && !wanted.some((login) => isLogin(login, authorization)))
        return challenge(request, wanted);
    if (!asked?.isApi)
        return registry_json(404, '{"errors":[{"code":"NOT_FOUND"}]}', {});
    const { repository, kind, name } = asked;
    const isManifest = kind === 'manifests';
    const isListed = !isManifest || holds(standIn.catalogs, namespaceHost, repository, contents.writtenName(name));
    const found = isManifest ? contents.manifest(repository, name) : contents.blob(name);
    if (!isListed || !found)
        return registry_json(404, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}', {});
    const headers = { 'Content-Type': isManifest ? found.mediaType : 'application/octet-stream' };
    const digest = { 'Docker-Content-Digest': found.digest };
    return { kind: 'reply', status: 200, headers: { ...headers, ...digest }, body: found.bytes };
}
const tokenPath = '/mirrorproof-token';
/** An identity token is for a token server only; a name and a password serve anywhere. */
function challenge({ scheme, host }, wanted) {
    const text = '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}';
    const name = host.replaceAll(/["\\]/g, '');
    const isToken = wanted.some(({ username }) => username === '');
    const wants = isToken
        ? `Bearer realm="${scheme}://${name}${tokenPath}",service="${name}"`
        : `Basic realm="${name}"`;
    return registry_json(401, text, { 'WWW-Authenticate': wants });
}
// distribution docs/spec/auth: GET with a Basic login, POST as OAuth 2 has it
function answerTokenRequest({ authorization, body }, logins) {
    const form = new URLSearchParams(body);
    const shown = form.get('refresh_token') ?? form.get('password');
    const username = form.get('username') ?? '';
    const login = logins.find((candidate) => isLogin(candidate, authorization) || (candidate.username === username && candidate.password === shown));
    if (!login)
        return registry_json(401, '{"errors":[{"code":"UNAUTHORIZED"}]}', {});
    const token = tokenOf(login);
    return registry_json(200, JSON.stringify({ token, access_token: token }), {});
}
function tokenOf(login) {
    return Buffer.from(JSON.stringify([login.username, login.password])).toString('base64url');
}
function registry_json(status, text, headers) {
    const all = { 'Content-Type': 'application/json', ...headers };
    return { kind: 'reply', status, headers: all, body: Buffer.from(text) };
}
function isLogin(login, authorization) {
    const basic = Buffer.from(`${login.username}:${login.password}`).toString('base64');
    return authorization === `Basic ${basic}` || authorization === `Bearer ${tokenOf(login)}`;
}
/** True without a catalog for the namespace host. */
function holds(catalogs, namespaceHost, repository, name) {
    const own = catalogs.filter((catalog) => catalog.namespaceHost === namespaceHost);
    if (own.length === 0)
        return true;
    const image = `${repository}${name.includes(':') ? '@' : ':'}${name}`;
    return own.some(({ images, prefixes }) => prefixes.some((prefix) => image.startsWith(prefix) && images.includes(image.slice(prefix.length))));
}

;// CONCATENATED MODULE: ./lib/src/check/clusterServices.js
/** Namespaces that every cluster has, by which `registry.kube-system` is known for a Service without seeing it. */
const systemNamespaces = new Set(['default', 'kube-system', 'kube-public']);
/** Reads a host name as that of a Service (`NAME.NAMESPACE`, with or without `.svc` and the cluster domain). */
function clusterServices_parseServiceName(hostname, services) {
    const [name, namespace, ...rest] = hostname.toLowerCase().split('.');
    if (name === undefined || namespace === undefined)
        return undefined;
    if (rest[0] === 'svc')
        return { name, namespace, isCertain: true };
    if (rest.length > 0)
        return undefined;
    const isKnown = services.some((service) => service.name === name && (service.namespace ?? 'default') === namespace);
    return isKnown || systemNamespaces.has(namespace) ? { name, namespace, isCertain: isKnown } : undefined;
}
/** The Service of this name in the repository. */
function clusterServices_findService(services, wanted) {
    return services.find(({ name, namespace }) => name === wanted.name && (namespace ?? 'default') === wanted.namespace);
}

;// CONCATENATED MODULE: ./lib/src/check/publicRegistries.js
/** Registries on the internet that many people pull from without a login. */
const publicRegistries = new Set([
    'cgr.dev',
    'docker.elastic.co',
    'docker.io',
    'gcr.io',
    'ghcr.io',
    'icr.io',
    'k8s.gcr.io',
    'lscr.io',
    'mcr.microsoft.com',
    'nvcr.io',
    'public.ecr.aws',
    'quay.io',
    'registry.access.redhat.com',
    'registry.gitlab.com',
    'registry.k8s.io',
    'registry.suse.com',
    'xpkg.crossplane.io',
    'xpkg.upbound.io',
]);
/** True for a well-known registry of the internet, from which an image may come without a login. */
function publicRegistries_isPublicRegistry(host) {
    return publicRegistries.has(host) || host.endsWith('.gcr.io') || host.endsWith('-docker.pkg.dev');
}

;// CONCATENATED MODULE: ./lib/src/proof/registryWorld.js






/** Ports of registries that have no TLS more often than not. */
const plainPorts = new Set([80, 5000]);
/**
 * The registries around the nodes, as far as the repository tells: an endpoint that any node has with a scheme says what its
 * registry speaks, on every node.
 */
class RegistryWorld {
    #hints = new Map();
    #withOwnCertificate = new Set();
    /** With a CA or a client certificate: those go with nothing but TLS. */
    #withTls = new Set();
    #staleAddresses = new Set();
    #mirrored = new Set();
    #services;
    constructor(cases, services) {
        this.#services = services;
        for (const { configuration, members } of cases) {
            for (const { server, root, hosts } of hostsFilesOf(configuration)) {
                for (const { url, location, ca } of hosts)
                    if (location)
                        this.#learn(url, ca !== undefined);
                if (server?.location)
                    this.#learn(server.value, root.ca !== undefined);
            }
            for (const { node } of members)
                this.#learnSettings(node);
        }
    }
    #learnSettings({ mirrors, configs }) {
        for (const mirror of mirrors.values())
            this.#learnMirror(mirror);
        for (const { host, tls } of configs.values()) {
            const result = parseEndpoint(host.value);
            if (!result.ok || !tls)
                continue;
            const name = result.endpoint.host.toLowerCase();
            const hasTls = tls.caFile !== undefined || tls.certFile !== undefined;
            if (hasTls)
                this.#withTls.add(name);
            if (hasTls || tls.insecureSkipVerify?.value)
                this.#withOwnCertificate.add(name);
        }
    }
    #learnMirror({ namespaceHost, endpoints }) {
        const service = parseServiceName(namespaceHost.value.replace(/:\d+$/, ''), this.#services);
        const clusterIP = service && findService(this.#services, service)?.clusterIP?.value;
        for (const { value } of endpoints) {
            this.#learn(value, false);
            const result = parseEndpoint(value);
            // Also one that nobody can ask was meant to be asked.
            if (!result.ok || result.endpoint.host !== upstreamHostOf(namespaceHost.value))
                this.#mirrored.add(namespaceHost.value);
            if (!result.ok)
                continue;
            const { hostname } = result.endpoint;
            // The Service is somewhere else by now.
            if (isAddress(hostname) && clusterIP !== undefined && clusterIP !== 'None' && clusterIP !== hostname)
                this.#staleAddresses.add(hostname);
        }
    }
    #learn(url, hasAuthority) {
        const result = parseEndpoint(url);
        if (!result.ok)
            return;
        const { endpoint } = result;
        const key = hostPortText(hostPortOf(endpoint.scheme, endpoint.host));
        const hints = this.#hints.get(key) ?? { schemes: new Set(), isNamedWithoutScheme: false };
        this.#hints.set(key, hints);
        if (endpoint.hasScheme)
            hints.schemes.add(endpoint.scheme);
        else
            hints.isNamedWithoutScheme = true;
        if (hasAuthority)
            this.#withOwnCertificate.add(endpoint.host.toLowerCase());
    }
    /** True where some node asks a mirror for a namespace host, or where this node asks one for all hosts. */
    isMirrored(namespaceHost, mirrors) {
        return this.#mirrored.has(namespaceHost) || (mirrors.has('*') && this.#mirrored.has('*'));
    }
    /** True for a host that somebody named as an endpoint or a server, with a scheme or without. */
    isNamed(asked) {
        return this.#hints.has(hostPortText(asked));
    }
    /** True for an address at which the Service that a mirror means is no longer. */
    isStale({ hostname }) {
        return this.#staleAddresses.has(hostname);
    }
    /** True for the name of a Service: cluster DNS knows it, and nodes do not ask that. */
    isServiceName(hostname) {
        return parseServiceName(hostname, this.#services) !== undefined;
    }
    /** What stands where this host is asked. */
    natureOf(asked) {
        const { hostname, port } = asked;
        const hints = this.#hints.get(hostPortText(asked));
        const name = hostText(asked);
        const names = [name, `${name}:${port}`];
        const hasOwnCertificate = names.some((host) => this.#withOwnCertificate.has(host));
        const hasTls = names.some((host) => this.#withTls.has(host));
        const isPrivate = isPrivateHost(name) || isAddress(hostname);
        const authority = hasOwnCertificate || (isPrivate && !isPublicRegistry(hostname)) ? 'private' : 'system';
        const { protocols, assumption } = protocolsOf(hints, asked, isPrivate && !hasTls);
        const guess = assumption ?? guessCertificate(protocols, authority, asked, hints !== undefined);
        return { ...asked, protocols, authority, ...(guess !== undefined && { assumption: guess }) };
    }
}
function protocolsOf(hints, { hostname, port }, mayBePlain) {
    const schemes = [...(hints?.schemes ?? [])].sort();
    if (schemes.length > 1) {
        const assumption = `${hostname}:${port} is named with http:// and with https://: its stand-in speaks both`;
        return { protocols: schemes, assumption };
    }
    if (schemes.length === 1)
        return { protocols: schemes };
    if (isLoopback(hostname) || hostname === '::1')
        return { protocols: port === 443 ? ['https'] : ['http'] };
    const isPlainPort = plainPorts.has(port) || (hints?.isNamedWithoutScheme === true && port !== 443);
    if (!mayBePlain || !isPlainPort)
        return { protocols: ['https'] };
    const assumption = `nothing says with http:// or https:// what ${hostname}:${port} speaks: it is taken for plain HTTP`;
    return { protocols: ['http'], assumption };
}
function guessCertificate(protocols, authority, { hostname }, isNamed) {
    if (!protocols.includes('https') || isPublicRegistry(hostname) || hostname === 'registry-1.docker.io')
        return undefined;
    if (authority === 'private')
        return undefined;
    const words = isNamed ? 'nothing names a CA for it' : 'nothing says otherwise';
    return `the certificate of ${hostname} is taken for one that every node trusts: ${words}`;
}
/** The `hosts.toml` files of a node. */
function hostsFilesOf({ registry }) {
    if (registry.form !== 'hosts-directory')
        return [];
    const directories = registry.roots.flatMap((root) => [...root.directories.values()]);
    return directories.flatMap((directory) => (directory.kind === 'hosts-file' ? [directory.hostsFile] : []));
}
/** Where the host of a URL is asked. */
function hostPortOf(scheme, host) {
    const [, name = host, port] = /^(.*?)(?::(\d+))?$/s.exec(host) ?? [];
    const hostname = name.replace(/^\[(.*)\]$/s, '$1').toLowerCase();
    return { hostname, port: port === undefined ? (scheme === 'http' ? 80 : 443) : Number(port) };
}
/** Where a URL is asked. */
function hostPortOfUrl(url) {
    const [, scheme = '', host = ''] = /^([a-z]+):\/\/([^/?]*)/.exec(url) ?? [];
    return hostPortOf(scheme, host);
}
/** `name:port`: the same for the same place. */
function hostPortText({ hostname, port }) {
    return `${hostname}:${port}`;
}
/** Where a registry host is asked. */
function askedAt({ scheme, host, httpFallback }) {
    const schemes = httpFallback ? [scheme, 'http'] : [scheme];
    return schemes.map((each) => hostPortOf(each, host));
}
function hostText({ hostname }) {
    return hostname.includes(':') ? `[${hostname}]` : hostname;
}
/** True for an IP address. */
function isAddress(hostname) {
    return parseIpAddress(hostname) !== undefined;
}

;// CONCATENATED MODULE: ./lib/src/proof/standIn/places.js


/** The places at which a node asks registries. */
function placesOf(standIns) {
    const groups = groupBy(standIns, ({ address, port }) => `${address} ${port}`);
    return [...groups.values()].map((sharing) => {
        const [{ address, port }] = sharing;
        return { address, port, standIns: sharing };
    });
}
/** What a server speaks at a place, with the names of all hosts that are asked there: the one that a request names answers it. */
function serverAt({ standIns }, authorities, answer) {
    const protocols = new Set(standIns.flatMap((standIn) => standIn.protocols));
    return {
        hasPlain: protocols.has('http'),
        certificate: protocols.has('https') ? places_certificateOf(standIns, authorities) : undefined,
        answer: (request) => {
            const { hostname } = hostPortOf(request.scheme, request.host);
            return answer(request, standIns.find((standIn) => standIn.hostname === hostname) ?? standIns[0]);
        },
    };
}
function places_certificateOf(standIns, authorities) {
    const authority = standIns.some((standIn) => standIn.authority === 'private') ? 'private' : 'system';
    const names = [...new Set(standIns.flatMap(({ hostname, address }) => [hostname, address]))];
    return authorities[authority].issue({ commonName: 'registry', names });
}

;// CONCATENATED MODULE: external "node:http"
const external_node_http_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");
;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");
;// CONCATENATED MODULE: ./lib/src/proof/standIn/server.js



/** Starts a server that speaks HTTP, HTTPS or both on one port, and treats clients of the wrong protocol as Go's server does. */
async function startServer(options) {
    const sockets = new Set();
    const serve = connectionHandler(options);
    const server = (0,external_node_net_namespaceObject.createServer)((socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        // The client may go away at any time: that is its business.
        socket.on('error', () => socket.destroy());
        serve(socket);
    });
    await listen(server, options);
    const bound = server.address();
    return {
        port: typeof bound === 'object' && bound ? bound.port : options.port,
        close: () => new Promise((resolve) => {
            server.close(() => resolve());
            for (const socket of sockets)
                socket.destroy();
        }),
    };
}
async function listen(server, { address, port }) {
    await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, address, resolve);
    });
}
/** Hands a connection on by its first byte: a Go server notices, too, when it is spoken to in the wrong protocol. */
function connectionHandler(options) {
    const plain = options.hasPlain
        ? (0,external_node_http_namespaceObject.createServer)({ keepAliveTimeout: 0 }, listener(options, 'http'))
        : undefined;
    const encrypted = options.certificate && createTlsServer(options, options.certificate);
    return (socket) => {
        if (options.intercept?.(socket))
            return;
        socket.once('data', (first) => {
            const isTlsClient = first[0] === 0x16;
            const server = isTlsClient ? encrypted : plain;
            if (server) {
                socket.pause();
                socket.unshift(first);
                server.emit('connection', socket);
                // A TLS server takes what was read already from the paused socket.
                if (!isTlsClient)
                    socket.resume();
            }
            else if (isTlsClient) {
                socket.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request');
            }
            else {
                options.onPlainRequest?.(readPlainRequest(first.toString('latin1')));
                // Go net/http server.go conn.serve, badRequest of a request in clear on a TLS port
                socket.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
            }
        });
    };
}
function createTlsServer(options, { certificate, key }) {
    const { clientAuthority } = options;
    const server = (0,external_node_https_namespaceObject.createServer)({
        keepAliveTimeout: 0,
        cert: certificate,
        key,
        // With TLS 1.3 a client learns at one time or another that its certificate was not enough.
        ...(clientAuthority !== undefined && { requestCert: true, ca: clientAuthority, maxVersion: 'TLSv1.2' }),
    }, listener(options, 'https'));
    return server.on('tlsClientError', (_, socket) => socket.destroy());
}
function listener(options, scheme) {
    return (request, response) => void server_answerRequest(request, response, options, scheme);
}
async function server_answerRequest(request, response, { answer, closesConnections }, scheme) {
    let body = '';
    for await (const chunk of request.setEncoding('utf8'))
        body += String(chunk);
    const { method = '', url: target = '' } = request;
    const { authorization = '', host = '' } = request.headers;
    const headers = headerList(request.rawHeaders);
    const reply = await answer({ scheme, method, host, target, headers, authorization, body });
    if (closesConnections)
        response.setHeader('Connection', 'close');
    send(reply, request, response);
}
function headerList(raw) {
    const pairs = raw.flatMap((name, index) => index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []);
    return pairs.filter(([name]) => name.toLowerCase() !== 'host');
}
function send(reply, request, response) {
    switch (reply.kind) {
        case 'silence':
            return;
        case 'close':
            request.socket.destroy();
            return;
        case 'garbage':
            request.socket.end('this is no HTTP\r\n\r\n');
            return;
        case 'reply':
            response.writeHead(reply.status, { 'Content-Length': reply.body.length, ...reply.headers });
            response.end(request.method === 'HEAD' ? undefined : reply.body);
    }
}
function readPlainRequest(text) {
    const [head = ''] = text.split('\r\n\r\n');
    const [line = '', ...rest] = head.split('\r\n');
    const [method = '', target = ''] = line.split(' ');
    const all = rest.map((header) => {
        const [name = '', ...value] = header.split(': ');
        return [name, value.join(': ')];
    });
    const [, host = ''] = all.find(([name]) => name === 'Host') ?? [];
    const [, authorization = ''] = all.find(([name]) => name === 'Authorization') ?? [];
    const headers = all.filter(([name]) => name !== 'Host');
    return { scheme: 'http', method, host, target, headers, authorization, body: '' };
}

;// CONCATENATED MODULE: external "node:http2"
const external_node_http2_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");
;// CONCATENATED MODULE: ./lib/src/proof/containerd/grpc.js


/** The status codes of gRPC, by number. https://grpc.io/docs/guides/status-codes */
const grpcCodes = [
    'OK',
    'Canceled',
    'Unknown',
    'InvalidArgument',
    'DeadlineExceeded',
    'NotFound',
    'AlreadyExists',
    'PermissionDenied',
    'ResourceExhausted',
    'FailedPrecondition',
    'Aborted',
    'OutOfRange',
    'Unimplemented',
    'Internal',
    'Unavailable',
    'DataLoss',
    'Unauthenticated',
];
/** A call that did not succeed. The message is the server's own text. */
class GrpcError extends Error {
    name = 'GrpcError';
    code;
    constructor(code, message, options) {
        super(message, options);
        this.code = code;
    }
}
/** No answer may be larger than that, in bytes: a server that is out of its mind must not fill the memory. */
const largestMessage = 16 * 1024 * 1024;
/** How long after the deadline the server's own error is waited for, in milliseconds: it names the request that was under way. */
const graceAfterDeadline = 1000;
/** A gRPC client for unary calls over a Unix socket. Calls may overlap. */
class GrpcConnection {
    #session;
    #failure;
    constructor(socketPath) {
        this.#session = (0,external_node_http2_namespaceObject.connect)('http://localhost', { createConnection: () => (0,external_node_net_namespaceObject.connect)(socketPath) });
        // Each call under way gets an error of its own; later ones name this one as their cause.
        this.#session.on('error', (error) => {
            this.#failure = error;
        });
    }
    /**
     * Sends a message to a method (`/runtime.v1.RuntimeService/Version`) and waits for the answer, for at most `deadline`
     * milliseconds.
     *
     * @throws GrpcError
     */
    async call(method, message, deadline) {
        if (this.#session.closed || this.#session.destroyed) {
            throw new GrpcError('Unavailable', 'the connection is closed', { cause: this.#failure });
        }
        const stream = this.#session.request({
            ':method': 'POST',
            ':path': method,
            'content-type': 'application/grpc',
            te: 'trailers',
            'grpc-timeout': `${Math.ceil(deadline)}m`,
        });
        const start = performance.now();
        const timer = setTimeout(() => stream.close(external_node_http2_namespaceObject.constants.NGHTTP2_CANCEL), deadline + graceAfterDeadline);
        try {
            stream.end(grpc_frame(message));
            return await readAnswer(stream);
        }
        catch (error) {
            if (error instanceof GrpcError && error.code !== 'Unavailable')
                throw error;
            const reason = error instanceof Error ? error.message : String(error);
            // Some servers answer a late call, some end it without a word.
            const isLate = performance.now() - start >= deadline;
            if (isLate)
                throw new GrpcError('DeadlineExceeded', 'no answer before the deadline', { cause: error });
            throw new GrpcError('Unavailable', reason, { cause: error });
        }
        finally {
            clearTimeout(timer);
        }
    }
    /** Ends the connection; calls under way fail. */
    close() {
        this.#session.destroy();
    }
}
/** A message with its head: not compressed, and its length. */
function grpc_frame(message) {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    return Buffer.concat([head, message]);
}
async function readAnswer(stream) {
    let headers = {};
    let trailers;
    stream.on('response', (received) => {
        headers = received;
    });
    stream.on('trailers', (received) => {
        trailers = received;
    });
    const body = await readBody(stream);
    // An answer without a body has its status among the headers.
    const { 'grpc-status': status, 'grpc-message': message } = trailers ?? headers;
    if (status === undefined) {
        const isAnswer = headers[':status'] !== undefined;
        throw new GrpcError('Unavailable', isAnswer ? 'the answer is none of gRPC' : 'the connection ended before an answer');
    }
    const code = grpcCodes[Number(status)] ?? 'Unknown';
    if (code !== 'OK')
        throw new GrpcError(code, decodePercent(typeof message === 'string' ? message : ''));
    return unframe(body);
}
async function readBody(stream) {
    const chunks = [];
    let length = 0;
    for await (const chunk of stream) {
        if (!Buffer.isBuffer(chunk))
            continue;
        length += chunk.length;
        if (length > largestMessage)
            throw new GrpcError('ResourceExhausted', 'the answer is too large');
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}
function unframe(body) {
    if (body.length < 5 || body[0] !== 0 || body.readUInt32BE(1) !== body.length - 5) {
        throw new GrpcError('Internal', 'the answer is not one uncompressed message');
    }
    return body.subarray(5);
}
/** Undoes the percent encoding of status messages, byte by byte: it may stop in the middle of a character. */
function decodePercent(text) {
    const bytes = text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
}

;// CONCATENATED MODULE: ./lib/src/proof/containerd/protobuf.js
/**
 * The part of the protobuf wire format that the CRI needs: fields of text, bytes, whole numbers and messages.
 * https://protobuf.dev/programming-guides/encoding
 */
/** Bytes that are no protobuf message. */
class ProtobufError extends Error {
    name = 'ProtobufError';
}
const wireTypes = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 };
/** The bytes of a message. Fields are written in the order given. */
function encodeMessage(fields) {
    return Buffer.concat(fields.map(([number, value]) => encodeField(number, value)));
}
function encodeField(number, value) {
    if (value === undefined || value === '' || value === 0n || value === false)
        return new Uint8Array();
    if (typeof value === 'bigint' || typeof value === 'boolean') {
        return Buffer.concat([encodeTag(number, wireTypes.varint), encodeVarint(BigInt(value))]);
    }
    const bytes = payload(value);
    const head = [encodeTag(number, wireTypes.lengthDelimited), encodeVarint(BigInt(bytes.length))];
    return Buffer.concat([...head, bytes]);
}
function payload(value) {
    if (typeof value === 'string')
        return Buffer.from(value, 'utf8');
    return value instanceof Uint8Array ? value : value.message;
}
function encodeTag(number, wireType) {
    return encodeVarint((BigInt(number) << 3n) | BigInt(wireType));
}
function encodeVarint(value) {
    const bytes = [];
    // Negative numbers are written as 64 bits in two's complement.
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
        bytes.push(Number(rest & 0x7fn) | 0x80);
        rest >>= 7n;
    }
    bytes.push(Number(rest));
    return Uint8Array.from(bytes);
}
/** A message that was read: the values of each field in their order, as numbers or as bytes. Fields that nobody asks for do no harm. */
class DecodedMessage {
    #values;
    /** @throws ProtobufError */
    constructor(bytes) {
        this.#values = decodeFields(bytes);
    }
    /** A field of text; empty where it is absent. The last one counts. */
    text(number) {
        return decodeText(this.#bytes(number).at(-1));
    }
    texts(number) {
        return this.#bytes(number).map(decodeText);
    }
    /** An unsigned whole number; zero where it is absent. */
    integer(number) {
        const value = this.#values.get(number)?.at(-1) ?? 0n;
        if (typeof value !== 'bigint')
            throw new ProtobufError(`field ${number} is no whole number`);
        return value;
    }
    message(number) {
        return this.messages(number).at(-1);
    }
    messages(number) {
        return this.#bytes(number).map((bytes) => new DecodedMessage(bytes));
    }
    #bytes(number) {
        return (this.#values.get(number) ?? []).map((value) => {
            if (typeof value === 'bigint')
                throw new ProtobufError(`field ${number} is a number`);
            return value;
        });
    }
}
function decodeText(bytes) {
    return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
}
function decodeFields(bytes) {
    const reader = new Reader(bytes);
    const values = new Map();
    while (!reader.isAtEnd) {
        const tag = reader.varint();
        const number = Number(tag >> 3n);
        const list = values.get(number) ?? [];
        list.push(reader.value(Number(tag & 7n)));
        values.set(number, list);
    }
    return values;
}
class Reader {
    #bytes;
    #position = 0;
    constructor(bytes) {
        this.#bytes = bytes;
    }
    get isAtEnd() {
        return this.#position >= this.#bytes.length;
    }
    varint() {
        let value = 0n;
        for (let shift = 0n; shift < 70n; shift += 7n) {
            const [byte = 0] = this.#take(1);
            value |= BigInt(byte & 0x7f) << shift;
            if (byte < 0x80)
                return BigInt.asUintN(64, value);
        }
        throw new ProtobufError('a number is longer than ten bytes');
    }
    value(wireType) {
        switch (wireType) {
            case wireTypes.varint:
                return this.varint();
            case wireTypes.fixed64:
                return this.#take(8);
            case wireTypes.fixed32:
                return this.#take(4);
            case wireTypes.lengthDelimited:
                return this.#take(Number(this.varint()));
            default:
                throw new ProtobufError(`wire type ${wireType} is not known`);
        }
    }
    #take(length) {
        const end = this.#position + length;
        if (end > this.#bytes.length)
            throw new ProtobufError('the message ends too early');
        const bytes = this.#bytes.subarray(this.#position, end);
        this.#position = end;
        return bytes;
    }
}

;// CONCATENATED MODULE: ./lib/src/proof/containerd/cri.js


/**
 * What the kubelet asks a container runtime about images, over the runtime's socket. All methods throw `GrpcError` with the
 * runtime's own text; a runtime whose CRI plugin is not loaded answers with `Unimplemented`.
 */
// kubernetes/cri-api pkg/apis/runtime/v1/api.proto: the numbers below are those of its fields
class CriClient {
    #connection;
    constructor(socketPath) {
        this.#connection = new GrpcConnection(socketPath);
    }
    async version(options) {
        const answer = await this.#call('RuntimeService/Version', encodeMessage([]), options);
        return { runtimeName: answer.text(2), runtimeVersion: answer.text(3) };
    }
    /** Pulls an image and returns its reference in the runtime. */
    async pullImage(image, options) {
        const auth = options.auth && { message: encodeAuthConfig(options.auth) };
        const request = encodeMessage([
            [1, imageSpec(image)],
            [2, auth],
        ]);
        return (await this.#call('ImageService/PullImage', request, options)).text(1);
    }
    /** The image, or undefined where the runtime does not have it. */
    async imageStatus(image, options) {
        const answer = await this.#call('ImageService/ImageStatus', encodeMessage([[1, imageSpec(image)]]), options);
        const found = answer.message(1);
        return found && decodeImage(found);
    }
    async listImages(options) {
        const answer = await this.#call('ImageService/ListImages', encodeMessage([]), options);
        return answer.messages(1).map(decodeImage);
    }
    /** Removes an image. One that the runtime does not have is no error. */
    async removeImage(image, options) {
        await this.#call('ImageService/RemoveImage', encodeMessage([[1, imageSpec(image)]]), options);
    }
    close() {
        this.#connection.close();
    }
    async #call(method, request, { deadline }) {
        return new DecodedMessage(await this.#connection.call(`/runtime.v1.${method}`, request, deadline));
    }
}
function imageSpec(image) {
    return { message: encodeMessage([[1, image]]) };
}
function encodeAuthConfig(config) {
    return encodeMessage([
        [1, config.username],
        [2, config.password],
        [3, config.auth],
        [4, config.serverAddress],
        [5, config.identityToken],
        [6, config.registryToken],
    ]);
}
function decodeImage(image) {
    return { id: image.text(1), repoTags: image.texts(2), repoDigests: image.texts(3), size: image.integer(4) };
}

;// CONCATENATED MODULE: external "node:child_process"
const external_node_child_process_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");
;// CONCATENATED MODULE: ./lib/src/process/process.js

/** A program that could not be started, or that was killed for taking too long. */
class CommandError extends Error {
    name = 'CommandError';
}
const defaultLimits = { time: 60_000, output: 1_000_000 };
/**
 * Runs a program to its end.
 *
 * @throws CommandError where it cannot be started or takes longer than its time limit. Its own failure is no error here: see
 * `status`.
 */
async function run(command, { time, output } = {}, input = '') {
    const limit = output ?? defaultLimits.output;
    const stdout = new LimitedText(limit);
    const stderr = new LimitedText(limit);
    const running = start(command, { stdout: (text) => stdout.add(text), stderr: (text) => stderr.add(text) });
    running.input.on('error', () => {
        // The program did not read all of its input; how it ended says what that means.
    });
    running.input.end(input);
    const milliseconds = time ?? defaultLimits.time;
    let isLate = false;
    const timer = setTimeout(() => {
        isLate = true;
        running.kill('SIGKILL');
    }, milliseconds);
    const exit = await running.exit.finally(() => clearTimeout(timer));
    if (isLate)
        throw new CommandError(`${command.file} took longer than ${milliseconds / 1000} s and was killed`);
    return { ...exit, stdout: stdout.text, stderr: stderr.text };
}
/** Starts a program and leaves it running. */
function start({ file, args, directory, environment, hasOwnGroup = false }, listeners = {}) {
    const child = (0,external_node_child_process_namespaceObject.spawn)(file, args, {
        cwd: directory,
        env: environment,
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: hasOwnGroup,
    });
    child.stdout.setEncoding('utf8').on('data', (text) => listeners.stdout?.(text));
    child.stderr.setEncoding('utf8').on('data', (text) => listeners.stderr?.(text));
    const exit = new Promise((resolve, reject) => {
        child.once('error', (cause) => reject(new CommandError(`${file} could not be started`, { cause })));
        child.once('close', (status, signal) => resolve({ status, signal }));
    });
    const kill = (signal) => {
        if (!hasOwnGroup || child.pid === undefined)
            child.kill(signal);
        else
            killGroup(child.pid, signal);
    };
    return { pid: child.pid, input: child.stdin, exit, kill };
}
/** Sends a signal to all processes of a group, if there are any. */
function killGroup(leader, signal) {
    try {
        process.kill(-leader, signal);
    }
    catch (error) {
        // Nobody is left in it.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH'))
            throw error;
    }
}
/** Ends a program: with SIGTERM, and with SIGKILL where it is still there after a grace period in milliseconds. */
async function stop(running, grace) {
    running.kill('SIGTERM');
    const timer = setTimeout(() => running.kill('SIGKILL'), grace);
    return running.exit.finally(() => clearTimeout(timer));
}
/** Text that grows up to a number of characters. */
class LimitedText {
    #limit;
    text = '';
    constructor(limit) {
        this.#limit = limit;
    }
    add(more) {
        this.text += more.slice(0, this.#limit - this.text.length);
    }
}

;// CONCATENATED MODULE: ./lib/src/proof/containerd/containerdProcess.js







/** containerd runs, and never came to answer. */
class ContainerdError extends Error {
    name = 'ContainerdError';
}
/** How long containerd may take to start, in milliseconds: a hundred times of what it needs. */
const patience = 10_000;
/** In characters. What was logged before is dropped. */
const maxLog = 4_000_000;
const socket = 'run/containerd/containerd.sock';
/** The user who is root for containerd: nobody on this machine. */
const outerUser = 100_000;
/**
 * What starts containerd with the node's files as all that there is, and as a user who is root over nothing else: its
 * configuration may make it run any program. The process stays the same from the first to the last of these.
 */
const launch = [
    'cd "$0"',
    'pivot_root . former-root',
    'cd /',
    'umount -l /former-root',
    // The last shell waits until it has been told who is root for it.
    `exec setpriv --reuid ${outerUser} --regid ${outerUser} --clear-groups --inh-caps +sys_admin --ambient-caps +sys_admin ` +
        `unshare --user --mount --propagation private ` +
        `sh -c 'read -r go && exec setpriv --no-new-privs /containerd/containerd'`,
].join(' && ');
/**
 * Starts the containerd of a simulated node without flags, so that it reads the very files that a
 * node's does. `root` is the folder with the node's files.
 */
async function startContainerd(root) {
    await ownState(root);
    const launched = launchContainerd(root);
    const { state, end } = launched;
    const path = (0,external_node_path_namespaceObject.join)(root, socket);
    const hasEnded = () => ({ kind: 'ended', log: state.log, wasKilled: state.wasKilled });
    await launched.wait(() => becomeRoot(launched));
    await launched.wait(() => isListening(path));
    if (state.hasEnded)
        return hasEnded();
    const cri = new CriClient(path);
    await launched.wait(() => isReady(cri));
    const stop = async () => {
        cri.close();
        launched.process.kill('SIGKILL');
        await end;
    };
    return { kind: 'running', containerd: { cri, end, log: () => state.log, stop } };
}
function launchContainerd(root) {
    const state = { hasEnded: false, wasKilled: false, log: '' };
    const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
    const args = ['--mount', '--propagation', 'private', 'sh', '-c', launch, root];
    const process = start({ file: 'unshare', args, environment }, { stderr: (text) => (state.log = (state.log + text).slice(-maxLog)) });
    process.input.on('error', () => {
        // It has ended: its log says why.
    });
    const end = process.exit.then(({ signal }) => {
        state.hasEnded = true;
        state.wasKilled = signal === 'SIGKILL' || signal === 'SIGTERM';
    });
    const giveUp = Date.now() + patience;
    const wait = async (isAsItShouldBe) => {
        while (!state.hasEnded && !(await isAsItShouldBe())) {
            await (0,external_node_timers_promises_namespaceObject.setTimeout)(2);
            if (Date.now() < giveUp)
                continue;
            process.kill('SIGKILL');
            throw new ContainerdError(`containerd is not ready after ${patience} ms:\n${state.log}`);
        }
    };
    return { process, state, end, wait };
}
/** False while the CRI plugin refuses all calls because it is about to start. True where there is none. */
async function isReady(cri) {
    try {
        await cri.listImages({ deadline: patience });
        return true;
    }
    catch (error) {
        return !(error instanceof GrpcError && error.message.includes('server is not initialized yet'));
    }
}
/** Makes the process root of its user namespace, as soon as it has one. True once that is done. */
async function becomeRoot({ process: { pid, input } }) {
    const [own, its] = await Promise.all(['self', pid].map((process) => (0,promises_namespaceObject.readlink)(`/proc/${process}/ns/user`).catch(() => '')));
    if (its === '' || its === own)
        return false;
    // All that it may be is one user of this machine and the 65535 behind it.
    for (const map of ['uid_map', 'gid_map'])
        await (0,promises_namespaceObject.writeFile)(`/proc/${pid}/${map}`, `0 ${outerUser} 65536\n`);
    input.end('go\n');
    return true;
}
function isListening(path) {
    return new Promise((resolve) => {
        const socket = (0,external_node_net_namespaceObject.connect)(path, () => {
            socket.destroy();
            resolve(true);
        });
        socket.once('error', () => resolve(false));
    });
}
const stateFolders = ['run', 'var/lib', 'opt', 'tmp', 'root'];
/** Forgets all that a containerd has kept on a node. */
async function removeState(root) {
    for (const folder of stateFolders)
        await rm(join(root, folder), { recursive: true, force: true });
}
/** Gives containerd the folders that it writes to, and the root: its configuration may name any other one. */
async function ownState(root) {
    for (const folder of [...stateFolders, 'etc', 'var', '.']) {
        await (0,promises_namespaceObject.mkdir)((0,external_node_path_namespaceObject.join)(root, folder), { recursive: true });
        await (0,promises_namespaceObject.chown)((0,external_node_path_namespaceObject.join)(root, folder), outerUser, outerUser);
    }
}

;// CONCATENATED MODULE: external "node:path/posix"
const posix_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path/posix");
;// CONCATENATED MODULE: ./lib/src/proof/containerd/nodePaths.js

/** What a simulated node has of the machine, or of its own making: no repository replaces that. */
const taken = new Set([
    '',
    'bin',
    'containerd',
    'dev',
    'former-root',
    'lib',
    'lib32',
    'lib64',
    'libx32',
    'proc',
    'sbin',
    'sys',
    'usr',
]);
/** A folder below one of these that is the node's own. */
const ownShare = '/usr/local/share';
/** A path as a node understands it: `..` stops at its root. */
function pathOnNode(path) {
    return (0,posix_namespaceObject.resolve)('/', path);
}
/** True where a file of a repository may be on a simulated node. */
function isWritable(path) {
    const onNode = pathOnNode(path);
    const [, top = ''] = onNode.split('/');
    return !taken.has(top) || onNode.startsWith(`${ownShare}/`);
}

;// CONCATENATED MODULE: ./lib/src/proof/containerd/proofNode.js















/** Where the node's name server is: where that of a systemd machine is too. */
const nameServer = '127.0.0.53';
/** A node in its own network: its registries, its name server, its containerd, and who pulls. */
class ProofNode {
    #root;
    #authorities = {
        system: new CertificateAuthority('system authority'),
        private: new CertificateAuthority('private authority'),
    };
    #contents = new Contents();
    #names = new NameServer();
    #seen = [];
    #servers = [];
    #containerd;
    constructor(root) {
        this.#root = root;
    }
    async start(surroundings) {
        try {
            await this.#placeFiles(surroundings);
        }
        catch (error) {
            return { kind: 'failed', text: `the node's files cannot be written: ${messageOf(error)}` };
        }
        this.#names.zone = new Map(Object.entries(surroundings.names));
        await this.#names.listen(nameServer);
        // Where nobody can listen (port 0, an address of a group) nobody answers on a real node either.
        const places = placesOf(surroundings.standIns);
        const servers = await Promise.allSettled(places.map((place) => this.#listen(place)));
        this.#servers = servers.flatMap((server) => (server.status === 'fulfilled' ? [server.value] : []));
        const started = await startContainerd(this.#root).catch((error) => messageOf(error));
        if (typeof started === 'string')
            return { kind: 'failed', text: started };
        if (started.kind === 'ended') {
            const text = reasonOfEnd(started.log);
            return started.wasKilled
                ? { kind: 'failed', text: `containerd was killed: ${text}` }
                : { kind: 'ended', text };
        }
        this.#containerd = started.containerd;
        return answers(started.containerd);
    }
    /**
     * Pulls several images at a time, and hands over each result as soon as it is there. One image is pulled with one login after the
     * other: nobody could tell their requests apart.
     */
    async pull({ pulls, limit, deadline }, onReport) {
        const byImage = groupBy(pulls, ({ reference: { domain, path, tag, digest } }) => JSON.stringify([domain, path, digest ?? tag]));
        await atOnce(limit, [...byImage.values()], async (same) => {
            for (const pull of same)
                onReport(await this.#pullOne(pull, deadline));
        });
    }
    /** Pulls an image once more while no registry answers. */
    async control(task, deadline) {
        const image = this.#imageOf(task);
        try {
            await this.#containerd?.cri.removeImage(image, { deadline });
        }
        catch (error) {
            if (!(error instanceof GrpcError))
                throw error;
            return { kind: 'crashed', text: `${error.code}: ${error.message}` };
        }
        await Promise.all(this.#servers.map((server) => server.close()));
        this.#servers = [];
        return this.#tryLogins(task, image, deadline);
    }
    async #pullOne(task, deadline) {
        const image = this.#imageOf(task);
        const result = await this.#tryLogins(task, image, deadline);
        const name = image.slice(image.lastIndexOf(image.includes('@') ? '@' : ':') + 1);
        const own = this.#takeRequests(task, name);
        const served = own.findLast(({ isManifest, status }) => isManifest && status === 200);
        return {
            id: task.id,
            result,
            requests: own.map(({ method, url, status }) => ({ method, url, status })),
            ...(result.kind === 'pulled' && served && { via: served.origin }),
            isUpstream: served?.isUpstream ?? false,
        };
    }
    /** The requests for an image: for its tag, and for all that came of it. */
    #takeRequests(task, name) {
        const mayBe = this.#seen.filter(mayBeFor(task));
        const named = mayBe.filter((request) => request.isManifest && request.name === name);
        const images = new Set(named.flatMap(({ image }) => image ?? []));
        const own = new Set([...named, ...mayBe.filter(({ image }) => image !== undefined && images.has(image))]);
        const taken = this.#seen.filter((request) => own.has(request));
        this.#seen = this.#seen.filter((request) => !own.has(request));
        return taken;
    }
    /** The image as it is pulled: a digest is replaced by that of the content that stands in for it. */
    #imageOf({ image, reference }) {
        if (reference.digest === undefined)
            return image;
        return `${reference.domain}/${reference.path}@${this.#contents.pin(reference)}`;
    }
    // kubernetes pkg/kubelet/kuberuntime/kuberuntime_image.go PullImage
    async #tryLogins({ logins }, image, deadline) {
        let last;
        const texts = [];
        for (const auth of logins.length > 0 ? logins : [undefined]) {
            last = await this.#pullWith(image, auth, deadline);
            if (last.kind !== 'failed')
                return last;
            texts.push(last.text);
        }
        if (last?.kind !== 'failed' || texts.length < 2)
            return last ?? { kind: 'hung' };
        return { ...last, text: `[${texts.join(', ')}]` };
    }
    async #pullWith(image, auth, deadline) {
        const containerd = this.#containerd;
        if (!containerd)
            return { kind: 'crashed', text: 'containerd does not run' };
        const start = performance.now();
        try {
            await containerd.cri.pullImage(image, { deadline, auth });
            return { kind: 'pulled' };
        }
        catch (error) {
            if (!(error instanceof GrpcError))
                throw error;
            if (error.code === 'DeadlineExceeded' || performance.now() - start >= deadline)
                return { kind: 'hung' };
            if (error.code === 'Unavailable' && (await hasEnded(containerd)))
                return { kind: 'crashed', text: reasonOfEnd(containerd.log()) };
            return { kind: 'failed', code: error.code, text: error.message };
        }
    }
    #listen(place) {
        const { address, port } = place;
        const answer = (request, standIn) => answerRequest(request, standIn, this.#contents, (seen) => this.#seen.push(seen));
        return startServer({ address, port, ...serverAt(place, this.#authorities, answer) });
    }
    /** @throws Error where a file cannot be where it should be */
    async #placeFiles(surroundings) {
        const write = (path, text) => this.#write(path, text);
        for (const [path, text] of Object.entries(surroundings.files)) {
            if (!isWritable(path))
                throw new Error(`${path} cannot be put on a node that is only played`);
            await write(path, text);
        }
        // Where one of these is missing, the pull that wants it is not judged.
        for (const [path, text] of nodeCertificates(surroundings, this.#authorities.private))
            if (isWritable(path))
                await write(path, text);
        const names = Object.entries({ localhost: '127.0.0.1', ...surroundings.hosts });
        await write('/etc/hosts', names.map(([name, address]) => `${address} ${name}\n`).join(''));
        await write('/etc/resolv.conf', `nameserver ${nameServer}\n`);
        await write('/etc/nsswitch.conf', 'hosts: files dns\n');
        await write('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n');
        await write('/etc/group', 'root:x:0:\n');
        // The configuration may name the file, too, and the repository may have it.
        await this.#write('/etc/ssl/certs/ca-certificates.crt', `\n${this.#authorities.system.certificate}`, 'a');
    }
    /** Nothing leads out of the node's folder: `..` stops at its root, and it has no links but those of the machine to programs. */
    async #write(path, text, flag = 'w') {
        const onNode = pathOnNode(path);
        const target = (0,external_node_path_namespaceObject.join)(this.#root, onNode);
        if (onNode.startsWith(`${ownShare}/`)) {
            const share = (0,external_node_path_namespaceObject.join)(await (0,promises_namespaceObject.realpath)(this.#root), ownShare);
            if ((await (0,promises_namespaceObject.realpath)(share)) !== share)
                throw new Error(`${ownShare} is a link on this machine`);
        }
        await (0,promises_namespaceObject.mkdir)((0,external_node_path_namespaceObject.dirname)(target), { recursive: true });
        await (0,promises_namespaceObject.writeFile)(target, text, { flag });
    }
}
/** Whether it has a CRI plugin to answer. */
async function answers(containerd) {
    try {
        await containerd.cri.listImages({ deadline: 10_000 });
        return { kind: 'running' };
    }
    catch (error) {
        if (!(error instanceof GrpcError))
            throw error;
        const text = `${error.code}: ${error.message}`;
        if (error.code !== 'Unimplemented') {
            const end = reasonOfEnd(containerd.log());
            return (await hasEnded(containerd)) ? { kind: 'ended', text: end } : { kind: 'failed', text };
        }
        const reason = reasonWithoutCri(containerd.log());
        return { kind: 'without-cri', text: reason === '' ? text : `${text} (${reason})` };
    }
}
/** A moment after an answer that did not come: its end may be about to be known. */
function hasEnded({ end }) {
    return Promise.race([end.then(() => true), (0,external_node_timers_promises_namespaceObject.setTimeout)(1000, false)]);
}
/** containerd prints why it ends as its last line, if it does not panic. */
function reasonOfEnd(log) {
    return /^panic: .*$/m.exec(log)?.[0] ?? log.trimEnd().split('\n').at(-1) ?? '';
}
/** Why the CRI plugin is not there, from the line of containerd's log about it. */
function reasonWithoutCri(log) {
    const lines = log.split('\n').filter((line) => /msg="failed to load plugin/.test(line));
    const line = lines.find((text) => /\bcri\b/.test(text)) ?? '';
    const [, quoted] = /\berror=("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
    try {
        return quoted === undefined ? '' : String(JSON.parse(quoted));
    }
    catch {
        return quoted ?? '';
    }
}
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}

;// CONCATENATED MODULE: ./lib/src/proof/containerd/nodeMain.js

// The program that runs in a simulated node: it gets the folder with the node's files as its argument.
const node = new ProofNode(process.argv[2] ?? '');
async function answer(request) {
    switch (request.kind) {
        case 'start':
            return { kind: 'started', start: await node.start(request.surroundings) };
        case 'pull':
            await node.pull(request, (part) => process.send?.({ part }));
            return { kind: 'done' };
        case 'control':
            return { kind: 'control', result: await node.control(request.pull, request.deadline) };
    }
}
process.on('disconnect', () => process.exit());
process.on('message', (request) => {
    void answer(request).then((message) => process.send?.(message), (error) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        process.send?.({ kind: 'fault', text });
    });
});

