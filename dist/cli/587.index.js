export const id = 587;
export const ids = [587];
export const modules = {

/***/ 4587:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  askRegistries: () => (/* binding */ askRegistries)
});

// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
// EXTERNAL MODULE: ./lib/src/reference/parseReference.js
var parseReference = __webpack_require__(9058);
// EXTERNAL MODULE: ./lib/src/hosts/goText.js
var goText = __webpack_require__(9665);
;// CONCATENATED MODULE: ./lib/src/resolver/authChallenge.js
const order = ['bearer', 'digest', 'basic'];
const tokenCharacters = /^[!#$%&'*+.^_`|~0-9A-Za-z-]*/;
/** The challenges of an answer, the strongest first. */
// containerd v2.3.4 core/remotes/docker/auth/parse.go ParseAuthHeader
function parseAuthHeader(header) {
    const challenges = (header.get('Www-Authenticate') ?? []).flatMap((value) => {
        const [word, rest] = expectToken(value);
        const scheme = order.find((known) => known === word.toLowerCase());
        return scheme ? [{ scheme, parameters: parseParameters(rest) }] : [];
    });
    return challenges.sort((a, b) => order.indexOf(a.scheme) - order.indexOf(b.scheme));
}
// containerd v2.3.4 core/remotes/docker/auth/parse.go parseValueAndParams
function parseParameters(text) {
    const parameters = new Map();
    for (let rest = text;; rest = rest.slice(1)) {
        const [key, afterKey] = expectToken(skipSpace(rest));
        if (key === '' || !afterKey.startsWith('='))
            return parameters;
        const [value, afterValue] = expectTokenOrQuoted(afterKey.slice(1));
        parameters.set(key.toLowerCase(), value);
        rest = skipSpace(afterValue);
        if (!rest.startsWith(','))
            return parameters;
    }
}
function skipSpace(text) {
    return text.replace(/^[ \t\r\n]+/, '');
}
function expectToken(text) {
    const [token = ''] = tokenCharacters.exec(text) ?? [];
    return [token, text.slice(token.length)];
}
function expectTokenOrQuoted(text) {
    if (!text.startsWith('"'))
        return expectToken(text);
    const [quoted] = /^"(?:[^"\\]|\\[^])*"/.exec(text) ?? [];
    if (quoted === undefined)
        return ['', ''];
    return [quoted.slice(1, -1).replaceAll(/\\([^])/g, '$1'), text.slice(quoted.length)];
}

// EXTERNAL MODULE: ./lib/src/hosts/goUrl.js
var goUrl = __webpack_require__(4433);
;// CONCATENATED MODULE: ./lib/src/resolver/pullError.js
/** An error that a pull may end in, in the words of containerd. */
class PullError extends Error {
    name = 'PullError';
    facts;
    constructor(text, facts = {}) {
        super(text);
        this.facts = facts;
    }
}
/** containerd does something with an image that is not known here. */
class NotEmulated extends Error {
    name = 'NotEmulated';
}
/** containerd comes to an end; the message is that of its panic. */
class Crash extends Error {
    name = 'Crash';
}
/** The error with words before its text. What is no error of a pull is thrown on: it is a bug. */
// Go fmt.Errorf with %w
function wrapError(prefix, error) {
    const cause = asPullError(error);
    return new PullError(`${prefix}: ${cause.message}`, cause.facts);
}
/** The error of a pull. What is none is thrown on: it is a bug. */
function asPullError(error) {
    if (error instanceof PullError)
        return error;
    throw error;
}
/** An error that ends in `: not found`. */
function notFound(text) {
    return new PullError(`${text}: not found`, { code: 'NotFound' });
}

;// CONCATENATED MODULE: ./lib/src/resolver/scope.js
/** What a token must allow for a repository. */
// containerd v2.3.4 core/remotes/docker/scope.go RepositoryScope
function repositoryScope(repository) {
    return `repository:${repository}:pull`;
}
/** The scopes of a request and those of a challenge, each once, in order. */
// containerd v2.3.4 core/remotes/docker/scope.go GetTokenScopes
function tokenScopes(requested, challenged) {
    return [...new Set([...requested, ...challenged])].sort(compareText);
}
// Go compares bytes, which orders texts as their code points do.
function compareText(a, b) {
    const [left, right] = [a, b].map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
    for (const [index, code] of (left ?? []).entries()) {
        const other = right?.[index] ?? -1;
        if (code !== other)
            return code - other;
    }
    return (left?.length ?? 0) - (right?.length ?? 0);
}

;// CONCATENATED MODULE: ./lib/src/resolver/goHeader.js
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** The header with the values behind those that it has. The spelling of the name stays. */
function addValues(header, { name, values }) {
    return new Map(header).set(name, [...(header.get(name) ?? []), ...values]);
}
/** The header with this value instead of those that it has. */
// Go net/http Header.Set
function setValue(header, name, value) {
    return new Map(header).set(name, [value]);
}
/** The first value of a field; empty where there is none. */
// Go net/http Header.Get
function firstValue(header, name) {
    return header.get(name)?.[0] ?? '';
}
/** The header of a response, its names in Go's spelling. */
function receivedHeader(fields) {
    return fields.reduce((header, { name, values }) => addValues(header, { name: canonicalName(name), values }), new Map());
}
/** A name in Go's spelling: `WWW-Authenticate` is `Www-Authenticate`. */
// Go net/textproto CanonicalMIMEHeaderKey
function canonicalName(name) {
    if (!token.test(name))
        return name;
    return name
        .split('-')
        .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
        .join('-');
}
/** Why Go sends no request with this header; undefined where it does. */
// Go net/http validateHeaders
function headerError(header) {
    for (const [name, values] of header) {
        if (!token.test(name))
            return `net/http: invalid header field name ${JSON.stringify(name)}`;
        if (values.some(hasControlCharacter))
            return `net/http: invalid header field value for ${JSON.stringify(name)}`;
    }
    return undefined;
}
function hasControlCharacter(text) {
    return /[^\P{Cc}\t\u0080-\u009F]/u.test(text);
}
/** Fields that Go writes by itself, in this spelling alone. */
const writtenByGo = new Set([
    'Host',
    'User-Agent',
    'Content-Length',
    'Transfer-Encoding',
    'Trailer',
]);
/** The fields as they go over the wire: one user agent, and none where it is empty. */
// Go net/http Request.write
function wireHeader(header) {
    const agent = firstValue(header, 'User-Agent');
    const fields = [...header].flatMap(([name, values]) => writtenByGo.has(name) ? [] : [{ name, values: values.map((value) => value.trim()) }]);
    if (agent !== '')
        fields.push({ name: 'User-Agent', values: [agent] });
    return fields.sort((a, b) => (a.name < b.name ? -1 : 1));
}

;// CONCATENATED MODULE: ./lib/src/resolver/goJson.js

