export const id = 105;
export const ids = [105];
export const modules = {

/***/ 35105:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runBuilds: () => (/* binding */ runBuilds)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./lib/src/files/temporaryFolder.js
var temporaryFolder = __webpack_require__(59969);
// EXTERNAL MODULE: ./lib/src/process/process.js + 1 modules
var process_process = __webpack_require__(66103);
;// CONCATENATED MODULE: ./lib/src/build/buildEnvironment.js


/** Nobody listens there: what goes through it fails at once. */
const deadProxy = 'http://127.0.0.1:9';
/**
 * All that a program gets to know of this machine. Its PATH is an empty folder: there is no git that could fetch a remote base,
 * and no plugin. Its folders for settings, caches and temporary files are below `home`, which goes away with the job.
 */
function buildEnvironment(home) {
    const folder = (name) => {
        const path = (0,external_node_path_.join)(home, name);
        (0,external_node_fs_.mkdirSync)(path, { recursive: true });
        return path;
    };
    const settings = folder('home');
    return {
        PATH: folder('programs'),
        HOME: settings,
        TMPDIR: folder('temporary'),
        LC_ALL: 'C',
        XDG_CONFIG_HOME: settings,
        XDG_CACHE_HOME: settings,
        XDG_DATA_HOME: settings,
        KUBECONFIG: '/dev/null',
        KUBERC: 'off',
        HELM_PLUGINS: folder('plugins'),
        HELM_CACHE_HOME: settings,
        HELM_CONFIG_HOME: settings,
        HELM_DATA_HOME: settings,
        HTTP_PROXY: deadProxy,
        HTTPS_PROXY: deadProxy,
        ALL_PROXY: deadProxy,
        http_proxy: deadProxy,
        https_proxy: deadProxy,
        all_proxy: deadProxy,
        NO_PROXY: '',
        no_proxy: '',
    };
}

;// CONCATENATED MODULE: ./lib/src/build/copyForJob.js


/** Why the files of a job cannot be copied, in one sentence. */
class CopyError extends Error {
    name = 'CopyError';
}
/** What version control and package managers keep; the first can hold credentials. */
const leftOut = new Set(['.git', '.hg', '.svn', 'node_modules']);
/**
 * Copies the files that a job has to see. A symbolic link becomes what it leads to, when that is in the repository, so that the
 * copy holds none; others are left out.
 *
 * @throws CopyError
 */
function copyForJob(root, target, job, limits) {
    const copy = new Copy((0,external_node_fs_.realpathSync)(root), target, limits);
    const folders = job.files ? job.folders : [job.folder, ...job.folders];
    (0,external_node_fs_.mkdirSync)((0,external_node_path_.join)(target, inside(job.folder)), { recursive: true });
    try {
        for (const folder of folders)
            copy.addFolder(inside(folder));
        for (const file of job.files ?? [])
            copy.addFile(inside(file));
        for (const [file, text] of job.overrides)
            copy.write(inside(file), text);
    }
    catch (error) {
        if (error instanceof Error && 'syscall' in error)
            throw new CopyError(`its files cannot be copied: ${error.message}`, { cause: error });
        throw error;
    }
}
/** A path below the root, without a slash at its end. */
function inside(path) {
    const plain = external_node_path_.posix.normalize(path === '' ? '.' : path).replace(/\/$/, '');
    if (plain === '..' || plain.startsWith('../') || external_node_path_.posix.isAbsolute(plain) || plain.includes('\0'))
        throw new CopyError(`\`${path}\` is outside of the repository`);
    return plain;
}
class Copy {
    #root;
    #target;
    #limits;
    #done = new Set();
    #files = 0;
    #bytes = 0;
    constructor(root, target, limits) {
        this.#root = root;
        this.#target = target;
        this.#limits = limits;
    }
    addFolder(path) {
        const real = this.#locate(path);
        if (real !== undefined && (0,external_node_fs_.statSync)(real).isDirectory())
            this.#enter(path, [real]);
    }
    addFile(path) {
        const real = this.#locate(path);
        if (real === undefined || this.#done.has(path))
            return;
        const stat = (0,external_node_fs_.statSync)(real);
        if (!stat.isFile())
            return;
        this.#count(stat.size);
        this.#done.add(path);
        this.#makeParent(path);
        (0,external_node_fs_.copyFileSync)(real, (0,external_node_path_.join)(this.#target, path));
    }
    write(path, text) {
        this.#count(text.length);
        this.#makeParent(path);
        (0,external_node_fs_.writeFileSync)((0,external_node_path_.join)(this.#target, path), text);
    }
    /** @param way the real folders from the first one to this one; a link back to one of them would never end */
    #enter(path, way) {
        if (this.#done.has(path))
            return;
        this.#done.add(path);
        // Folders of links to each other have more ways through them than anybody can go, and not one file.
        this.#count(0);
        (0,external_node_fs_.mkdirSync)((0,external_node_path_.join)(this.#target, path), { recursive: true });
        for (const entry of (0,external_node_fs_.readdirSync)((0,external_node_path_.join)(this.#root, path), { withFileTypes: true })) {
            if (!leftOut.has(entry.name))
                this.#addEntry(external_node_path_.posix.join(path, entry.name), entry, way);
        }
    }
    #addEntry(path, entry, way) {
        if (entry.isFile())
            return this.addFile(path);
        const real = entry.isDirectory() || entry.isSymbolicLink() ? this.#locate(path) : undefined;
        if (real === undefined)
            return;
        if (!(0,external_node_fs_.statSync)(real).isDirectory())
            this.addFile(path);
        else if (!way.includes(real))
            this.#enter(path, [...way, real]);
    }
    /** Where a path of the repository really is; undefined where that is nowhere, outside, or in what is left out. */
    #locate(path) {
        try {
            const real = (0,external_node_fs_.realpathSync)((0,external_node_path_.join)(this.#root, path));
            const [first, ...others] = (0,external_node_path_.relative)(this.#root, real).split(external_node_path_.sep);
            return first === '..' || [first, ...others].some((name) => name === '.git') ? undefined : real;
        }
        catch (error) {
            if (error instanceof Error && 'syscall' in error)
                return undefined;
            throw error;
        }
    }
    #makeParent(path) {
        (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)((0,external_node_path_.join)(this.#target, path)), { recursive: true });
    }
    #count(bytes) {
        this.#files += 1;
        this.#bytes += bytes;
        const { maxFiles, maxBytes } = this.#limits;
        if (this.#files > maxFiles)
            throw new CopyError(`it has more than ${maxFiles} files and folders around it`);
        if (this.#bytes > maxBytes)
            throw new CopyError(`it has more than ${maxBytes} bytes of files around it`);
    }
}

;// CONCATENATED MODULE: ./lib/src/build/tool.js


/** The program of that name in the folders of a PATH. */
function findOnPath(name, path) {
    return (path
        .split(external_node_path_.delimiter)
        // A relative folder could be one of the repository.
        .filter((folder) => (0,external_node_path_.isAbsolute)(folder))
        .map((folder) => (0,external_node_path_.join)(folder, name))
        .find(isProgram));
}
function isProgram(file) {
    try {
        (0,external_node_fs_.accessSync)(file, external_node_fs_.constants.X_OK);
        return (0,external_node_fs_.statSync)(file).isFile();
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./lib/src/build/helm.js


/**
 * `helm` of a PATH. The arguments of its jobs are all that comes behind `helm`: the chart is named by its folder, `./` in front,
 * relative to the root of the repository.
 */
async function findHelm({ path, environment }) {
    const file = findOnPath('helm', path);
    if (file === undefined)
        return undefined;
    try {
        const { status, stdout } = await (0,process_process/* run */.eF)({ file, args: ['version', '--short'], environment }, { time: 10_000 });
        // Built by `go install` it knows no more than `v3.17`. Version 2 has no `template` that works alone.
        const [version] = /v(?:[3-9]|\d\d)\.\d+[\w.-]*/.exec(stdout) ?? [];
        if (status !== 0 || version === undefined)
            return undefined;
        return { file, name: `helm ${version}`, arguments: ({ args }) => args };
    }
    catch (error) {
        if (error instanceof process_process/* CommandError */.Qd)
            return undefined;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/src/build/isolate.js


/** Bytes of memory that a program may ask for; far more than the largest repositories take. */
const maxMemory = 4 * 1024 * 1024 * 1024;
/**
 * A network namespace with nothing in it, a limit of memory, and an end together with this process, as far as this machine has
 * the programs for it and lets this user have them.
 */
async function isolate(path) {
    let prefix = [];
    for (const forms of [
        [
            ['unshare', '--net'],
            ['unshare', '--user', '--map-root-user', '--net'],
        ],
        [['prlimit', `--as=${maxMemory}`]],
        [['setpriv', '--pdeathsig', 'KILL']],
    ])
        prefix = [...prefix, ...(await firstUsable(forms, prefix, path))];
    return { prefix };
}
/** The first of several command lines that works behind others. */
async function firstUsable(forms, outer, path) {
    for (const [name = '', ...args] of forms) {
        const file = findOnPath(name, path);
        if (file !== undefined && (await works([...outer, file, ...args], path)))
            return [file, ...args];
    }
    return [];
}
async function works(prefix, path) {
    const harmless = findOnPath('true', path);
    const [file, ...args] = prefix;
    if (harmless === undefined || file === undefined)
        return false;
    try {
        const { status } = await (0,process_process/* run */.eF)({ file, args: [...args, harmless] }, { time: 10_000 });
        return status === 0;
    }
    catch (error) {
        if (error instanceof process_process/* CommandError */.Qd)
            return false;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/src/build/kustomize.js


/** `kustomize` of a PATH, or the one that is in its `kubectl`. */
async function findKustomize(probe) {
    const kustomize = findOnPath('kustomize', probe.path);
    const kustomizeVersion = kustomize && (await ask(kustomize, ['version'], probe));
    if (kustomize && kustomizeVersion !== undefined)
        return { file: kustomize, name: `kustomize ${kustomizeVersion}`, arguments: argumentsOf('build') };
    const kubectl = findOnPath('kubectl', probe.path);
    const kubectlVersion = kubectl && (await ask(kubectl, ['version', '--client'], probe));
    if (kubectl && kubectlVersion !== undefined)
        return {
            file: kubectl,
            name: `kubectl kustomize ${kubectlVersion}`,
            arguments: argumentsOf('kustomize'),
        };
    return undefined;
}
/** Plugins, functions and Helm are off unless an argument turns them on. */
function argumentsOf(command) {
    // A folder may begin with a dash.
    return ({ folder, args }) => [command, ...args, `./${folder}`];
}
/** Its version; undefined where it does not start or is something else. */
async function ask(file, args, { environment }) {
    try {
        const { status, stdout } = await (0,process_process/* run */.eF)({ file, args, environment }, { time: 10_000 });
        if (status !== 0)
            return undefined;
        // `v5.7.1`, `{Version:kustomize/v4.5.4 ...}`, and a line of its own among those of kubectl.
        const [version = 'of an unknown version'] = /v\d+\.\d+\.\d+[\w.-]*/.exec(/Kustomize Version: .*/.exec(stdout)?.[0] ?? stdout) ?? [];
        return version;
    }
    catch (error) {
        if (error instanceof process_process/* CommandError */.Qd)
            return undefined;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/src/build/runBuilds.js









const defaultSettings = {
    jobTime: 20_000,
    totalTime: 180_000,
    maxOutput: 64 * 1024 * 1024,
    maxFiles: 20_000,
    maxBytes: 256 * 1024 * 1024,
    parallel: 2,
};
const finders = {
    kustomize: findKustomize,
    helm: findHelm,
};
/**
 * Runs each job with the real program over a copy of the files that it needs: without plugins, without network as far as this
 * machine can take it away, with an environment of its own, within limits. What goes wrong with a job is its output. Nothing
 * is left behind.
 *
 * @param root - The folder of the repository.
 */
async function runBuilds(root, jobs, settings = {}) {
    if (jobs.length === 0)
        return new Map();
    const limits = { path: process.env['PATH'] ?? '', ...defaultSettings, ...settings };
    return (0,temporaryFolder/* withTemporaryFolder */.E)(async (folder) => {
        const session = {
            root,
            folder,
            limits,
            tools: await findTools(jobs, folder, limits),
            isolation: await isolate(limits.path),
            deadline: performance.now() + limits.totalTime,
        };
        return runAll(jobs, session);
    });
}
async function findTools(jobs, folder, { path }) {
    const home = (0,external_node_path_.join)(folder, 'probe');
    (0,external_node_fs_.mkdirSync)(home);
    const probe = { path, environment: buildEnvironment(home) };
    const found = new Map();
    for (const program of new Set(jobs.map((job) => job.program))) {
        const tool = await finders[program](probe);
        if (tool)
            found.set(program, tool);
    }
    return found;
}
async function runAll(jobs, session) {
    const outputs = new Map();
    const waiting = [...jobs.entries()];
    const work = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
            const [index, job] = next;
            outputs.set(job.id, await runJob(job, index, session));
        }
    };
    const workers = await Promise.allSettled(Array.from({ length: session.limits.parallel }, work));
    // Only now, so that nobody works in the temporary folder when it goes away.
    for (const worker of workers)
        if (worker.status === 'rejected')
            throw worker.reason;
    return outputs;
}
async function runJob(job, index, session) {
    const tool = session.tools.get(job.program);
    if (!tool)
        return { ok: false, kind: 'missing', reason: `there is no ${job.program} on this machine` };
    const time = Math.min(session.limits.jobTime, session.deadline - performance.now());
    if (time <= 0) {
        const seconds = session.limits.totalTime / 1000;
        return { ok: false, kind: 'late', reason: `all builds together took longer than ${seconds} s` };
    }
    const home = (0,external_node_path_.join)(session.folder, String(index));
    const copy = (0,external_node_path_.join)(home, 'repository');
    try {
        (0,external_node_fs_.mkdirSync)(copy, { recursive: true });
        copyForJob(session.root, copy, job, session.limits);
        return await build(job, tool, home, time, session);
    }
    catch (error) {
        if (error instanceof CopyError || error instanceof process_process/* CommandError */.Qd)
            return failed(error.message);
        throw error;
    }
    finally {
        (0,external_node_fs_.rmSync)(home, { recursive: true, force: true });
    }
}
async function build(job, tool, home, time, { isolation, limits }) {
    const copy = (0,external_node_path_.join)(home, 'repository');
    const [file = tool.file, ...args] = [...isolation.prefix, tool.file, ...tool.arguments(job)];
    const { status, stdout, stderr } = await (0,process_process/* run */.eF)({ file, args, directory: copy, environment: buildEnvironment(home) }, { time, output: limits.maxOutput + 1 });
    if (status !== 0)
        return failed(explain(stderr, copy, tool));
    if (stdout.length > limits.maxOutput)
        return failed(`it makes more than ${limits.maxOutput} characters of manifests`);
    return { ok: true, text: stdout, program: tool.name };
}
function failed(reason) {
    return { ok: false, kind: 'failed', reason };
}
/** Characters of a program's complaint that are passed on. */
const maxReason = 500;
/** What the program complains about, without the path of the copy. */
function explain(stderr, copy, tool) {
    const plain = stderr.replaceAll(`${copy}/`, '').replaceAll(copy, '.');
    const lines = plain.split('\n').filter((line) => line.trim() !== '' && !/^(?:#|W\d{4}) ?/.test(line));
    const reason = lines
        .join(' ')
        .replace(/^Error: /, '')
        .trim();
    if (reason === '')
        return `${tool.name} ends without a reason`;
    return reason.length <= maxReason ? reason : `${reason.slice(0, maxReason).toWellFormed()} ...`;
}


/***/ })

};
