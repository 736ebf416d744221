import { tmpdir } from 'node:os';
import { relative } from 'node:path/posix';
import { getInput, setOutput } from '@actions/core';
import { formatDifferenceMarkdown } from '../diff/markdown.ts';
import { summarizeDifference } from '../diff/summary.ts';
import { exitCodeOf } from '../exitCodes.ts';
import { findArtifactObstacle, uploadArtifact, type UploadedArtifact } from '../github/artifact.ts';
import { listChangedLines } from '../github/changedLines.ts';
import { repositoryUrl, type Environment } from '../github/environment.ts';
import { readPullRequest } from '../github/pullRequest.ts';
import type { Publication } from '../github/publication.ts';
import { writeSummary } from '../github/summary.ts';
import { analyseFolder } from '../pipeline/analyseFolder.ts';
import type { Analysis } from '../pipeline/run.ts';
import { describeEngineResult, formatProofMarkdown, type EngineResult } from '../proof/formatMarkdown.ts';
import type { Outcome } from '../proof/proof.ts';
import { budgetAnnotations, needsRanking, stepLimits, type ChangedLines } from '../report/annotations.ts';
import { formatAnnotation } from '../report/github.ts';
import { changeBytes, formatMarkdown } from '../report/markdown.ts';
import { markdownSentence } from '../report/markdownText.ts';
import type { Report } from '../report/report.ts';
import { formatText, type Paint } from '../report/text.ts';
import { countBySeverity, describeVerdict } from '../report/verdict.ts';
import { formatWorkflowCommand } from '../report/workflowCommand.ts';
import { compareWithBase, type BaseComparison } from './baseComparison.ts';
import { reportFailure } from './failure.ts';
import { readInputs, type Inputs } from './inputs.ts';
import { printCommand, printGroup, printLine } from './log.ts';
import { makeOutputFolder, writeOutputFiles, type OutputFiles } from './outputFiles.ts';
import { proveRepository, type EngineRun } from './proofs.ts';
import { maskSecrets } from './secrets.ts';
import { withProofs } from './withProofs.ts';

async function checkRepository(environment: Environment): Promise<number> {
  const inputs = readInputs(getInput, environment['GITHUB_WORKSPACE']);
  const analysis = await analyseFolder(inputs.root, inputs);
  const { files } = analysis;
  maskSecrets(analysis.registries, environment);
  const comparison = await compareWithBase(analysis, inputs, environment);
  const change = describeChange(comparison);
  const checked =
    inputs.isChangedOnly && comparison.kind === 'compared' ? comparison.changed : analysis.report;
  const folder = makeOutputFolder(environment['RUNNER_TEMP'] || tmpdir());
  const proofs = await prove(analysis, inputs, folder);
  const results = proofs.map(({ result }) => result);
  const { report, disagreements } = withProofs(checked, results, inputs.prove !== 'auto', {
    findings: analysis.report.findings,
    isLeftAlone: analysis.isLeftAlone,
  });

  printLine(describeVerdict(report));
  await annotate(report, inputs, environment);
  if (report.findings.length > 0)
    printGroup('All findings', formatText(report, files, unpainted).trimEnd().split('\n'));
  const written = writeOutputFiles(folder, report, proofs);
  const artifact = await publishArtifact(inputs.artifactName, written, environment);
  await summarize(
    report,
    { folder: inputs.folder, artifact, change, proof: formatProofMarkdown(results, disagreements) },
    environment,
  );
  setOutputs(report, written, artifact);
  setProofOutputs(results);
  return exitCodeOf(report.findings, inputs.failOn);
}

/** The log says in one sentence for each engine what came of it. */
async function prove({ pulls }: Analysis, inputs: Inputs, folder: string): Promise<readonly EngineRun[]> {
  if (inputs.prove.length === 0) return [];
  if (pulls.length === 0) {
    printLine('Nothing was proved: no node pulls any image.');
    return [];
  }
  const runs = await proveRepository(inputs, folder);
  for (const { result } of runs) printLine(describeEngineResult(result));
  return runs;
}

async function annotate(report: Report, inputs: Inputs, environment: Environment): Promise<void> {
  const changes = needsRanking(report.findings, stepLimits)
    ? await findChanges(inputs, environment)
    : undefined;
  for (const annotation of budgetAnnotations(report.findings, stepLimits, changes).annotations) {
    printCommand(formatAnnotation(annotation, inputs.folder));
  }
}

const unpainted: Paint = (_style, text) => text;