const maxDepth = 10_000;
const whitespace = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringCharacters = /(?:[^"\\\p{Cc}]|[\u007F-\u009F])*/uy;
const goJson_escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** Reads all of a text as JSON. */
// Go encoding/json Unmarshal
function unmarshalJson(text) {
    const result = scan(text, ({ endError }) => endError);
    if (!result.ok)
        return result;
    const rest = skip(whitespace, text, result.end);
    if (rest === text.length)
        return result;
    return {
        ok: false,
        error: `invalid character ${shown(text, rest)} after top-level value`,
        isIncomplete: false,
    };
}
/** Reads the first value of a text as JSON. What follows is not looked at. */
// Go encoding/json Decoder.Decode
function decodeJson(text) {
    return scan(text, () => (/[^ \t\r\n]/.test(text) ? 'unexpected EOF' : 'EOF'));
}
function scan(text, printEnd) {
    try {
        const start = skip(whitespace, text, 0);
        const end = new Scanner(text).scan(start);
        return { ok: true, value: JSON.parse(text.slice(start, end)), end };
    }
    catch (error) {
        if (!(error instanceof JsonError))
            throw error;
        const { isIncomplete } = error;
        return { ok: false, error: isIncomplete ? printEnd(error) : error.message, isIncomplete };
    }
}
class JsonError extends Error {
    isIncomplete;
    /** What is said of a text that ends here: as if a space followed. */
    endError;
    constructor(where, character) {
        super(`invalid character ${character} ${where}`);
        this.isIncomplete = character === undefined;
        const isSpaceWrong = /^(?:in (?!string literal)|after decimal point)/.test(where);
        this.endError = isSpaceWrong ? `invalid character ' ' ${where}` : 'unexpected end of JSON input';
    }
}
/** Finds the end of a value as Go's scanner does, without recursion. */
// Go encoding/json scanner.go
class Scanner {
    #text;
    #at = 0;
    /** The brackets that are open. */
    #open = [];
    constructor(text) {
        this.#text = text;
    }
    scan(start) {
        this.#at = start;
        do
            this.#value();
        while (this.#afterValue());
        return this.#at;
    }
    /** Reads a value up to its end, or up to the first value inside. */
    #value() {
        for (;;) {
            this.#at = skip(whitespace, this.#text, this.#at);
            const character = this.#text[this.#at];
            if (character !== '{' && character !== '[')
                return this.#scalar(character);
            this.#at += 1;
            this.#open.push(character);
            if (this.#open.length > maxDepth)
                this.#fail(this.#at - 1, 'exceeded max depth');
            this.#at = skip(whitespace, this.#text, this.#at);
            const close = character === '{' ? '}' : ']';
            if (this.#text[this.#at] === close) {
                this.#at += 1;
                this.#open.pop();
                return;
            }
            if (character === '{')
                this.#key('looking for beginning of object key string');
        }
    }
    /** Goes on behind a value; false at the end of the outermost. */
    #afterValue() {
        while (this.#open.length > 0) {
            this.#at = skip(whitespace, this.#text, this.#at);
            const isObject = this.#open.at(-1) === '{';
            const character = this.#text[this.#at];
            this.#at += 1;
            if (character === ',') {
                if (isObject)
                    this.#key('looking for beginning of object key string');
                return true;
            }
            if (character !== (isObject ? '}' : ']')) {
                this.#fail(this.#at - 1, isObject ? 'after object key:value pair' : 'after array element');
            }
            this.#open.pop();
        }
        return false;
    }
    #key(where) {
        this.#at = skip(whitespace, this.#text, this.#at);
        if (this.#text[this.#at] !== '"')
            this.#fail(this.#at, where);
        this.#string();
        this.#at = skip(whitespace, this.#text, this.#at);
        if (this.#text[this.#at] !== ':')
            this.#fail(this.#at, 'after object key');
        this.#at += 1;
    }
    #scalar(character) {
        if (character === '"')
            return this.#string();
        if (character === 't')
            return this.#literal('true');
        if (character === 'f')
            return this.#literal('false');
        if (character === 'n')
            return this.#literal('null');
        if (character !== undefined && /[-\d]/.test(character))
            return this.#number();
        this.#fail(this.#at, 'looking for beginning of value');
    }
    #string() {
        this.#at += 1;
        for (;;) {
            this.#at = skip(stringCharacters, this.#text, this.#at);
            const character = this.#text[this.#at];
            if (character === '"') {
                this.#at += 1;
                return;
            }
            const end = character === '\\' ? skip(goJson_escape, this.#text, this.#at) : this.#at;
            if (end === this.#at)
                this.#failInString();
            this.#at = end;
        }
    }
    #failInString() {
        if (this.#text[this.#at] !== '\\')
            this.#fail(this.#at, 'in string literal');
        if (this.#text[this.#at + 1] !== 'u')
            this.#fail(this.#at + 1, 'in string escape code');
        const digits = skip(/[0-9a-fA-F]*/y, this.#text, this.#at + 2);
        this.#fail(digits, String.raw `in \u hexadecimal character escape`);
    }
    #literal(word) {
        for (let index = 1; index < word.length; index++) {
            const expected = word[index] ?? '';
            if (this.#text[this.#at + index] !== expected) {
                this.#fail(this.#at + index, `in literal ${word} (expecting '${expected}')`);
            }
        }
        this.#at += word.length;
    }
    #number() {
        const end = skip(number, this.#text, this.#at);
        const digits = this.#text.slice(this.#at, end);
        const next = this.#text[end] ?? '';
        if (digits === '')
            this.#fail(this.#at + 1, 'in numeric literal');
        if (next === '.')
            this.#fail(end + 1, 'after decimal point in numeric literal');
        if (/[eE]/.test(next) && !/[eE]/.test(digits)) {
            this.#fail(end + (/[+-]/.test(this.#text[end + 1] ?? '') ? 2 : 1), 'in exponent of numeric literal');
        }
        this.#at = end;
    }
    #fail(at, where) {
        throw new JsonError(where, at < this.#text.length ? shown(this.#text, at) : undefined);
    }
}
function skip(pattern, text, from) {
    pattern.lastIndex = from;
    pattern.test(text);
    return Math.max(pattern.lastIndex, from);
}
/** The first byte of a character between single quotes. */
// Go encoding/json quoteChar
function shown(text, at) {
    const [byte = 0] = new TextEncoder().encode(String.fromCodePoint(text.codePointAt(at) ?? 0));
    if (byte === 0x27)
        return String.raw `'\''`;
    if (byte === 0x22)
        return `'"'`;
    return `'${(0,goText/* quote */.hD)(String.fromCodePoint(byte)).slice(1, -1)}'`;
}

;// CONCATENATED MODULE: ./lib/src/resolver/transport.js
/** A request got no answer. The message is Go's: `dial tcp 10.0.0.1:5000: connect: connection refused`. */
class TransportError extends Error {
    name = 'TransportError';
    kind;
    /** The text about a certificate begins with `x509: `. */
    constructor(kind, text, options) {
        super(text, options);
        this.kind = kind;
    }
}

;// CONCATENATED MODULE: ./lib/src/resolver/httpClient.js





const defaultDialTimeout = 30_000;
const handshakeTimeout = 10_000;
const responseHeaderTimeout = 30_000;
const maxRedirects = 10;
/** An HTTP client as containerd makes one for a registry host, in what it sends and in its errors. */
// Go net/http Client.do; containerd v2.3.4 core/remotes/docker/registry.go DefaultHTTPTransport
class HttpClient {
    #transport;
    #settings;
    /** The host that was last found to speak HTTP where HTTPS was tried. */
    #plainHost;
    constructor(transport, settings) {
        this.#transport = transport;
        this.#settings = settings;
    }
    /** Makes a request and follows redirects. Rejects with {@link PullError}. */
    async do(first, checkRedirect) {
        let request = first;
        let hasLogin = true;
        for (let redirects = 0;; redirects++) {
            const response = await this.#send(first, request);
            const method = redirectMethod(request.method, response.status);
            const location = firstValue(response.header, 'Location');
            if (method === undefined || location === '')
                return response;
            const url = this.#locate(first, request, response, location);
            hasLogin = hasLogin && keepsLogin(first.url, url);
            const next = withReferer(redirected(first, method, url, hasLogin), request.url);
            try {
                if (redirects + 1 >= maxRedirects)
                    throw new PullError(`stopped after ${maxRedirects} redirects`);
                request = checkRedirect ? await checkRedirect(next) : next;
            }
            catch (error) {
                throw urlError(first.method, location, asPullError(error));
            }
        }
    }
    async #send(first, request) {
        try {
            return await this.#roundTrip(request);
        }
        catch (error) {
            throw urlError(first.method, (0,goUrl/* formatGoUrl */.Dr)(request.url), this.#asPullError(error));
        }
    }
    #locate(first, request, response, location) {
        const parsed = (0,goUrl/* parseGoUrl */.P)(location, this.#settings.profile);
        if (parsed.ok)
            return (0,goUrl/* resolveReference */.sX)(request.url, parsed.url);
        const text = `failed to parse Location header ${(0,goText/* quote */.hD)(location)}: ${parsed.error}`;
        throw urlError(first.method, (0,goUrl/* formatGoUrl */.Dr)(response.request.url), new PullError(text));
    }
    // containerd v2.3.4 core/remotes/docker/resolver.go httpFallback RoundTrip; v1.6.31 HTTPFallback RoundTrip
    async #roundTrip(request) {
        const { httpFallback, profile } = this.#settings;
        if (!httpFallback)
            return this.#exchange(request);
        const isPlain = this.#plainHost === request.url.host;
        if (!isPlain) {
            try {
                return await this.#exchange(request);
            }
            catch (error) {
                if (!(error instanceof TransportError) || !fallsBack(error, request.url.host, profile))
                    throw error;
            }
            if (profile.requests.fallbackRemembersHost)
                this.#plainHost = request.url.host;
        }
        return this.#exchange({ ...request, url: { ...request.url, scheme: 'http' } });
    }
    // Go net/http Transport.roundTrip
    async #exchange(request) {
        const { method, url, header, body } = request;
        const { scheme, host } = url;
        if (scheme !== 'http' && scheme !== 'https') {
            throw new PullError(`unsupported protocol scheme ${(0,goText/* quote */.hD)(scheme)}`);
        }
        const error = headerError(header);
        if (error !== undefined)
            throw new PullError(error);
        if (host === '')
            throw new PullError('http: no Host in request URL');
        const { tls, dialTimeout = defaultDialTimeout, profile } = this.#settings;
        const response = await this.#transport.send({ method, url: (0,goUrl/* formatGoUrl */.Dr)(url), header: wireHeader(header), ...(body !== undefined && { body }) }, {
            tls: scheme === 'https' ? tls : null,
            dialTimeout,
            handshakeTimeout,
            ...(profile.requests.limitsResponseHeader && { responseHeaderTimeout }),
        });
        return answerTo(request, response);
    }
    /** The words of Go for a request without an answer. Other errors are thrown on: they are bugs. */
    #asPullError(error) {
        if (!(error instanceof TransportError))
            return asPullError(error);
        const { kind, message } = error;
        const isPrefixed = kind === 'certificate' && this.#settings.profile.requests.namesVerification;
        const text = isPrefixed ? `tls: failed to verify certificate: ${message}` : message;
        // Go net timeoutError and net/http timeoutError are context.DeadlineExceeded
        const isDeadline = kind === 'timeout' || kind === 'header-timeout';
        return new PullError(text, { transport: kind, ...(isDeadline && { code: 'DeadlineExceeded' }) });
    }
}
function answerTo(request, { status, reason, header, body }) {
    const statusLine = reason === '' ? `${status}` : `${status} ${reason}`;
    return { request, status, statusLine, header: receivedHeader(header), body };
}
// Go net/url Error
function urlError(method, url, cause) {
    const operation = method.slice(0, 1) + method.slice(1).toLowerCase();
    return new PullError(`${operation} ${(0,goText/* quote */.hD)(url)}: ${cause.message}`, {
        ...cause.facts,
        url: cause.facts.url ?? url,
    });
}
const portErrors = new Set([
    'refused',
    'timeout',
    'connect-timeout',
    'handshake-timeout',
    'header-timeout',
]);
// containerd v2.3.4 core/remotes/docker/resolver.go isTLSError, isPortError
function fallsBack({ kind }, host, { requests }) {
    if (kind === 'http-response')
        return true;
    if (kind === 'handshake-timeout' && requests.fallbackRemembersHost)
        return true;
    return portErrors.has(kind) && requests.fallbackOnRefusal && ((0,goText/* splitHostPort */.cC)(host)?.port ?? '') === '';
}
/** The method with which a redirect is followed; undefined where the answer is none. */
// Go net/http redirectBehavior
function redirectMethod(method, status) {
    if (status === 307 || status === 308)
        return method;
    if (status !== 301 && status !== 302 && status !== 303)
        return undefined;
    return method === 'HEAD' ? 'HEAD' : 'GET';
}
// Go net/http Client.makeHeadersCopier
function redirected(first, method, url, hasLogin) {
    const isForm = method === 'POST';
    const header = [...first.header].filter(([name]) => (hasLogin || !['authorization', 'cookie'].includes(name.toLowerCase())) &&
        (isForm || name.toLowerCase() !== 'content-type'));
    return { method, url, header: new Map(header), ...(isForm && { body: first.body }) };
}
/** Names the URL that led here, but none by HTTPS to one by HTTP. */
// Go net/http refererForURL
function withReferer(request, from) {
    const isDowngrade = from.scheme === 'https' && request.url.scheme === 'http';
    if (isDowngrade || firstValue(request.header, 'Referer') !== '')
        return request;
    return { ...request, header: setValue(request.header, 'Referer', (0,goUrl/* formatGoUrl */.Dr)(from)) };
}
/** True where Go shows the login of the first request to the host of a redirect: to the same name, or one below it. */
// Go net/http shouldCopyHeaderOnRedirect, isDomainOrSubdomain
function keepsLogin(first, next) {
    if (first.host === next.host)
        return true;
    const parent = nameOf(first.host);
    const child = nameOf(next.host);
    if (child === parent)
        return true;
    return !/[:%]/.test(child) && parent !== '' && child.endsWith(`.${parent}`);
}
function nameOf(host) {
    return ((0,goText/* splitHostPort */.cC)(host)?.host ?? host).replaceAll(/[[\]]/g, '').toLowerCase();
}
/** The length of the content as the header of an answer tells it; -1 where it does not. */
// Go net/http readTransfer
function contentLength({ request, status, header }) {
    if (request.method !== 'HEAD' && (status === 204 || status === 304))
        return 0;
    const text = firstValue(header, 'Content-Length').trim();
    const isChunked = firstValue(header, 'Transfer-Encoding').toLowerCase() === 'chunked';
    return /^\d+$/.test(text) && !isChunked ? Number(text) : -1;
}
/** The URL of a new request, without a colon that no port follows. */
// Go net/http NewRequestWithContext, removeEmptyPort
function withoutEmptyPort(url) {
    return { ...url, host: url.host.replace(/:$/, '') };
}
/** The request with a login. */
function withAuthorization(request, authorization) {
    return { ...request, header: setValue(request.header, 'Authorization', authorization) };
}

;// CONCATENATED MODULE: ./lib/src/resolver/registryError.js



/** The error of an answer that nobody wanted. */
// containerd v2.3.4 core/remotes/errors/errors.go Error; v1.6.24 remotes/errors/errors.go Error
function unexpectedStatus(response, { requests }) {
    const { request, status, statusLine } = response;
    const from = requests.statusNamesUrl
        ? ` from ${request.method} request to ${(0,goUrl/* formatGoUrl */.Dr)(request.url)}`
        : '';
    return new PullError(`unexpected status${from}: ${statusLine}`, { status });
}
/** The error of an answer, with what the registry says in its body where the version prints that. */
// containerd v2.3.4 core/remotes/docker/errcode.go unexpectedResponseErr
function unexpectedResponse(response, profile) {
    const error = unexpectedStatus(response, profile);
    if (!profile.requests.joinsRegistryErrors)
        return error;
    const result = unmarshalJson(bodyText(response, maxErrorLength));
    const message = result.ok ? registryMessage(result.value) : undefined;
    return message === undefined ? error : new PullError(`${error.message}\n${message}`, error.facts);
}
const maxErrorLength = 64_000;
/**
 * The error of an answer to a request for content; undefined where it brings the content.
 * `written` is the URL that was asked for.
 */
