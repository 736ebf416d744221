import { watchIgnoreComments } from '../check/ignoreComments.ts';
import { runChecks, type CheckInput } from '../check/runChecks.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { UserError } from '../errors.ts';
import { discover, type DiscoverOptions } from '../discovery/discover.ts';
import type { BuildOutputs } from '../manifest/build.ts';
import type { Discovery } from '../manifest/discovery.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { missingPullSecrets } from '../manifest/missingPullSecrets.ts';
import { buildClusterNodes } from '../node/clusterNodes.ts';
import { configureNodes } from '../nodeRoot/ownConfigs.ts';
import { groupNodes, planPulls } from '../pull/planPulls.ts';
import type { NodeCase, Pull } from '../pull/pull.ts';
import { listedImages, sandboxImages } from '../pull/systemImages.ts';
import { formatReference } from '../reference/parseReference.ts';
import type { Registries } from '../registries/registries.ts';
import type { Unexpressed } from '../render/clusterTarget.ts';
import { renderCluster } from '../render/renderCluster.ts';
import { renderNodes } from '../render/renderNodes.ts';
import { withSandboxImages } from '../render/sandboxImage.ts';
import type { ConfiguredNode } from '../render/target.ts';
import { buildMatrix } from '../report/matrix.ts';
import type { NodeSummary, Report } from '../report/report.ts';
import { version } from '../version.ts';
import { findRegistries } from './findRegistries.ts';

/** How a folder is to be looked at. */
export interface AnalyseOptions {
  /** Path of registries.yaml, relative to the root; found by its name when absent. */
  readonly registries?: string;
  /** A registries.yaml that was asked for and is not there is no error: an older state need not have it. */
  readonly mayLackRegistries?: boolean;
  /** What placeholders in images stand for. */
  readonly substitutions: ReadonlyMap<string, string>;
  /** Files of values with which charts are rendered, and in no other way, by the folder of the chart. */
  readonly helmValues?: NonNullable<DiscoverOptions['helmValues']>;
  /** What kustomize and helm made of the folder. */
  readonly outputs?: BuildOutputs;
}

/** Everything that is known about a repository once it is read and resolved. */
export interface Analysis {
  readonly files: RepositoryFiles;
  readonly registries: Registries;
  readonly nodes: readonly ConfiguredNode[];
  readonly cases: readonly NodeCase[];
  readonly pulls: readonly Pull[];
  /** What the manifests say, with the images that no manifest names. */
  readonly discovery: Discovery;
  /** What the files for the whole cluster cannot say. */
  readonly unexpressed: readonly Unexpressed[];
  readonly report: Report;
}

/** load, discover, resolve, check, render: everything but reading the folder. */
export function analyse(repository: RepositoryFiles, options: AnalyseOptions): Analysis {
  const { files, comments } = watchIgnoreComments(repository);
  const { registries, others: otherRegistriesFiles } = findRegistries(files, options.registries, {
    mayBeMissing: options.mayLackRegistries,
  });
  const { nodes: writtenNodes, problems: nodeProblems } = buildClusterNodes(registries, files);
  const { nodes: configured, ownConfigs } = configureNodes(writtenNodes, files);
  const nodes = withSandboxImages(configured, registries.images);
  const discovered = discover(files, { ...options, imagePaths: registries.imagePaths });
  const uses = [...discovered.uses, ...listedImages(registries), ...sandboxImages(nodes)];
  const discovery: Discovery = { ...discovered, uses };
  const cases = groupNodes(nodes);
  refuseTooManyPairs(cases, uses);
  const pulls = planPulls(cases, uses);
  const written = [registries, ...registries.nodes, ...ownConfigs.map(({ config }) => config)];
  const renderedNodes = renderNodes(nodes);
  const input: CheckInput = {
    files,
    registries,
    writtenMirrors: written.flatMap(({ mirrors }) => [...mirrors.values()]),
    writtenConfigs: written.flatMap(({ configs }) => [...configs.values()]),
    nodes: nodes.map(({ node }) => node),
    nodeProblems,
    ownConfigs,
    discovery,
    cases,
    pulls,
    refused: renderedNodes.refused,
  };
  const { findings, ignored } = runChecks(input, comments);
  const cluster = renderCluster(nodes, {
    namespaceHosts: uses.flatMap(({ reference }) => (reference ? [reference.domain] : [])),
    missingPullSecrets: missingPullSecrets(discovered),
  });
  const report: Report = {
    tool: { name: 'mirrorproof', version },
    ...(registries.file !== undefined && { registriesFile: registries.file }),
    otherRegistriesFiles,
    nodes: nodes.map(summarize),
    images: uses,
    findings,
    ignored,
    matrix: buildMatrix(cases, pulls),
    rendered: new Map([...cluster.files, ...renderedNodes.files]),
    statistics: {
      files: discovered.statistics.files,
      references: new Set(pulls.map(({ reference }) => formatReference(reference))).size,
      nodeConfigurations: cases.length,
      pairs: pulls.length,
    },
  };
  return { files, registries, nodes, cases, pulls, discovery, unexpressed: cluster.unexpressed, report };
}

/** Distinct pairs of a node configuration and a reference; a thousand times what large clusters have. */
const maxPairs = 1_000_000;

function refuseTooManyPairs(cases: readonly NodeCase[], uses: readonly ImageUse[]): void {
  const references = new Set(
    uses.flatMap(({ reference }) => (reference ? [formatReference(reference)] : [])),
  );
  if (cases.length * references.size <= maxPairs) return;
  const pairs = `${references.size} images on ${cases.length} different node configurations`;
  throw new UserError(`${pairs} are more pulls than are worked out`, 'check fewer files or nodes at once');
}

function summarize({ node, configuration: { profile } }: ConfiguredNode): NodeSummary {
  return {
    name: node.name,
    runtime: node.writtenRuntime?.value ?? `containerd://${profile.version}`,
    ...(node.architecture !== undefined && { architecture: node.architecture }),
    assumedVersion: profile.assumed,
  };
}