/** What the pull request changes, by paths relative to the checked folder. */
async function findChanges(
  { githubToken, folder }: Inputs,
  environment: Environment,
): Promise<ChangedLines | undefined> {
  const pullRequest = githubToken === '' ? undefined : await readPullRequest(environment);
  if (pullRequest === undefined) return undefined;
  const listed = await listChangedLines(pullRequest, githubToken);
  if (!listed.ok) {
    printLine(
      `Annotations do not prefer what the pull request changes: GitHub does not list it (${listed.reason}).`,
    );
    return undefined;
  }
  const inFolder = [...listed.changes].map(([file, lines]): [string, typeof lines] => [
    relative(folder, file),
    lines,
  ]);
  return new Map(inFolder);
}

async function publishArtifact(
  name: string,
  files: OutputFiles,
  environment: Environment,
): Promise<Publication<UploadedArtifact>> {
  if (name === '') return { status: 'skipped', reason: 'artifact-name is empty' };
  const artifact = await tryUpload(name, files, environment);
  if (artifact.status !== 'published') printLine(`No artifact "${name}" was uploaded (${artifact.reason}).`);
  return artifact;
}

async function tryUpload(
  name: string,
  files: OutputFiles,
  environment: Environment,
): Promise<Publication<UploadedArtifact>> {
  const obstacle = findArtifactObstacle(environment);
  if (obstacle !== undefined) return { status: 'skipped', reason: obstacle };
  printCommand(formatWorkflowCommand('group', {}, 'Upload of the artifact'));
  const artifact = await uploadArtifact(name, files.all, files.folder, environment);
  printCommand(formatWorkflowCommand('endgroup', {}, ''));
  return artifact;
}

/** What the pull request does, as Markdown; empty where the run is for none. The log says it in one sentence. */
function describeChange(comparison: BaseComparison): string {
  if (comparison.kind === 'none') return '';
  if (comparison.kind === 'unknown') {
    const sentence = `What this pull request changes is not known: ${comparison.reason}.`;
    printLine(sentence);
    return `_${markdownSentence(sentence)}_`;
  }
  printLine(`Compared with the base ${comparison.base}: ${summarizeDifference(comparison.difference)}`);
  return formatDifferenceMarkdown(comparison.difference, comparison.base, changeBytes);
}

/** What stands in the summary besides the report. */
interface SummaryParts {
  /** The folder that was checked, relative to the workspace. */
  readonly folder: string;
  readonly artifact: Publication<UploadedArtifact>;
  /** Markdown. */
  readonly change: string;
  /** Markdown. */
  readonly proof: string;
}

async function summarize(
  report: Report,
  { folder, artifact, change, proof }: SummaryParts,
  environment: Environment,
): Promise<void> {
  const markdown = formatMarkdown(report, {
    change,
    proof,
    filesUrl: filesUrl(folder, environment),
    ...(artifact.status === 'published' ? { artifactUrl: artifact.url } : {}),
  });
  const summary = await writeSummary(markdown, environment['GITHUB_STEP_SUMMARY']);
  if (summary.status !== 'published') printLine(`No job summary was written (${summary.reason}).`);
}

/** Where GitHub shows the files of the checked folder, at the commit of the run. */
function filesUrl(folder: string, environment: Environment): string {
  const path = ['blob', environment['GITHUB_SHA'] ?? '', ...folder.split('/').map(encodeURIComponent)];
  return [repositoryUrl(environment), ...path.filter((segment) => segment !== '')].join('/');
}

function setOutputs(report: Report, files: OutputFiles, artifact: Publication<UploadedArtifact>): void {
  const counts = countBySeverity(report.findings);
  setOutput('errors', counts.errors);
  setOutput('warnings', counts.warnings);
  setOutput('notices', counts.notices);
  setOutput('images', report.statistics.references);
  setOutput('report', files.report);
  setOutput('rendered', files.rendered);
  if (artifact.status !== 'published') return;
  setOutput('artifact-id', artifact.id);
  setOutput('artifact-url', artifact.url);
}

function setProofOutputs(results: readonly EngineResult[]): void {
  const documents = results.flatMap((result) => (result.kind === 'proved' ? [result.document] : []));
  const count = (status: Outcome['status']): number =>
    documents.reduce((sum, { summary }) => sum + summary[status], 0);
  setOutput('proved', count('proved'));
  setOutput('refuted', count('refuted'));
  setOutput('inconclusive', count('inconclusive'));
}

async function runStep(environment: Environment): Promise<number> {
  try {
    return await checkRepository(environment);
  } catch (error) {
    return reportFailure(error, environment);
  }
}

// Not process.exit(): what is printed has to reach the runner first.
process.exitCode = await runStep(process.env);