// containerd v2.3.4 core/remotes/docker/resolver.go withErrorCheck; v2.1.2 the same
function contentError(response, written, profile) {
    const { status, statusLine } = response;
    if (status <= 299)
        return undefined;
    const parsed = (0,goUrl/* parseGoUrl */.P)(written, profile);
    const url = parsed.ok && profile.requests.escapesContentUrl ? (0,goUrl/* formatGoUrl */.Dr)(parsed.url) : written;
    if (status === 404)
        return notFound(`content at ${url} not found`);
    if (profile.requests.joinsRegistryErrors)
        return unexpectedResponse(response, profile);
    const result = decodeJson(bodyText(response));
    const message = result.ok ? registryMessage(result.value) : undefined;
    const suffix = message === undefined ? '' : ` - Server message: ${message}`;
    return new PullError(`unexpected status code ${url}: ${statusLine}${suffix}`, { status });
}
/** The text of a body. */
function bodyText({ body }, maxLength) {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body.subarray(0, maxLength));
}
/** The codes that containerd knows, with the message that it leaves out. */
// containerd v2.3.4 core/remotes/docker/errdesc.go
const knownMessages = new Map([
    ['UNKNOWN', 'unknown error'],
    ['UNSUPPORTED', 'The operation is unsupported.'],
    ['UNAUTHORIZED', 'authentication required'],
    ['DENIED', 'requested access to the resource is denied'],
    ['UNAVAILABLE', 'service unavailable'],
    ['TOOMANYREQUESTS', 'too many requests'],
]);
/** What the errors of a registry say; undefined where the data holds none. */
// containerd v2.3.4 core/remotes/docker/errcode.go Errors UnmarshalJSON, Error
function registryMessage(data) {
    const errors = fieldOf(data, 'errors');
    if (!Array.isArray(errors) || errors.length === 0)
        return undefined;
    const messages = errors.map(printError);
    if (messages.includes(undefined))
        return undefined;
    return messages.length === 1
        ? messages[0]
        : `errors:\n${messages.map((message) => `${message}\n`).join('')}`;
}
/** Undefined for what Go cannot read as an error. */
function printError(data) {
    const code = fieldOf(data, 'code') ?? '';
    const message = fieldOf(data, 'message') ?? '';
    if (typeof data !== 'object' || Array.isArray(data))
        return undefined;
    if (typeof code !== 'string' || typeof message !== 'string')
        return undefined;
    const known = knownMessages.has(code) ? code : 'UNKNOWN';
    const name = known.toLowerCase();
    const isPlain = message === '' || message === knownMessages.get(known);
    return isPlain && (fieldOf(data, 'detail') ?? null) === null ? name : `${name}: ${message}`;
}
/** A field as Go finds it: by its name in any case. */
// Go encoding/json Unmarshal
function fieldOf(data, name) {
    if (typeof data !== 'object' || data === null || Array.isArray(data))
        return undefined;
    const entries = Object.entries(data);
    const exact = entries.findLast(([key]) => key === name);
    return (exact ?? entries.findLast(([key]) => key.toLowerCase() === name))?.[1];
}

;// CONCATENATED MODULE: ./lib/src/resolver/tokenServer.js







