import type { CriClient, CriImage } from '../../../src/proof/containerd/cri.ts';
import { GrpcError } from '../../../src/proof/containerd/grpc.ts';
import { startContainerd } from '../../../src/proof/containerd/containerdProcess.ts';
import { syntheticImage } from '../../../src/proof/standIn/image.ts';
import { startRegistry } from '../../support/registry.ts';

// The process in a simulated node: a registry on 127.0.0.1:5000, containerd, and what its CRI answers.

export interface CriAnswers {
  readonly runtime: string;
  readonly pulled: string;
  readonly pulledWithLogin: string;
  readonly missing: string;
  readonly image: Omit<CriImage, 'size'> | undefined;
  readonly size: number;
  readonly images: number;
  readonly imagesAfterRemoval: number;
  readonly imageAfterRemoval: boolean;
  readonly atOnce: readonly string[];
  readonly expectedId: string;
  readonly expectedDigest: string;
}

const options = { deadline: 10_000 };

async function ask(cri: CriClient): Promise<CriAnswers> {
  const image = syntheticImage('cri');
  const name = '127.0.0.1:5000/team/app:1';
  const login = { username: 'user', password: 'password' };
  const missing = errorOf(cri.pullImage('127.0.0.1:5000/missing/app:1', options));
  const { runtimeName, runtimeVersion } = await cri.version(options);
  const pulled = await cri.pullImage(name, options);
  const pulledWithLogin = await cri.pullImage('127.0.0.1:5000/private/app:1', { ...options, auth: login });
  const many = ['a', 'b', 'c'].map((tag) => cri.pullImage(`127.0.0.1:5000/team/app:${tag}`, options));
  const atOnce = await Promise.all(many);
  const found = await cri.imageStatus(name, options);
  const images = (await cri.listImages(options)).length;
  for (const tag of found?.repoTags ?? []) await cri.removeImage(tag, options);
  await cri.removeImage(name, options);
  return {
    runtime: `${runtimeName} ${runtimeVersion}`,
    pulled,
    pulledWithLogin,
    missing: await missing,
    image: found && { id: found.id, repoTags: found.repoTags, repoDigests: found.repoDigests },
    size: Number(found?.size ?? 0n),
    images,
    atOnce,
    imagesAfterRemoval: (await cri.listImages(options)).length,
    imageAfterRemoval: (await cri.imageStatus(name, options)) !== undefined,
    expectedId: image.config.digest,
    expectedDigest: image.manifest.digest,
  };
}

async function errorOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no error';
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

async function answer(): Promise<CriAnswers> {
  const refused = {
    kind: 'reply',
    status: 401,
    headers: { 'WWW-Authenticate': 'Basic realm="test"' },
  } as const;
  await startRegistry(
    {
      address: '127.0.0.1',
      port: 5000,
      rules: [
        { path: '/missing/', answer: { kind: 'reply', status: 404 } },
        { path: '/private/', authorization: '', answer: refused },
      ],
    },
    { image: syntheticImage('cri'), certificate: undefined, clientAuthority: '', onRequest: () => undefined },
  );
  const started = await startContainerd(process.argv[2] ?? '');
  if (started.kind === 'ended') throw new Error(started.log);
  return ask(started.containerd.cri);
}

process.on('disconnect', () => process.exit());
process.on('message', () => {
  void answer().then(
    (answers) => process.send?.(answers),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
