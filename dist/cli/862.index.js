export const id = 862;
export const ids = [862];
export const modules = {

/***/ 862:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   askRegistries: () => (/* binding */ askRegistries)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5071);
/* harmony import */ var _resolver_pullImage_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8271);
/* harmony import */ var _transport_https_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8558);
/* harmony import */ var _source_signedUrl_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7783);
/* harmony import */ var _source_variable_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(6684);





/** Sends the requests that find out what a reference stands for; nothing of the image is fetched, nothing is changed. */
async function askRegistries(node, reference) {
    const { addresses, readFile, configuration } = node;
    const { exchanges, outcome } = await (0,_resolver_pullImage_js__WEBPACK_IMPORTED_MODULE_1__/* .resolveImage */ .AT)(configuration, reference, {
        transport: new _transport_https_js__WEBPACK_IMPORTED_MODULE_2__/* .HttpsTransport */ .$({ addresses, readFile }),
        configuredAuth: (host) => withVariables(node.configuredAuth(host)),
    });
    return { requests: exchanges.map(describeExchange), outcome };
}
function describeExchange({ request, answer }) {
    const { method, url } = request;
    const words = answer.kind === 'answered' ? `${answer.status} ${answer.reason}` : answer.error.message;
    return { method, url: (0,_source_signedUrl_js__WEBPACK_IMPORTED_MODULE_3__/* .withoutSignature */ .N)(url), answer: words.trimEnd() };
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
    const name = (0,_source_variable_js__WEBPACK_IMPORTED_MODULE_4__/* .variableName */ .c)(text ?? '');
    if (name === undefined)
        return text;
    const value = process.env[name];
    if (value === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y(`the variable ${name} of a login is not set`, `export ${name}`);
    return value;
}


/***/ })

};