/** Reads a challenge. Throws {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/auth/fetch.go GenerateTokenOptions
function generateTokenOptions({ parameters }, login, profile) {
    const realm = parameters.get('realm');
    if (realm === undefined)
        throw new PullError('no realm specified for token auth challenge');
    const parsed = (0,goUrl/* parseGoUrl */.P)(realm, profile);
    if (!parsed.ok)
        throw new PullError(`invalid token auth challenge realm: ${parsed.error}`);
    const scope = parameters.get('scope');
    const written = scope === undefined ? [] : [scope];
    const scopes = profile.requests.splitsScopes ? written.flatMap((text) => text.split(' ')) : written;
    return { realm: withoutEmptyPort(parsed.url), service: parameters.get('service') ?? '', scopes, login };
}
/** A token by POST. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/auth/fetch.go FetchTokenWithOAuth
async function fetchTokenWithOAuth({ realm, service, scopes, login }, { client, header, profile }) {
    const { username, secret } = login;
    const form = [
        ['client_id', 'containerd-client'],
        ['grant_type', username === '' ? 'refresh_token' : 'password'],
        ...(username === '' ? [] : [['password', secret]]),
        ...(username === '' ? [['refresh_token', secret]] : []),
        ...(scopes.length > 0 ? [['scope', scopes.join(' ')]] : []),
        ['service', service],
        ...(username === '' ? [] : [['username', username]]),
    ];
    const contentType = new Map([['Content-Type', ['application/x-www-form-urlencoded; charset=utf-8']]]);
    const request = {
        method: 'POST',
        url: realm,
        header: withAgent([...header].reduce(appendField, contentType), profile),
        body: encodeQuery(form),
    };
    return tokenOf(await client.do(request), 'OAuthTokenResponse', profile);
}
/** A token by GET. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/auth/fetch.go FetchToken
async function fetchToken({ realm, service, scopes, login }, { client, header, profile }) {
    const parameters = [
        ...new URLSearchParams(realm.query ?? ''),
        ...(service === '' ? [] : [['service', service]]),
        ...scopes.map((scope) => ['scope', scope]),
    ];
    const query = encodeQuery(parameters);
    const url = { ...realm, query: query === '' ? undefined : query };
    const request = { method: 'GET', url, header: withAgent(header, profile) };
    const { username, secret } = login;
    const asked = secret === '' ? request : withAuthorization(request, basic({ username, secret }));
    return tokenOf(await client.do(asked), 'FetchTokenResponse', profile);
}
/** A login as it stands in an `Authorization` field. */
function basic({ username, secret }) {
    const bytes = new TextEncoder().encode(`${username}:${secret}`);
    return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
function appendField(header, [name, values]) {
    return addValues(header, { name, values });
}
function withAgent(header, { version }) {
    return firstValue(header, 'User-Agent') === ''
        ? setValue(header, 'User-Agent', `containerd/${version}`)
        : header;
}
/** Fields in the order of their names. */
// Go net/url Values.Encode
function encodeQuery(fields) {
    const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
    return sorted.map(([name, value]) => `${(0,goText/* escapeQuery */.II)(name)}=${(0,goText/* escapeQuery */.II)(value)}`).join('&');
}
/** The types that Go decodes the answer of a token server into, with their fields for a token by precedence. */
const answers = {
    OAuthTokenResponse: ['access_token'],
    FetchTokenResponse: ['access_token', 'token'],
};
function tokenOf(response, type, profile) {
    if (response.status < 200 || response.status >= 400)
        throw unexpectedStatus(response, profile);
    const result = decodeJson(bodyText(response));
    if (!result.ok)
        throw undecodable(result.error, result.isIncomplete);
    const error = typeError(result.value, type);
    if (error !== undefined)
        throw undecodable(error, false);
    const token = answers[type]
        .map((name) => fieldOf(result.value, name))
        .find((value) => typeof value === 'string' && value !== '');
    if (typeof token !== 'string')
        throw new PullError('authorization server did not include a token in the response');
    return token;
}
/** An answer that ends too soon is taken for a server that hung up. */
function undecodable(error, isIncomplete) {
    return new PullError(`unable to decode token response: ${error}`, isIncomplete ? { transport: 'eof' } : {});
}
/** Why Go cannot decode an answer; undefined where it can. */
// Go encoding/json UnmarshalTypeError
function typeError(data, type) {
    if (data === null)
        return undefined;
    const kind = jsonKind(data);
    if (kind !== 'object')
        return `json: cannot unmarshal ${kind} into Go value of type auth.${type}`;
    for (const name of [...answers[type], 'refresh_token']) {
        const value = fieldOf(data, name) ?? null;
        if (value === null || typeof value === 'string')
            continue;
        return `json: cannot unmarshal ${jsonKind(value)} into Go struct field ${type}.${name} of type string`;
    }
    return undefined;
}
function jsonKind(data) {
    if (Array.isArray(data))
        return 'array';
    return typeof data === 'boolean' ? 'bool' : typeof data;
}

;// CONCATENATED MODULE: ./lib/src/resolver/authorizer.js





/** Gives requests their logins, as registries asked for them. It keeps its tokens. */
// containerd v2.3.4 core/remotes/docker/authorizer.go dockerAuthorizer
class DockerAuthorizer {
    #tokenClient;
    #credentials;
    /** By host and port of the server that asked. */
    #handlers = new Map();
    constructor(tokenClient, credentials) {
        this.#tokenClient = tokenClient;
        this.#credentials = credentials;
    }
    /** The `Authorization` for a host; undefined where it never asked for one. Rejects with {@link PullError}. */
    async authorize(host, scopes) {
        const handler = this.#handlers.get(host);
        if (!handler)
            return undefined;
        if (handler.scheme === 'basic')
            return basic(handler.login);
        return `Bearer ${await this.#doBearerAuth(handler, scopes)}`;
    }
    /**
     * Learns from answers, of which the last is a 401, how to log in: true where another request makes sense. Throws
     * {@link PullError}.
     */
    addResponses(responses) {
        const last = responses.at(-1);
        const host = last?.request.url.host ?? '';
        for (const challenge of last ? parseAuthHeader(last.header) : []) {
            if (challenge.scheme === 'bearer')
                return this.#addBearer(host, challenge, responses);
            if (challenge.scheme === 'basic' && this.#credentials && this.#addBasic(host, this.#credentials))
                return true;
        }
        return false;
    }
    #addBearer(host, challenge, responses) {
        const { profile } = this.#tokenClient;
        this.#refuse(host, challenge.parameters.get('error') ?? '', responses);
        if (this.#handlers.has(host))
            return true;
        const login = this.#credentials?.(host) ?? { username: '', secret: '' };
        const options = generateTokenOptions(challenge, login, profile);
        this.#handlers.set(host, { scheme: 'bearer', options, tokens: new Map() });
        return true;
    }
    /** Drops what a registry refuses with an error, and gives up where it refuses the same request again. */
    // containerd v2.3.4 core/remotes/docker/authorizer.go invalidAuthorization; v1.6.31 the same
    #refuse(host, error, responses) {
        if (error === '')
            return;
        const isRepeated = isSameRequest(responses.at(-2), responses.at(-1));
        if (isRepeated || this.#tokenClient.profile.requests.renewsRefusedToken)
            this.#handlers.delete(host);
        if (isRepeated) {
            throw new PullError(`server message: ${error}: authorization failed`, { isUnauthorized: true });
        }
    }
    #addBasic(host, credentials) {
        const login = credentials(host);
        if (login.username === '' || login.secret === '') {
            if (!this.#tokenClient.profile.requests.namesMissingLogin)
                return false;
            throw new PullError('authorization failed: no basic auth credentials', { isUnauthorized: true });
        }
        this.#handlers.set(host, { scheme: 'basic', login });
        return true;
    }
    // containerd v2.3.4 core/remotes/docker/authorizer.go doBearerAuth: an error is kept as a token is
    async #doBearerAuth({ options, tokens }, scopes) {
        const scoped = { ...options, scopes: tokenScopes(scopes, options.scopes) };
        const key = scoped.scopes.join(' ');
        const known = tokens.get(key);
        if (known)
            return unwrap(known);
        const result = await this.#fetch(scoped);
        tokens.set(key, result);
        return unwrap(result);
    }
    async #fetch(options) {
        const hasSecret = options.login.secret !== '';
        try {
            return {
                ok: true,
                token: await (hasSecret ? this.#fetchWithSecret(options) : this.#fetchByGet(options)),
            };
        }
        catch (error) {
            const kind = hasSecret ? 'oauth' : 'anonymous';
            return { ok: false, error: wrapError(`failed to fetch ${kind} token`, error) };
        }
    }
    /** Token servers that know no POST are asked with GET. */
    async #fetchWithSecret(options) {
        try {
            return await fetchTokenWithOAuth(options, this.#tokenClient);
        }
        catch (error) {
            const { status } = asPullError(error).facts;
            if (!this.#knowsNoPost(status, options.login))
                throw error;
            return this.#fetchByGet(options);
        }
    }
    #knowsNoPost(status, { username }) {
        if (status === 405)
            return username !== '';
        return (status === 404 ||
            status === 401 ||
            (status === 400 && this.#tokenClient.profile.requests.getsTokenAfter400));
    }
    #fetchByGet(options) {
        return fetchToken(options, this.#tokenClient);
    }
}
function unwrap(result) {
    if (result.ok)
        return result.token;
    throw result.error;
}
// containerd v2.3.4 core/remotes/docker/authorizer.go sameRequest
function isSameRequest(a, b) {
    if (!a || !b)
        return false;
    return a.request.method === b.request.method && (0,goUrl/* formatGoUrl */.Dr)(a.request.url) === (0,goUrl/* formatGoUrl */.Dr)(b.request.url);
}

;// CONCATENATED MODULE: ./lib/src/resolver/credentials.js



const anonymous = { username: '', secret: '' };
/** What of a login is shown to a host. Throws {@link PullError}. */
// containerd v2.3.4 internal/cri/server/images/image_pull.go ParseAuth
function parseAuth(config, host, profile) {
    if (!config || !isForHost(config, host, profile))
        return anonymous;
    const { username = '', password = '', identityToken = '', auth = '' } = config;
    if (username !== '')
        return { username, secret: password };
    if (identityToken !== '')
        return { username: '', secret: identityToken };
    return auth === '' ? anonymous : decodeAuth(auth);
}
function isForHost({ serverAddress = '' }, host, profile) {
    if (serverAddress === '')
        return true;
    const parsed = (0,goUrl/* parseGoUrl */.P)(serverAddress, profile);
    if (!parsed.ok)
        throw new PullError(`parse server address: ${parsed.error}`);
    return parsed.url.host === host;
}
function decodeAuth(auth) {
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
        throw new PullError(`invalid decoded auth: ${(0,goText/* quote */.hD)(padded)}`);
    }
    return { username: decoded.slice(0, colon), secret: decoded.slice(colon + 1).replaceAll(/^\0+|\0+$/g, '') };
}

// EXTERNAL MODULE: ./lib/src/resolver/nodeConfiguration.js
var nodeConfiguration = __webpack_require__(3335);
// EXTERNAL MODULE: ./lib/src/resolver/registryHosts.js + 3 modules
var registryHosts = __webpack_require__(6986);
;// CONCATENATED MODULE: ./lib/src/resolver/dockerBase.js








const manifestTypes = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, */*';
/** Makes clients for the hosts of a reference. Throws {@link PullError} where the node has none for it, or {@link Crash}. */
function dockerBase(configuration, reference, transport, credentials) {
    const { profile } = configuration;
    const result = (0,registryHosts/* registryHosts */.j)(configuration, reference.domain);
    if (!result.ok)
        throw result.isCrash ? new Crash(result.error) : new PullError(result.error);
    const fields = configuration.headers ?? [];
    const accept = fields.find(({ name }) => name === 'Accept')?.values ?? [manifestTypes];
    const header = withFields(fields.filter(({ name }) => name !== 'Accept'));
    const hasAgent = header.has('User-Agent') || profile.requests.userAgentReplaceable;
    return {
        profile,
        reference,
        hosts: bindHosts(result.hosts, configuration, transport, credentials),
        header: hasAgent ? header : setValue(header, 'User-Agent', userAgent(profile)),
        accept,
    };
}
function withFields(fields, header = new Map()) {
    return fields.reduce(addValues, header);
}
function userAgent({ version }) {
    return `containerd/${version}`;
}
// containerd v2.3.4 core/remotes/docker/config/hosts.go ConfigureHosts: one client for all hosts without settings
function bindHosts(hosts, configuration, transport, credentials) {
    const { profile } = configuration;
    const bind = (host) => {
        const { tls, dialTimeout, httpFallback } = host;
        const client = new HttpClient(transport, { profile, tls, dialTimeout, httpFallback });
        const header = tokenServerHeader(configuration, host);
        return { host, client, authorizer: new DockerAuthorizer({ client, header, profile }, credentials(host)) };
    };
    let shared;
    return hosts.map((host) => {
        if (host.ownClient)
            return bind(host);
        shared ??= bind(host);
        return { ...shared, host };
    });
}
// containerd v2.3.4 internal/cri/server/images/image_pull.go registryHosts: the transfer service hands on no headers
function tokenServerHeader(configuration, { header }) {
    if (!configuration.profile.requests.sendsHeadersToTokenServer)
        return new Map();
    const common = (0,nodeConfiguration/* pullPath */.L)(configuration) === 'local' ? (configuration.headers ?? []) : [];
    return withFields([...common, ...header]);
}
/** Who has which login on a node. */
// containerd v2.3.4 internal/cri/server/images/image_pull.go PullImage; v1.7.34 pkg/cri/server/image_pull.go
// registryHosts
function credentialsOf(configuration, { auth, configuredAuth }) {
    const { profile, registry } = configuration;
    const isTransfer = (0,nodeConfiguration/* pullPath */.L)(configuration) === 'transfer';
    const isBound = registry.form === 'inline' && !profile.requests.looksUpLoginByChallenger;
    return (endpoint) => (host) => {
        try {
            return parseAuth(auth ?? configuredAuth?.(isBound ? endpoint.host : host), host, profile);
        }
        catch (error) {
            // containerd v2.3.4 internal/cri/server/images/image_pull.go GetCredentials
            throw isTransfer ? wrapError(`failed to get credentials for ${(0,goText/* quote */.hD)(host)}`, error) : error;
        }
    };
}
/** The header of a request to a host. */
// containerd v2.3.4 core/remotes/docker/resolver.go request; v2.0.11 NewResolver sets the agent first
function requestHeader({ header, profile }, { host }) {
    const own = withFields(host.header, header);
    return firstValue(own, 'User-Agent') === '' ? setValue(own, 'User-Agent', userAgent(profile)) : own;
}

;// CONCATENATED MODULE: ./lib/src/resolver/mediaTypes.js
// containerd v2.3.4 core/images/mediatypes.go
/** The manifests of schema 1, which containerd 2.1 and later refuse. */
const schema1Manifest = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
const schema2Manifest = 'application/vnd.docker.distribution.manifest.v2+json';
const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const manifests = new Set([schema2Manifest, ociManifest]);
const indexes = new Set([
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.oci.image.index.v1+json',
]);
const configs = new Set([
    'application/vnd.docker.container.image.v1+json',
    'application/vnd.oci.image.config.v1+json',
]);
function isManifestType(mediaType) {
    return manifests.has(mediaType);
}
function isIndexType(mediaType) {
    return indexes.has(mediaType);
}
function isConfigType(mediaType) {
    return configs.has(mediaType);
}
const dockerLayer = /^application\/vnd\.docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.gzip|\.zstd)?(?:\+|$)/;
// containerd v2.3.4 core/images/mediatypes.go IsLayerType
function isLayerType(mediaType) {
    return mediaType.startsWith('application/vnd.oci.image.layer.') || dockerLayer.test(mediaType);
}

;// CONCATENATED MODULE: ./lib/src/resolver/platform.js
const defaultPlatform = { os: 'linux', architecture: 'amd64' };
/** What a node can run, the best first; only the first counts for the transfer service. */
// containerd/platforms v1.0.0-rc.4 compare.go platformVector
function platformVector(platform) {
    const normal = normalize(platform);
    const { os, architecture, variant = '' } = normal;
    const older = (name, newest, oldest) => Array.from({ length: Math.max(newest - oldest, 0) }, (_, index) => normalize({ os, architecture: name, variant: `v${newest - 1 - index}` }));
    switch (architecture) {
        case 'amd64': {
            const level = Number(variant.slice(1)) || 1;
            return [normal, ...older('amd64', level, 1), { os, architecture: '386' }];
        }
        case 'arm':
            return [normal, ...older('arm', Number(variant.slice(1)), 5)];
        case 'arm64':
            return [normal, ...(variant === '' ? older('arm', 9, 5) : [])];
        default:
            return [normal];
    }
}
/** The rank of a platform among those that a node can run; -1 where it cannot. */
function rankOf(platform, vector) {
    const { os, architecture, variant = '' } = normalize(platform);
    return vector.findIndex((known) => known.os === os && known.architecture === architecture && (known.variant ?? '') === variant);
}
const aliases = new Map([
    ['i386', { os: '', architecture: '386', variant: '' }],
    ['x86_64', { os: '', architecture: 'amd64' }],
    ['x86-64', { os: '', architecture: 'amd64' }],
    ['aarch64', { os: '', architecture: 'arm64' }],
    ['armhf', { os: '', architecture: 'arm', variant: 'v7' }],
    ['armel', { os: '', architecture: 'arm', variant: 'v6' }],
]);
// containerd/platforms v1.0.0-rc.4 database.go normalizeArch
function normalize({ os, architecture, variant = '' }) {
    const alias = aliases.get(architecture.toLowerCase());
    const name = alias?.architecture ?? architecture.toLowerCase();
    const written = (alias?.variant ?? variant).toLowerCase();
    return { os: os.toLowerCase(), architecture: name, variant: normalizeVariant(name, written) };
}
function normalizeVariant(architecture, variant) {
    if (architecture === 'arm64')
        return ['8', 'v8', '8.0', 'v8.0'].includes(variant) ? '' : variant;
    if (architecture === 'amd64')
        return variant === 'v1' ? '' : variant;
    if (architecture !== 'arm')
        return variant;
    if (variant === '')
        return 'v7';
    return /^\d/.test(variant) ? `v${variant}` : variant;
}

;// CONCATENATED MODULE: ./lib/src/resolver/imageContent.js





/** Reads a manifest. Throws {@link PullError}. */
// containerd v2.3.4 core/images/image.go Children
function readManifest(descriptor, content) {
    const data = readDocument(descriptor, content);
    const layers = listOf(fieldOf(data, 'layers')).map(readDescriptor);
    if (layers.some(({ mediaType }) => !isLayerType(mediaType)))
        throw new NotEmulated('a layer of another kind');
    return { config: readDescriptor(fieldOf(data, 'config')), layers };
}
/** Reads an index. Throws {@link PullError}. */
// containerd v2.3.4 core/images/image.go Children
function readIndex(descriptor, content) {
    const data = readDocument(descriptor, content);
    return listOf(fieldOf(data, 'manifests')).map((child) => ({
        ...readDescriptor(child),
        platform: readPlatform(fieldOf(child, 'platform')),
    }));
}
/** The manifests of an index that a node fetches: the best alone, or all of the very platform. */
// containerd v2.3.4 core/images/handlers.go FilterPlatforms, LimitManifests; core/transfer/image/imagestore.go
// ImageFilter
function selectManifests(children, platform, isTransfer) {
    const vector = platformVector(platform);
    const usable = isTransfer ? vector.slice(0, 1) : vector;
    const ranked = children
        .map((child) => ({ child, rank: child.platform ? rankOf(child.platform, usable) : usable.length }))
        .filter(({ rank }) => rank >= 0);
    if (isTransfer)
        return ranked.map(({ child }) => child);
    return ranked
        .toSorted((a, b) => a.rank - b.rank)
        .slice(0, 1)
        .map(({ child }) => child);
}
/** The layers of an image, if its config knows as many. Throws {@link PullError}. */
// containerd v2.3.4 core/unpack/unpacker.go unpack
function layersOf({ layers }, config) {
    if (layers.length === 0)
        return [];
    const result = unmarshalJson(new TextDecoder().decode(config));
    if (!result.ok)
        throw new PullError(`unmarshal image config: ${result.error}`);
    const { length } = listOf(fieldOf(fieldOf(result.value, 'rootfs'), 'diff_ids'));
    if (length !== layers.length) {
        throw new PullError(`number of layers and diffIDs don't match: ${layers.length} != ${length}`);
    }
    return layers;
}
// containerd v2.3.4 core/images/image.go validateMediaType
function readDocument({ mediaType, digest }, content) {
    const invalid = (reason) => new PullError(`children: invalid desc ${digest}: ${reason}`);
    const result = unmarshalJson(new TextDecoder().decode(content));
    if (!result.ok)
        throw invalid(result.error);
    const has = (name) => fieldOf(result.value, name) !== undefined;
    const own = fieldOf(result.value, 'mediaType');
    const claimed = typeof own === 'string' ? own : '';
    if (has('fsLayers'))
        throw invalid('media-type: schema 1 not supported');
    if (isManifestType(mediaType) && (has('manifests') || isIndexType(claimed))) {
        throw invalid(`media-type: expected manifest but found index (${mediaType})`);
    }
    if (isIndexType(mediaType) && (has('config') || has('layers') || isManifestType(claimed))) {
        throw invalid(`media-type: expected index but found manifest (${mediaType})`);
    }
    return result.value;
}
function listOf(data) {
    if (data === undefined || data === null)
        return [];
    if (Array.isArray(data))
        return data;
    throw new NotEmulated('the image has no list where one belongs');
}
function readDescriptor(data) {
    const mediaType = fieldOf(data, 'mediaType') ?? '';
    const digest = fieldOf(data, 'digest') ?? '';
    const size = fieldOf(data, 'size') ?? 0;
    if (typeof mediaType !== 'string' || typeof digest !== 'string' || typeof size !== 'number') {
        throw new NotEmulated('the image has a descriptor that is none');
    }
    return { mediaType, digest, size };
}
function readPlatform(data) {
    if (data === undefined || data === null)
        return undefined;
    const text = (name) => {
        const value = fieldOf(data, name);
        return typeof value === 'string' ? value : '';
    };
    return { os: text('os'), architecture: text('architecture'), variant: text('variant') };
}

;// CONCATENATED MODULE: ./lib/src/resolver/digest.js
/** The algorithms of digests, by the names that they have there. */
const algorithms = new Map([
    ['sha256', 'SHA-256'],
    ['sha384', 'SHA-384'],
    ['sha512', 'SHA-512'],
]);
/** The digest of some content: `sha256:` and 64 hexadecimal digits, or the same by another algorithm. */
// opencontainers/go-digest v1.0.0 algorithm.go FromBytes
async function digestOf(content, algorithm = 'sha256') {
    const hash = await crypto.subtle.digest(algorithms.get(algorithm) ?? 'SHA-256', Uint8Array.from(content));
    const digits = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0'));
    return `${algorithm}:${digits.join('')}`;
}
/** The algorithm of a digest. */
function algorithmOf(digest) {
    return digest.split(':', 1)[0] ?? '';
}

// EXTERNAL MODULE: ./lib/src/resolver/rewriteRepository.js
var rewriteRepository = __webpack_require__(4961);
;// CONCATENATED MODULE: ./lib/src/resolver/registryRequest.js





const maxAnswers = 6;
const maxRequests = 5;
/** Makes a request, with a login where one is wanted, and again as often as containerd does. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/resolver.go doWithRetriesInner; v2.3.1 the same, without a count of requests
async function doWithRetries(base, request, isLastHost) {
    const { countsFailedRequests } = base.profile.requests;
    const responses = [];
    let { method } = request;
    for (let requests = 0;;) {
        const done = await doWithTransportRetries(base, { ...request, method }, isLastHost, requests);
        responses.push(done.response);
        requests = done.requests;
        if (!countsFailedRequests && responses.length >= maxAnswers)
            return done.response;
        const retry = retryRequest(base.profile, { ...request, method }, responses, isLastHost);
        if (retry === undefined || (countsFailedRequests && requests >= maxRequests))
            return done.response;
        method = retry;
    }
}
/** Asks the last host again where it hung up or took too long. `requests` is how many were made before, and after. */
// containerd v2.3.4 core/remotes/docker/resolver.go doWithTransportRetries
async function doWithTransportRetries(base, request, isLastHost, before) {
    for (let requests = before + 1;; requests++) {
        try {
            return { response: await doRequest(base, request), requests };
        }
        catch (error) {
            const mayRetry = base.profile.requests.countsFailedRequests && isLastHost && requests < maxRequests;
            if (!mayRetry || !isTransient(asPullError(error)))
                throw error;
        }
    }
}
// containerd v2.3.4 core/remotes/docker/resolver.go isTransientTransportErr: the other time limits are deadlines
function isTransient({ facts }) {
    return ['eof', 'handshake-timeout', 'connect-timeout'].includes(facts.transport ?? '');
}
/** The method with which to ask again; undefined where the answer stands. Throws {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/resolver.go retryRequest
function retryRequest({ requests }, { method, url, bound }, responses, isLastHost) {
    const status = responses.at(-1)?.status ?? 0;
    switch (status) {
        case 401:
            return bound.authorizer.addResponses(responses) ? method : undefined;
        case 405:
            return method === 'HEAD' && url.includes('/manifests/') ? 'GET' : undefined;
        case 408:
        case 429:
            return method;
        case 500:
        case 503:
        case 504:
            return requests.retriesServerErrors && isLastHost && responses.at(-2)?.status !== status
                ? method
                : undefined;
        default:
            return undefined;
    }
}
// containerd v2.3.4 core/remotes/docker/resolver.go do
async function doRequest({ profile, reference }, request) {
    const { bound, method, url, header } = request;
    const parsed = (0,goUrl/* parseGoUrl */.P)(url, profile);
    if (!parsed.ok)
        throw new PullError(parsed.error);
    const scopes = [repositoryScope((0,rewriteRepository/* rewriteRepository */.l9)(reference.path, bound.host.rewrites))];
    const authorize = async (draft, words) => {
        try {
            const authorization = await bound.authorizer.authorize(draft.url.host, scopes);
            return authorization === undefined ? draft : withAuthorization(draft, authorization);
        }
        catch (error) {
            throw wrapError(words, error);
        }
    };
    const authorized = await authorize({ method, url: withoutEmptyPort(parsed.url), header }, 'failed to authorize');
    try {
        return await bound.client.do(authorized, (next) => authorize(next, 'failed to authorize redirect'));
    }
    catch (error) {
        throw wrapError('failed to do request', error);
    }
}

