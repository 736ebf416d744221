import { runChecks } from '../check/runChecks.ts';
import { readOwnConfigs, withOwnConfig } from '../config/ownConfigs.ts';
import { readFolder } from '../files/folder.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { discover } from '../manifest/discover.ts';
import { buildClusterNodes } from '../node/clusterNodes.ts';
import { groupNodes, planPulls } from '../pull/planPulls.ts';
import type { NodeCase, Pull } from '../pull/pull.ts';
import { listedImages, sandboxImages } from '../pull/systemImages.ts';
import { formatReference } from '../reference/parseReference.ts';
import type { Registries } from '../registries/registries.ts';
import { configureNode } from '../render/configureNode.ts';
import { renderNodes } from '../render/renderNodes.ts';
import type { ConfiguredNode } from '../render/target.ts';
import { buildMatrix } from '../report/matrix.ts';
import type { NodeSummary, Report } from '../report/report.ts';
import { version } from '../version.ts';
import { findRegistries } from './findRegistries.ts';

/** What is to be looked at. */
export interface RunOptions {
  /** Absolute path of the folder. */
  readonly root: string;
  /** Path of registries.yaml, relative to the root; found by its name when absent. */
  readonly registries?: string;
  /** Globs of the manifests to read, relative to the root; empty for all files that are not ignored. */
  readonly manifests: readonly string[];
  /** What placeholders in images stand for. */
  readonly substitutions: ReadonlyMap<string, string>;
}

/** Everything that is known about a repository once it is read and resolved. */
export interface Analysis {
  readonly files: RepositoryFiles;
  readonly registries: Registries;
  readonly nodes: readonly ConfiguredNode[];
  readonly cases: readonly NodeCase[];
  readonly pulls: readonly Pull[];
  readonly report: Report;
}

/** Reads a folder and says all that there is to say about it. Throws a `UserError` for input that cannot be read at all. */
export function run(options: RunOptions): Report {
  return analyse(readFolder(options.root, { manifests: options.manifests }), options).report;
}

/** load, discover, resolve, check, render: everything but reading the folder. */
export function analyse(files: RepositoryFiles, options: Omit<RunOptions, 'root' | 'manifests'>): Analysis {
  const registries = findRegistries(files, options.registries);
  const { nodes: writtenNodes, problems: nodeProblems } = buildClusterNodes(registries, files);
  const ownConfigs = readOwnConfigs(writtenNodes, files);
  const nodes = writtenNodes.map((node): ConfiguredNode => {
    const own = ownConfigs.of(node);
    const complete = withOwnConfig(node, own);
    return { node: complete, configuration: configureNode(complete), ...(own && { own }) };
  });
  const discovered = discover(files, { substitutions: options.substitutions });
  const uses = [...discovered.uses, ...listedImages(registries), ...sandboxImages(nodes)];
  const cases = groupNodes(nodes);
  const pulls = planPulls(cases, uses);
  const written = [registries, ...registries.nodes, ...ownConfigs.all.map(({ config }) => config)];
  const { findings, ignored } = runChecks({
    files,
    registries,
    writtenMirrors: written.flatMap(({ mirrors }) => [...mirrors.values()]),
    writtenConfigs: written.flatMap(({ configs }) => [...configs.values()]),
    nodes: nodes.map(({ node }) => node),
    nodeProblems,
    ownConfigs: ownConfigs.all,
    discovery: { ...discovered, uses },
    cases,
    pulls,
  });
  const report: Report = {
    tool: { name: 'mirrorproof', version },
    ...(registries.file !== undefined && { registriesFile: registries.file }),
    nodes: nodes.map(summarize),
    images: uses,
    findings,
    ignored,
    matrix: buildMatrix(cases, pulls),
    rendered: renderNodes(nodes),
    statistics: {
      files: discovered.statistics.files,
      references: new Set(pulls.map(({ reference }) => formatReference(reference))).size,
      nodeConfigurations: cases.length,
      pairs: pulls.length,
    },
  };
  return { files, registries, nodes, cases, pulls, report };
}

function summarize({ node, configuration: { profile } }: ConfiguredNode): NodeSummary {
  return {
    name: node.name,
    runtime: `${profile.runtime}://${profile.version}`,
    ...(node.architecture !== undefined && { architecture: node.architecture }),
    assumedVersion: profile.assumed,
  };
}
