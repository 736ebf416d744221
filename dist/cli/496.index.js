export const id = 496;
export const ids = [496];
export const modules = {

/***/ 1496:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   installKind: () => (/* binding */ installKind),
/* harmony export */   kindSource: () => (/* binding */ kindSource)
/* harmony export */ });
/* unused harmony export kindVersions */
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);
/* harmony import */ var _downloadFile_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1024);




// github.com/kubernetes-sigs/kind/releases, the files kind-linux-ARCH.sha256sum
const kindReleases = {
    '0.29.0': {
        x64: 'c72eda46430f065fb45c5f70e7c957cc9209402ef309294821978677c8fb3284',
        arm64: '03d45095dbd9cc1689f179a3e5e5da24b77c2d1b257d7645abf1b4174bebcf2a',
    },
    '0.30.0': {
        x64: '517ab7fc89ddeed5fa65abf71530d90648d9638ef0c4cde22c2c11f8097b8889',
        arm64: '7ea2de9d2d190022ed4a8a4e3ac0636c8a455e460b9a13ccf19f15d07f4f00eb',
    },
    '0.31.0': {
        x64: 'eb244cbafcc157dff60cf68693c14c9a75c4e6e6fedaf9cd71c58117cb93e3fa',
        arm64: '8e1014e87c34901cc422a1445866835d1e666f2a61301c27e722bdeab5a1f7e4',
    },
    '0.32.0': {
        x64: '50030de23cf40a18505f20426f6a8506bedf13c6e509244bd1fa9463721b0f54',
        arm64: 'b92cd615e97585de8ddade28ed5cd7feb4248d717c233eea5b03c37298900f5d',
    },
    '0.33.0': {
        x64: 'aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d',
        arm64: '20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2',
    },
};
/** The versions of kind that can be asked for. */
const kindVersions = Object.keys(kindReleases);
/**
 * The official program of a version.
 *
 * @throws {@link DownloadError} where there is none whose SHA-256 is known.
 */
function kindSource(version) {
    const release = Object.hasOwn(kindReleases, version) ? kindReleases[version] : undefined;
    const { arch, platform } = process;
    if (!release)
        throw new _downloadFile_js__WEBPACK_IMPORTED_MODULE_3__/* .DownloadError */ .n(`kind ${version} is none of ${kindVersions.join(', ')}, whose checksums are known`, true);
    if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64'))
        throw new _downloadFile_js__WEBPACK_IMPORTED_MODULE_3__/* .DownloadError */ .n(`kind ${version} has no program for this machine (${platform} ${arch})`, true);
    return {
        url: 'https://github.com/kubernetes-sigs/kind/releases/download',
        checksum: release[arch],
        architecture: arch === 'x64' ? 'amd64' : 'arm64',
        maxBytes: 100_000_000,
        time: 120_000,
        tries: 3,
        pause: 1000,
    };
}
/**
 * Gets kind, unless it is there already. Of two runs at once the first one wins.
 *
 * @returns the folder with the program, for PATH.
 * @throws {@link DownloadError}
 */
async function installKind(version, source, environment) {
    const cache = cacheFolder(environment);
    const folder = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(cache, `${version}-${source.architecture}`);
    if (await isFile((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, 'kind')))
        return folder;
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdir)(cache, { recursive: true });
    const unfinished = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(cache, '.download-'));
    try {
        const file = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(unfinished, 'kind');
        await (0,_downloadFile_js__WEBPACK_IMPORTED_MODULE_3__/* .downloadFile */ .P)(`${source.url}/v${version}/kind-linux-${source.architecture}`, file, source.checksum, source);
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.chmod)(file, 0o755);
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.chmod)(unfinished, 0o755);
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rename)(unfinished, folder);
    }
    catch (error) {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(unfinished, { recursive: true, force: true });
        if (!(await isFile((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, 'kind'))))
            throw error;
    }
    return folder;
}
async function isFile(path) {
    return (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.stat)(path).then((found) => found.isFile(), () => false);
}
function cacheFolder(environment) {
    const { MIRRORPROOF_CACHE: chosen = '', RUNNER_TOOL_CACHE: tools = '' } = environment;
    if ((0,node_path__WEBPACK_IMPORTED_MODULE_2__.isAbsolute)(tools))
        return (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(tools, 'mirrorproof-kind');
    return (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(chosen === '' ? (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)((0,node_os__WEBPACK_IMPORTED_MODULE_1__.homedir)(), '.cache', 'mirrorproof') : chosen, 'kind-releases');
}


/***/ })

};