// EXTERNAL MODULE: ./lib/src/resolver/request.js
var request = __webpack_require__(3320);
;// CONCATENATED MODULE: ./lib/src/resolver/fetcher.js







/** Fetches content, whatever it is. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/fetcher.go Fetch
async function fetch(base, descriptor) {
    return askAll(base, descriptor).catch((error) => {
        throw wrapError('httpReadSeeker: failed open', error);
    });
}
/** Asks all hosts, whatever their capabilities. The first error counts where none helps. */
async function askAll(base, descriptor) {
    const { mediaType, digest } = descriptor;
    const kind = isManifest(mediaType, base.profile) ? 'manifests' : 'blobs';
    let first;
    for (const [index, bound] of base.hosts.entries()) {
        const header = fetchHeader(requestHeader(base, bound), descriptor, base.profile);
        const url = (0,request/* requestUrl */.Fl)(bound.host, base.reference, { kind, name: digest });
        try {
            return await openAt(base, { bound, method: 'GET', url, header }, index === base.hosts.length - 1);
        }
        catch (error) {
            const pullError = asPullError(error);
            first ??= pullError;
        }
    }
    if (kind === 'blobs' && first?.facts.code === 'NotFound') {
        throw notFound(`could not fetch content descriptor ${digest} (${mediaType}) from remote`);
    }
    throw first ?? new PullError('');
}
// containerd v2.3.4 core/remotes/docker/fetcher.go open
async function openAt(base, request, isLastHost) {
    const response = await doWithRetries(base, request, isLastHost);
    const error = contentError(response, request.url, base.profile);
    if (error)
        throw error;
    return response.body;
}
function isManifest(mediaType, { requests }) {
    if (isManifestType(mediaType) || isIndexType(mediaType))
        return true;
    return mediaType === schema1Manifest && requests.convertsSchema1;
}
function fetchHeader(header, { mediaType }, { requests }) {
    const accepting = setValue(header, 'Accept', mediaType === '' ? '*/*' : `${mediaType}, */*`);
    if (!requests.decodesContent)
        return accepting;
    return setValue(accepting, 'Accept-Encoding', 'zstd;q=1.0, gzip;q=0.8, deflate;q=0.5');
}

;// CONCATENATED MODULE: ./lib/src/resolver/ingest.js





/** Fetches content and checks that it is what its descriptor says. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/handlers.go Fetch, core/content/helpers.go Copy
async function ingest(base, descriptor) {
    const { digest, size } = descriptor;
    if (size === 0) {
        const text = `unable to fetch descriptor (${digest}) which reports content size of zero: invalid argument`;
        throw new PullError(text, { code: 'InvalidArgument' });
    }
    const content = await fetch(base, descriptor).catch((error) => {
        throw wrapError('failed to copy', error);
    });
    await checkContent(descriptor, content, base.profile);
    return content;
}
// containerd v2.3.4 core/content/helpers.go Copy, core/metadata/content.go commit,
// plugins/content/local/writer.go Commit
async function checkContent(descriptor, content, { requests }) {
    const { size, digest } = descriptor;
    const { length } = content;
    if (length < size && requests.shortContent === 'expected number') {
        throw new PullError('failed to read expected number of bytes: unexpected EOF');
    }
    if (length < size && requests.shortContent === 'short read') {
        throw new PullError(`short read: expected ${size} bytes but got ${length}: unexpected EOF`);
    }
    const key = refKey(descriptor);
    if (length !== size)
        throw commitError(key, `${(0,goText/* quote */.hD)(key)} failed size validation: ${length} != ${size}`);
    const actual = await digestOf(content, algorithmOf(digest));
    if (actual !== digest)
        throw commitError(key, `unexpected commit digest ${actual}, expected ${digest}`);
}
function commitError(key, text) {
    return new PullError(`failed commit on ref ${(0,goText/* quote */.hD)(key)}: ${text}: failed precondition`, {
        code: 'FailedPrecondition',
    });
}
// containerd v2.3.4 core/remotes/handlers.go MakeRefKey
function refKey({ mediaType, digest }) {
    if (isManifestType(mediaType))
        return `manifest-${digest}`;
    if (isIndexType(mediaType))
        return `index-${digest}`;
    if (isLayerType(mediaType))
        return `layer-${digest}`;
    return isConfigType(mediaType) ? `config-${digest}` : `unknown-${digest}`;
}

;// CONCATENATED MODULE: ./lib/src/resolver/printError.js

/** The message of an error as it leaves the CRI plugin. */
// containerd v2.3.4 internal/cri/instrument/instrumented_service.go PullImage
function printError_printError(error, profile) {
    const { redactsQueries, formatsErrors } = profile.requests;
    const { code = 'Unknown', url } = error.facts;
    const text = redactsQueries && url !== undefined ? redact(error.message, url, profile) : error.message;
    return formatsErrors && code !== 'Unknown' ? sprintf(text) : text;
}
// containerd v2.3.4 internal/cri/util/sanitize.go SanitizeError
function redact(message, url, profile) {
    const parsed = (0,goUrl/* parseGoUrl */.P)(url, profile);
    if (!parsed.ok)
        return message;
    const names = [...new Set(new URLSearchParams(parsed.url.query ?? '').keys())].sort();
    if (names.length === 0)
        return message;
    const query = names.map((name) => `${encodeURIComponent(name)}=%5BREDACTED%5D`).join('&');
    return message.replaceAll(url, (0,goUrl/* formatGoUrl */.Dr)({ ...parsed.url, query }));
}
/** A text that is taken for a format without arguments. */
// Go fmt.Sprintf
function sprintf(format) {
    return format.replaceAll(/%[#0+ -]*\d*(?:\.\d*)?([^]?)/gu, (_, verb) => {
        if (verb === '')
            return '%!(NOVERB)';
        return verb === '%' ? '%' : `%!${verb}(MISSING)`;
    });
}

;// CONCATENATED MODULE: ./lib/src/resolver/recordingTransport.js

/** Sends requests through another transport and keeps what it sent. */
class RecordingTransport {
    #transport;
    exchanges = [];
    phase = 'resolve';
    constructor(transport) {
        this.#transport = transport;
    }
    async send(request, options) {
        const record = (answer) => {
            this.exchanges.push({ phase: this.phase, request, tls: options.tls, answer });
        };
        try {
            const response = await this.#transport.send(request, options);
            record({ kind: 'answered', status: response.status, reason: response.reason });
            return response;
        }
        catch (error) {
            if (error instanceof TransportError)
                record({ kind: 'failed', error });
            throw error;
        }
    }
}

// EXTERNAL MODULE: ./lib/src/reference/digest.js
var reference_digest = __webpack_require__(8462);
;// CONCATENATED MODULE: ./lib/src/resolver/resolver.js













/** In bytes. */
// containerd v2.3.4 core/remotes/docker/resolver.go MaxManifestSize: 1048 is meant to be 1024
const maxManifestSize = 4 * 1048 * 1048;
/** Finds out what a reference stands for. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/resolver.go Resolve
async function resolve(base) {
    const { reference, profile } = base;
    const invalid = reference.digest === undefined ? undefined : (0,reference_digest/* digestError */.D)(reference.digest);
    if (invalid !== undefined)
        throw new PullError(invalid);
    const needed = (0,request/* neededCapabilities */.cM)(reference);
    const hosts = base.hosts.filter(({ host }) => (0,request/* hasCapabilities */.nX)(host, needed));
    if (hosts.length === 0)
        throw notFound('no resolve hosts');
    const findings = new Findings(profile.requests.ranksErrors, reference.digest);
    for (const object of (0,request/* requestedObjects */.hI)(reference)) {
        if (profile.requests.seeksBlobsAfterNotFoundOnly && findings.rank > ranks.notFound)
            break;
        for (const [index, bound] of hosts.entries()) {
            const descriptor = await resolveAt(base, bound, object, index === hosts.length - 1, findings);
            if (descriptor)
                return descriptor;
        }
    }
    throw findings.error ?? notFound((0,parseReference/* formatReference */.FH)(reference));
}
/** How far a request came; of two errors the one that came further is returned, where the version ranks them. */
const ranks = { none: 0, failed: 1, notFound: 2, refused: 3, tooLarge: 4 };
/** What was learned from the hosts so far: the error that the pull ends in unless another host helps. */
// containerd v2.3.4 core/remotes/docker/resolver.go Resolve (firstErrPriority); v1.7.34: the first but 404
class Findings {
    #isRanked;
    error;
    rank = 0;
    /** A digest that one host told stays, even where its manifest is too large and another host is asked. */
    digest;
    constructor(isRanked, digest) {
        this.#isRanked = isRanked;
        this.digest = digest;
    }
    add(kind, error) {
        if (!this.#isRanked && kind === 'notFound')
            return;
        const isBetter = this.#isRanked ? ranks[kind] > this.rank : !this.error;
        if (!isBetter)
            return;
        this.error = error;
        this.rank = ranks[kind];
    }
}
/** Asks one host. Undefined where the next one is to be asked; the reason is among the errors then. */
async function resolveAt(base, bound, object, isLastHost, findings) {
    const request = resolveRequest(base, bound, object, 'HEAD');
    let response;
    try {
        response = await doWithRetries(base, request, isLastHost);
    }
    catch (error) {
        findings.add('failed', explainRefusal(asPullError(error)));
        return undefined;
    }
    if (response.status > 299) {
        await addStatus(base, request, object, response, findings);
        return undefined;
    }
    const descriptor = await describe(base, bound, object, response, findings);
    if (descriptor.size <= maxManifestSize)
        return descriptor;
    const name = (0,parseReference/* formatReference */.FH)(base.reference);
    findings.add('tooLarge', notFound(`rejecting ${descriptor.size} byte manifest for ${name}`));
    return undefined;
}
function resolveRequest(base, bound, object, method) {
    const header = addValues(requestHeader(base, bound), { name: 'Accept', values: base.accept });
    return { bound, method, url: (0,request/* requestUrl */.Fl)(bound.host, base.reference, object), header };
}
function explainRefusal(error) {
    const words = 'pull access denied, repository does not exist or may require authorization';
    return error.facts.isUnauthorized === true ? wrapError(words, error) : error;
}
/** Adds the error of an answer; an answer that is neither content nor an error ends the pull. */
async function addStatus(base, request, object, response, findings) {
    if (response.status === 404)
        return findings.add('notFound', notFound((0,parseReference/* formatReference */.FH)(base.reference)));
    const error = statusError(base, request, object, response);
    if (response.status <= 399)
        throw error;
    findings.add('refused', await withReason(base, request, object, response, error));
}
function statusError({ profile }, { bound }, { kind, name }, response) {
    // The body was closed unread, so that no words of the registry follow.
    if (profile.requests.statusNamesUrl)
        return unexpectedStatus(response, profile);
    // containerd v1.6.24 remotes/docker/resolver.go Resolve
    const { status, statusLine } = response;
    const what = status > 399 ? 'status code' : 'unexpected status code';
    return new PullError(`pulling from host ${bound.host.host} failed with ${what} [${kind} ${name}]: ${statusLine}`);
}
// containerd v2.3.4 core/remotes/docker/pusher.go withGETErrorBody
async function withReason(base, { bound }, object, response, error) {
    const isWanted = response.status === 403 && response.request.method === 'HEAD';
    if (!base.profile.requests.asksForReasonOf403 || !isWanted)
        return error;
    try {
        const reason = await doWithRetries(base, resolveRequest(base, bound, object, 'GET'), false);
        return reason.status === 403
            ? unexpectedResponse({ ...response, body: reason.body }, base.profile)
            : error;
    }
    catch (failed) {
        asPullError(failed);
        return error;
    }
}
/** Reads what a host says of a manifest. Rejects with {@link PullError}, and the pull ends. */
async function describe(base, bound, object, response, findings) {
    const size = contentLength(response);
    if (size >= 0)
        findings.digest ??= digestHeader(response);
    const mediaType = manifestMediaType(response);
    const { digest } = findings;
    if (digest !== undefined && size >= 0)
        return { mediaType, digest, size };
    const content = await describeContent(base, bound, object, digest);
    findings.digest = content.digest;
    return content;
}
function digestHeader(response) {
    const digest = firstValue(response.header, 'Docker-Content-Digest');
    if (digest === '')
        return undefined;
    const invalid = (0,reference_digest/* digestError */.D)(digest);
    if (invalid !== undefined)
        throw new PullError(`${(0,goText/* quote */.hD)(digest)} in header not a valid digest: ${invalid}`);
    return digest;
}
/** Fetches a manifest whose digest or size no header tells. */
async function describeContent(base, bound, object, digest) {
    const response = await doWithRetries(base, resolveRequest(base, bound, object, 'GET'), true);
    const { profile } = base;
    if (profile.requests.checksStatusOfContent && response.status >= 400)
        throw unexpectedResponse(response, profile);
    const mediaType = manifestMediaType(response);
    const size = response.body.length;
    if (digest !== undefined)
        return { mediaType, digest, size };
    if (mediaType === schema1Manifest)
        throw contentErrorOfSchema1(response, profile);
    return { mediaType, digest: await digestOf(response.body), size };
}
/** The error of content that is said to be of schema 1, as any text is. */
// containerd v2.0.11 core/remotes/docker/schema1/converter.go ReadStripSignature
function contentErrorOfSchema1(response, { requests }) {
    if (!requests.convertsSchema1)
        return schema1Error('v2.0');
    const result = unmarshalJson(bodyText(response));
    if (!result.ok)
        return new PullError(result.error);
    const signatures = fieldOf(result.value, 'signatures') ?? [];
    const isUnsigned = Array.isArray(signatures) && signatures.length === 0;
    return isUnsigned ? new PullError('no signatures') : new NotEmulated('the image is of schema 1');
}
/** The error of an image that is too old. */
function schema1Error(since) {
    const text = `not implemented: media type "${schema1Manifest}" is no longer supported since containerd ${since}, please rebuild the image as "${schema2Manifest}" or "${ociManifest}"`;
    return new PullError(text, { code: 'Unimplemented' });
}
// containerd v2.3.4 core/remotes/docker/resolver.go getManifestMediaType
function manifestMediaType({ header }) {
    const [mediaType = ''] = firstValue(header, 'Content-Type').split(';', 1);
    return mediaType === 'text/plain' ? schema1Manifest : mediaType;
}

;// CONCATENATED MODULE: ./lib/src/resolver/pullImage.js












/**
 * Pulls an image as the node's containerd does, with requests that go through a transport. Never rejects, unless the
 * transport does with something else than its own error.
 */
// containerd v2.3.4 internal/cri/server/images/image_pull.go PullImage
function pullImage(configuration, reference, options) {
    return settle(configuration, reference, options, (pull) => pull.run());
}
/** Begins a pull, and ends it as soon as it is known what the reference stands for: nothing of the image is fetched. */
function resolveImage(configuration, reference, options) {
    return settle(configuration, reference, options, (pull) => pull.resolve());
}
async function settle(configuration, reference, options, run) {
    const transport = new RecordingTransport(options.transport);
    const { exchanges } = transport;
    if (configuration.registry.form === 'docker') {
        return { exchanges, outcome: { kind: 'not-emulated', reason: 'dockerd pulls in another way' } };
    }
    try {
        const descriptor = await run(new ImagePull(configuration, reference, options, transport));
        return { exchanges, outcome: { kind: 'pulled', descriptor } };
    }
    catch (error) {
        if (error instanceof NotEmulated) {
            return { exchanges, outcome: { kind: 'not-emulated', reason: error.message } };
        }
        if (error instanceof Crash)
            return { exchanges, outcome: { kind: 'crashed', panic: error.message } };
        return { exchanges, outcome: failure(error, configuration) };
    }
}
/** Errors of layers that are fetched at the same time: whichever comes first is returned. */
class LayerErrors extends Error {
    errors;
    constructor(errors) {
        super('layers failed');
        this.errors = errors;
    }
}
function failure(error, { profile }) {
    const errors = error instanceof LayerErrors ? error.errors : [asPullError(error)];
    const messages = errors.map((each) => printError_printError(each, profile));
    const [message = '', ...alternatives] = [...new Set(messages)];
    return { kind: 'failed', code: errors[0].facts.code ?? 'Unknown', message, alternatives };
}
class ImagePull {
    #configuration;
    #reference;
    #options;
    #transport;
    #isTransfer;
    constructor(configuration, reference, options, transport) {
        this.#configuration = configuration;
        this.#reference = reference;
        this.#options = options;
        this.#transport = transport;
        this.#isTransfer = (0,nodeConfiguration/* pullPath */.L)(configuration) === 'transfer';
    }
    run() {
        return this.#named((name) => this.#pull(name));
    }
    resolve() {
        return this.#named((name) => this.#resolve(name));
    }
    async #named(run) {
        const name = (0,parseReference/* formatReference */.FH)(this.#reference);
        try {
            return await run(name);
        }
        catch (error) {
            if (error instanceof ConfigError || error instanceof NotEmulated)
                throw error;
            const wrap = (each) => wrapError(`failed to pull and unpack image ${(0,goText/* quote */.hD)(name)}`, each);
            if (!(error instanceof LayerErrors))
                throw wrap(asPullError(error));
            const [first, ...others] = error.errors;
            throw new LayerErrors([wrap(first), ...others.map(wrap)]);
        }
    }
    // containerd v2.3.4 client/pull.go fetch, core/transfer/local/pull.go pull
    async #pull(name) {
        const descriptor = await this.#resolve(name);
        if (descriptor.mediaType === schema1Manifest)
            throw this.#schema1Error();
        this.#transport.phase = 'fetch';
        const base = this.#fetcher(name);
        const content = await ingest(base, descriptor);
        if (isIndexType(descriptor.mediaType))
            await this.#fetchIndex(base, descriptor, content);
        else if (isManifestType(descriptor.mediaType))
            await this.#fetchImage(base, descriptor, content);
        else
            throw this.#unexpectedMediaType(descriptor);
        return descriptor;
    }
    async #resolve(name) {
        const words = this.#isTransfer ? 'failed to resolve image' : `failed to resolve reference ${(0,goText/* quote */.hD)(name)}`;
        try {
            return await resolve(this.#base());
        }
        catch (error) {
            throw wrapError(words, error);
        }
    }
    #fetcher(name) {
        try {
            return this.#base();
        }
        catch (error) {
            throw wrapError(`failed to get fetcher for ${(0,goText/* quote */.hD)(name)}`, error);
        }
    }
    #base() {
        const credentials = credentialsOf(this.#configuration, this.#options);
        return dockerBase(this.#configuration, this.#reference, this.#transport, credentials);
    }
    #schema1Error() {
        if (this.#configuration.profile.requests.convertsSchema1)
            return new NotEmulated('the image is of schema 1');
        if (!this.#isTransfer)
            return schema1Error('v2.1');
        const text = 'schema 1 image manifests are no longer supported: invalid argument';
        return new PullError(text, { code: 'InvalidArgument' });
    }
    async #fetchIndex(base, index, content) {
        const children = readIndex(index, content);
        const platform = this.#options.platform ?? defaultPlatform;
        const manifests = selectManifests(children, platform, this.#isTransfer);
        if (manifests.length === 0)
            throw this.#noMatch(index);
        for (const manifest of manifests) {
            await this.#fetchImage(base, manifest, await ingest(base, manifest));
        }
    }
    // containerd v2.3.4 core/unpack/unpacker.go Unpack: the layers come after the config
    async #fetchImage(base, manifest, content) {
        if (!isManifestType(manifest.mediaType))
            throw new NotEmulated('an index within an index');
        const children = readManifest(manifest, content);
        const config = await ingest(base, children.config);
        if (!isConfigType(children.config.mediaType))
            throw new NotEmulated('the image has a config of another kind');
        await this.#fetchLayers(base, children, config);
    }
    // containerd v2.3.4 core/unpack/unpacker.go fetch: all at once
    async #fetchLayers(base, children, config) {
        const layers = layersOf(children, config);
        this.#transport.phase = 'layers';
        const errors = [];
        for (const layer of layers) {
            await ingest(base, layer).catch((error) => errors.push(asPullError(error)));
        }
        this.#transport.phase = 'fetch';
        const [first, ...others] = errors;
        if (first)
            throw new LayerErrors([first, ...others]);
    }
    // containerd v2.3.4 core/images/handlers.go LimitManifests, image.go Manifest
    #noMatch({ digest }) {
        if (!this.#isTransfer)
            return notFound('no match for platform in manifest');
        return new ConfigError(`no match for platform in manifest ${digest}`);
    }
    // containerd v2.3.4 core/images/image.go Manifest
    #unexpectedMediaType({ mediaType, digest }) {
        const text = `unexpected media type ${mediaType} for ${digest}`;
        if (this.#isTransfer)
            return new ConfigError(text);
        const { snapshotter = 'overlayfs' } = this.#options;
        return notFound(`failed to unpack image on snapshotter ${snapshotter}: ${text}`);
    }
}
/** An error that comes up after the pull, when the CRI plugin reads the image. */
class ConfigError extends PullError {
    constructor(text) {
        super(`get image config descriptor: ${text}: not found`, { code: 'NotFound' });
    }
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./lib/src/transport/dial.js


/** Connects. Rejects with {@link TransportError} in the words of Go, which cannot know the name server that was asked. */
// Go net Dialer.DialContext
function dial({ host, port }, timeout) {
    return new Promise((resolve, reject) => {
        const socket = (0,external_node_net_.connect)({ host, port });
        let tried;
        const timer = setTimeout(() => {
            socket.destroy();
            const where = tried === undefined ? `: lookup ${host}` : ` ${tried}`;
            reject(new TransportError('timeout', `dial tcp${where}: i/o timeout`));
        }, timeout);
        socket.on('connectionAttempt', (ip) => {
            tried ??= printAddress(ip, port);
        });
        socket.once('connect', () => {
            clearTimeout(timer);
            socket.removeAllListeners('error');
            // Whoever uses the socket listens for itself.
            socket.on('error', () => socket.destroy());
            resolve(socket);
        });
        socket.once('error', (error) => {
            clearTimeout(timer);
            reject(dialError(error, host, tried ?? printAddress(host, port)));
        });
    });
}
// Go syscall errors
const connectErrors = new Map([
    ['ECONNREFUSED', ['refused', 'connection refused']],
    ['EHOSTUNREACH', ['other', 'no route to host']],
    ['ENETUNREACH', ['other', 'network is unreachable']],
    ['ETIMEDOUT', ['connect-timeout', 'connection timed out']],
    ['ECONNRESET', ['other', 'connection reset by peer']],
    ['EACCES', ['other', 'permission denied']],
    ['EADDRNOTAVAIL', ['other', 'cannot assign requested address']],
]);
function dialError(error, host, address) {
    const first = error instanceof AggregateError ? asError(error.errors[0]) : error;
    const code = codeOf(first);
    if (code === 'ENOTFOUND') {
        return new TransportError('no-such-host', `dial tcp: lookup ${host}: no such host`, { cause: error });
    }
    if (code === 'EAI_AGAIN') {
        return new TransportError('other', `dial tcp: lookup ${host}: server misbehaving`, { cause: error });
    }
    const [kind, words] = connectErrors.get(code) ?? ['other', first.message];
    return new TransportError(kind, `dial tcp ${address}: connect: ${words}`, { cause: error });
}
function asError(error) {
    return error instanceof Error ? error : new Error(String(error));
}
/** The code that Node.js gives an error of the system; empty where there is none. */
function codeOf(error) {
    return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
function printAddress(host, port) {
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

;// CONCATENATED MODULE: ./lib/src/transport/contentCoding.js



const decoders = new Map([
    ['gzip', (body, maxOutputLength) => (0,external_node_zlib_.gunzipSync)(body, { maxOutputLength })],
    ['deflate', (body, maxOutputLength) => (0,external_node_zlib_.inflateRawSync)(body, { maxOutputLength })],
    ['identity', (body) => body],
]);
/** A body without its content codings. Throws {@link TransportError}. */
// containerd v2.3.4 core/remotes/docker/fetcher.go open
function decodeContent(body, codings, maxLength) {
    const names = (codings ?? '').split(/[ \t,]+/).filter((name) => name !== '');
    return body.length === 0
        ? body
        : names.reduceRight((decoded, name) => decode(decoded, name, maxLength), body);
}
function decode(body, name, maxLength) {
    const decoder = decoders.get(name.toLowerCase());
    if (!decoder)
        throw new TransportError('other', `unsupported Content-Encoding algorithm: ${name.toLowerCase()}`);
    try {
        return decoder(body, maxLength);
    }
    catch (error) {
        const isTooLong = error instanceof Error && codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
        const text = isTooLong ? `the answer is longer than ${maxLength} bytes` : `${name}: invalid header`;
        throw new TransportError('other', text, { cause: error });
    }
}

// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
// EXTERNAL MODULE: external "node:tls"
var external_node_tls_ = __webpack_require__(1692);
var external_node_tls_namespaceObject = /*#__PURE__*/__webpack_require__.t(external_node_tls_, 2);
;// CONCATENATED MODULE: ./lib/src/transport/certificateError.js

/** Why Go does not accept the certificate of a server; undefined where it does. The first reason in Go's order counts. */
// Go crypto/x509 verify.go Certificate.Verify
function certificateError(socket, host, now) {
    const certificate = socket.getPeerCertificate();
    return validityError(certificate, now) ?? nameError(certificate, host) ?? chainError(socket);
}
// Go crypto/x509 verify.go CertificateInvalidError
function validityError({ valid_from: from, valid_to: to }, now) {
    const words = 'x509: certificate has expired or is not yet valid: current time';
    if (now < new Date(from))
        return `${words} ${timeText(now)} is before ${timeText(new Date(from))}`;
    if (now > new Date(to))
        return `${words} ${timeText(now)} is after ${timeText(new Date(to))}`;
    return undefined;
}
function timeText(time) {
    return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
// Go crypto/x509 verify.go VerifyHostname, HostnameError
function nameError(certificate, host) {
    const { names, addresses } = alternativeNames(certificate);
    if ((0,external_node_net_.isIP)(host) > 0) {
        if (addresses.includes(normalAddress(host)))
            return undefined;
        if (addresses.length === 0) {
            return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
        }
        return `x509: certificate is valid for ${addresses.join(', ')}, not ${host}`;
    }
    const wanted = host.toLowerCase().replace(/\.$/, '');
    if (names.some((name) => matches(name.toLowerCase(), wanted)))
        return undefined;
    if (names.length > 0)
        return `x509: certificate is valid for ${names.join(', ')}, not ${host}`;
    if (addresses.length === 0 && hasHostName(certificate)) {
        return 'x509: certificate relies on legacy Common Name field, use SANs instead';
    }
    return `x509: certificate is not valid for any names, but wanted to match ${host}`;
}
/** The names in a certificate as Node.js prints them: `DNS:a, IP Address:10.0.0.1`. */
function alternativeNames({ subjectaltname: text = '' }) {
    const entries = text.split(/, (?=[A-Za-z ]+:)/);
    const withPrefix = (prefix) => entries.filter((entry) => entry.startsWith(prefix)).map((entry) => unquote(entry.slice(prefix.length)));
    return { names: withPrefix('DNS:'), addresses: withPrefix('IP Address:').map(normalAddress) };
}
/** Names with characters that could be mistaken are printed as JSON. */
function unquote(text) {
    return text.startsWith('"') ? String(JSON.parse(text)) : text;
}
function normalAddress(address) {
    return address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
// Go crypto/x509 verify.go matchHostnames: a star stands for one whole label, the first
function matches(pattern, host) {
    if (!pattern.startsWith('*.'))
        return pattern === host;
    return host.includes('.') && host.slice(host.indexOf('.')) === pattern.slice(1);
}
// Go crypto/x509 verify.go validHostname, of the common name
function hasHostName({ subject }) {
    const name = [subject.CN].flat()[0] ?? '';
    return /^(?:\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*)(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*$/.test(name);
}
// Go crypto/x509 verify.go UnknownAuthorityError
function chainError(socket) {
    if (socket.authorized)
        return undefined;
    // Node.js has checked the name as well, with its own rules; that was judged before.
    const { authorizationError } = socket;
    const code = authorizationError instanceof Error ? authorizationError.message : String(authorizationError);
    return code.includes('ALTNAME') ? undefined : 'x509: certificate signed by unknown authority';
}

;// CONCATENATED MODULE: ./lib/src/transport/startTls.js






/**
 * Speaks TLS on a connection. Resolves when the certificate of the server was found good, or need not be. Rejects with
 * {@link TransportError} in the words of Go.
 */
// Go crypto/tls Conn.Handshake
async function startTls(socket, host, options, timeout, readFile) {
    const connection = new TappedConnection(socket);
    const secured = start(connection, host, options, readFile);
    await handshake(secured, connection, timeout);
    const error = options.skipVerify ? undefined : certificateError(secured, host, new Date());
    if (error !== undefined) {
        secured.destroy();
        throw new TransportError('certificate', error);
    }
    return secured;
}
/** A file that cannot be read or used is an error of the connection too; containerd finds it before. */
function start(socket, host, options, readFile) {
    try {
        return external_node_tls_.connect({
            socket,
            ...((0,external_node_net_.isIP)(host) === 0 && { servername: host }),
            ca: authorities(options, readFile),
            ...clientCertificate(options, readFile),
            // Judged later, in the order in which Go does.
            rejectUnauthorized: false,
            minVersion: 'TLSv1.2',
            ALPNProtocols: [],
        });
    }
    catch (error) {
        throw new TransportError('other', error instanceof Error ? error.message : String(error), {
            cause: error,
        });
    }
}
function authorities({ ca }, readFile) {
    const system = "getCACertificates" in external_node_tls_namespaceObject ? external_node_tls_.getCACertificates('system') : [];
    const own = ca.map((path) => readFile(path));
    return [...(system.length > 0 ? system : external_node_tls_.rootCertificates), ...own];
}
/** Go offers the certificate that the server's request fits; here it is the last one of several. */
function clientCertificate({ client }, readFile) {
    const pair = client.at(-1);
    return pair ? { cert: readFile(pair.cert), key: readFile(pair.key ?? pair.cert) } : {};
}
/** A connection that keeps the first bytes that it received: a TLS socket does not show them. */
class TappedConnection extends external_node_stream_.Duplex {
    #socket;
    first = Buffer.alloc(0);
    constructor(socket) {
        super();
        this.#socket = socket;
        socket.on('data', (chunk) => {
            if (this.first.length < recordHeaderLength)
                this.first = Buffer.concat([this.first, chunk]);
            if (!this.push(chunk))
                socket.pause();
        });
        socket.once('end', () => this.push(null));
        socket.once('close', () => this.destroy());
    }
    _read() {
        this.#socket.resume();
    }
    _write(chunk, _, done) {
        this.#socket.write(chunk, done);
    }
    _final(done) {
        this.#socket.end(done);
    }
    _destroy(error, done) {
        this.#socket.destroy();
        done(error);
    }
}
const recordHeaderLength = 5;
function handshake(secured, connection, timeout) {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
            secured.destroy();
            reject(new TransportError('handshake-timeout', 'net/http: TLS handshake timeout'));
        }, timeout);
        const fail = (error) => {
            clearTimeout(timer);
            reject(handshakeError(error, connection.first));
        };
        secured.once('secureConnect', () => {
            clearTimeout(timer);
            secured.off('error', fail);
            secured.on('error', () => secured.destroy());
            resolve();
        });
        secured.once('error', fail);
        secured.once('close', () => fail(new Error('the connection was closed')));
    });
}
// Go crypto/tls alert.go
const alerts = new Map([
    ['BAD_CERTIFICATE', 'bad certificate'],
    ['CERTIFICATE_REQUIRED', 'certificate required'],
    ['CERTIFICATE_UNKNOWN', 'unknown certificate'],
    ['CERTIFICATE_EXPIRED', 'expired certificate'],
    ['UNKNOWN_CA', 'unknown certificate authority'],
    ['HANDSHAKE_FAILURE', 'handshake failure'],
    ['PROTOCOL_VERSION', 'protocol version not supported'],
    ['UNRECOGNIZED_NAME', 'unrecognized name'],
    ['INTERNAL_ERROR', 'internal error'],
    ['ACCESS_DENIED', 'access denied'],
]);
/** Go's words for what the server found wrong with the client; undefined for another error. */
function alertText(error) {
    const alert = [...alerts].find(([name]) => codeOf(error).includes(`ALERT_${name}`));
    return alert && `remote error: tls: ${alert[1]}`;
}
/** Why a handshake failed, by the error of Node.js and the first bytes that the server sent. */
// Go crypto/tls conn.go readRecordOrCCS, net/http transport.go dialConn
function handshakeError(error, first) {
    const fail = (text) => new TransportError('other', text, { cause: error });
    if (first.toString('latin1', 0, recordHeaderLength) === 'HTTP/') {
        const text = 'http: server gave HTTP response to HTTPS client';
        return new TransportError('http-response', text, { cause: error });
    }
    if (first.length > 0 && !isTlsRecord(first))
        return fail('tls: first record does not look like a TLS handshake');
    const alert = alertText(error);
    if (alert !== undefined)
        return fail(alert);
    if (codeOf(error).startsWith('ERR_SSL_'))
        return fail(`tls: ${error.message}`);
    return new TransportError('eof', 'EOF', { cause: error });
}
/** True for the start of an alert or a handshake of a version that exists. */
function isTlsRecord([type = 0, version = 0]) {
    return (type === 21 || type === 22) && version < 16;
}

;// CONCATENATED MODULE: ./lib/src/transport/responseError.js




/** Why no answer could be read, in the words of Go. `ends` are the addresses of the connection. */
// Go net/http transport.go mapRoundTripError
function responseError(error, ends) {
    const code = codeOf(error);
    if (code.startsWith('HPE_') && 'rawPacket' in error && error.rawPacket instanceof Buffer) {
        const text = `net/http: HTTP/1.x transport connection broken: ${malformed(error.rawPacket)}`;
        return new TransportError('other', text, { cause: error });
    }
    const alert = alertText(error);
    if (alert !== undefined)
        return new TransportError('other', alert, { cause: error });
    // Node.js calls both an end and a reset of the connection a reset; only the second one is in the system's words.
    if (code === 'ECONNRESET' && error.message !== 'socket hang up') {
        return new TransportError('other', `read tcp ${ends}: read: connection reset by peer`, { cause: error });
    }
    if (code === 'EPIPE')
        return new TransportError('other', 'write: broken pipe', { cause: error });
    return new TransportError('eof', 'EOF', { cause: error });
}
// Go net/http response.go ReadResponse
function malformed(packet) {
    const [line = ''] = packet.toString('latin1').split(/\r?\n/, 1);
    const space = line.indexOf(' ');
    if (space < 0)
        return `malformed HTTP response ${(0,goText/* quote */.hD)(line)}`;
    const [status = ''] = line
        .slice(space + 1)
        .trimStart()
        .split(' ', 1);
    if (!/^\d{3}$/.test(status))
        return `malformed HTTP status code ${(0,goText/* quote */.hD)(status)}`;
    const version = line.slice(0, space);
    return /^HTTP\/\d\.\d$/.test(version)
        ? `malformed MIME header: ${(0,goText/* quote */.hD)(line)}`
        : `malformed HTTP version ${(0,goText/* quote */.hD)(version)}`;
}

;// CONCATENATED MODULE: ./lib/src/transport/https.js








const defaultPatience = 60_000;
const defaultMaxBodyLength = 8 * 1024 * 1024;
/**
 * Makes requests over the network, each on a connection of its own, with the errors that a Go client would have. Nothing is
 * sent before the certificate of the server was found good. Proxies are not used.
 */
class HttpsTransport {
    #readFile;
    #addresses;
    #maxBodyLength;
    #patience;
    constructor({ readFile, addresses, maxBodyLength, patience } = {}) {
        this.#readFile = readFile ?? ((path) => (0,external_node_fs_.readFileSync)(path, 'utf8'));
        this.#addresses = addresses ?? new Map();
        this.#maxBodyLength = maxBodyLength ?? defaultMaxBodyLength;
        this.#patience = patience ?? defaultPatience;
    }
    async send(request, options) {
        const { address, authority, target } = parseUrl(request.url, options);
        const socket = await dial(this.#resolve(address), options.dialTimeout);
        let isOver = false;
        const timer = setTimeout(() => {
            isOver = true;
            socket.destroy();
        }, this.#patience);
        try {
            const stream = options.tls
                ? await startTls(socket, address.host, options.tls, options.handshakeTimeout, this.#readFile)
                : socket;
            const ends = `${socket.localAddress}:${socket.localPort}->${socket.remoteAddress}:${socket.remotePort}`;
            return await exchange(stream, {
                ends,
                request,
                authority,
                target,
                options,
                maxBodyLength: this.#maxBodyLength,
            });
        }
        catch (error) {
            if (!isOver)
                throw error;
            const text = `no answer within ${this.#patience} ms, where containerd may wait for ever`;
            throw new TransportError('other', text, { cause: error });
        }
        finally {
            clearTimeout(timer);
            socket.destroy();
        }
    }
    #resolve({ host, port }) {
        return { host: this.#addresses.get(host) ?? host, port };
    }
}
function parseUrl(url, { tls }) {
    const [, authority = '', rest = ''] = /^https?:\/\/([^/?]*)([^]*)$/.exec(url) ?? [];
    const { host, port } = (0,goText/* splitHostPort */.cC)(authority) ?? { host: authority, port: '' };
    const address = {
        host: host.replaceAll(/^\[|\]$/g, ''),
        port: port === '' ? (tls ? 443 : 80) : Number(port),
    };
    if (address.port > 65_535)
        throw new TransportError('other', `dial tcp: address ${port}: invalid port`);
    return { address, authority, target: rest.startsWith('/') ? rest : `/${rest}` };
}
/** Sends a request on a connection and reads the answer. */
async function exchange(stream, given) {
    const response = await head(stream, given);
    const { method } = given.request;
    const { statusCode = 0, statusMessage = '', rawHeaders } = response;
    const header = pairs(rawHeaders).map(([name, value]) => ({ name, values: [value] }));
    const raw = method === 'HEAD' ? Buffer.alloc(0) : await readBody(response, given.maxBodyLength);
    const body = decodeContent(raw, response.headers['content-encoding'], given.maxBodyLength);
    return { status: statusCode, reason: statusMessage, header, body };
}
function head(stream, given) {
    const { responseHeaderTimeout } = given.options;
    return new Promise((resolve, reject) => {
        const timer = responseHeaderTimeout === undefined
            ? undefined
            : setTimeout(() => {
                reject(new TransportError('header-timeout', 'net/http: timeout awaiting response headers'));
            }, responseHeaderTimeout);
        const settle = () => clearTimeout(timer);
        try {
            const sent = https_start(stream, given);
            sent.once('response', (response) => {
                settle();
                resolve(response);
            });
            sent.once('error', (error) => {
                settle();
                reject(responseError(error, given.ends));
            });
        }
        catch (error) {
            settle();
            // What Node.js refuses to write: characters in a path that Go would not let through either.
            reject(new TransportError('other', error instanceof Error ? error.message : String(error), { cause: error }));
        }
    });
}
function https_start(stream, { request, authority, target }) {
    const { method, header, body } = request;
    const fields = [
        ['Host', authority],
        ...header.flatMap(({ name, values }) => values.map((value) => [name, asLatin1(value)])),
        ...(body === undefined ? [] : [['Content-Length', `${Buffer.byteLength(body)}`]]),
    ];
    const sent = (0,external_node_http_.request)({
        method,
        path: target,
        headers: fields.flat(),
        // Without an agent, which would make a connection of its own.
        createConnection: () => stream,
    });
    sent.end(body);
    return sent;
}
/** Bytes of UTF-8 as characters, which is how Node.js takes them. */
function asLatin1(value) {
    return Buffer.from(value, 'utf8').toString('latin1');
}
function pairs(raw) {
    return raw.flatMap((name, index) => index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []);
}
async function readBody(response, maxLength) {
    const chunks = [];
    let length = 0;
    try {
        for await (const chunk of response) {
            chunks.push(chunk);
            length += chunk.length;
            if (length > maxLength)
                throw new TransportError('other', `the answer is longer than ${maxLength} bytes`);
        }
    }
    catch (error) {
        if (error instanceof TransportError)
            throw error;
        throw new TransportError('eof', 'unexpected EOF', { cause: error });
    }
    return Buffer.concat(chunks);
}

// EXTERNAL MODULE: ./lib/src/source/variable.js
var variable = __webpack_require__(6684);
;// CONCATENATED MODULE: ./lib/src/cli/liveAnswers.js




/** Sends the requests that find out what a reference stands for; nothing of the image is fetched, nothing is changed. */
async function askRegistries(node, reference) {
    const { addresses, readFile, configuration } = node;
    const { exchanges, outcome } = await resolveImage(configuration, reference, {
        transport: new HttpsTransport({ addresses, readFile }),
        configuredAuth: (host) => withVariables(node.configuredAuth(host)),
    });
    return { requests: exchanges.map(describeExchange), outcome };
}
function describeExchange({ request, answer }) {
    const { method, url } = request;
    const words = answer.kind === 'answered' ? `${answer.status} ${answer.reason}` : answer.error.message;
    return { method, url: withoutSignature(url), answer: words.trimEnd() };
}
/** What a registry's own URLs and those of its token server ask for. */
const knownParameters = new Set(['ns', 'service', 'scope', 'account', 'offline_token']);
/** A redirect may lead to a URL that is a key in itself: such a query is not shown. */
function withoutSignature(url) {
    const [address = '', query] = url.split('?', 2);
    if (query === undefined)
        return url;
    const names = [...new URLSearchParams(query).keys()];
    return names.every((name) => knownParameters.has(name)) ? url : `${address}?...`;
}
function withVariables(auth) {
    if (!auth)
        return undefined;
    const { username, password, auth: encoded, identityToken } = auth;
    return {
        username: fillIn(username),
        password: fillIn(password),
        auth: fillIn(encoded),
        identityToken: fillIn(identityToken),
    };
}
/** The text, or the variable of the environment that it names. */
function fillIn(text) {
    const name = (0,variable/* variableName */.c)(text ?? '');
    if (name === undefined)
        return text;
    const value = process.env[name];
    if (value === undefined)
        throw new errors/* UserError */.y(`the variable ${name} of a login is not set`, `export ${name}`);
    return value;
}


/***/ })

};
