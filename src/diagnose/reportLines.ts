import type { ReportedError } from './reportedError.ts';
import { isPullError, mayBePullError } from './isPullError.ts';

/** Nobody pastes more lines than this. */
const maxPasted = 1000;

/** UTF-16 code units of a line that are looked at. */
const maxLine = 20_000;

/**
 * The errors in the lines of `kubectl describe`, `kubectl get events`, a journal, or the output of crictl and docker. Where no
 * line is plainly about a pull, somebody has pasted bare errors: then each line counts that could be one.
 */
export function readReportLines(text: string): readonly ReportedError[] {
  const lines = joinLines(text);
  const errors = readLines(lines, isPullError);
  return errors.length > 0 || lines.length > maxPasted ? errors : readLines(lines, mayBePullError);
}

/** What a registry says stands on the next line. */
const registryWords =
  /^(?:toomanyrequests|denied|unauthorized|unknown|unsupported|unavailable|errors):?(?: |$)/;

/** The lines of a text; what belongs to an error is on its line. */
function joinLines(text: string): readonly string[] {
  const lines: string[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    const cut = line.slice(0, maxLine);
    const last = lines.at(-1);
    if (last !== undefined && registryWords.test(cut) && isPullError(last))
      lines[lines.length - 1] = `${last} ${cut}`;
    else lines.push(cut);
  }
  return lines;
}

/** What the lines before have said. */
interface Context {
  node?: string | undefined;
  pod?: string | undefined;
  image?: string | undefined;
}

function readLines(lines: readonly string[], isError: (line: string) => boolean): ReportedError[] {
  const context: Context = {};
  const errors: ReportedError[] = [];
  for (const line of lines) {
    readContext(line, context);
    const message = messageOf(line);
    if (!isError(message)) continue;
    const node = journalHost(line) ?? kubeletHost(line) ?? context.node;
    const pod = podOf(line) ?? context.pod;
    errors.push({
      text: message,
      ...(node !== undefined && { node }),
      ...(pod !== undefined && { pod }),
      ...(context.image !== undefined && isState(line) && { image: context.image }),
      count: countOf(line),
    });
  }
  return errors;
}

/** `kubectl describe` prints one Pod after another, with its node above its containers. */
function readContext(line: string, context: Context): void {
  const name = /^Name: {1,40}([^\s]{1,253})$/.exec(line)?.[1];
  if (name !== undefined) {
    context.pod = name;
    context.node = undefined;
    context.image = undefined;
  }
  const node =
    /^Node: {1,40}([^\s/]{1,253})\//.exec(line)?.[1] ??
    /Successfully assigned [^\s]{1,520} to ([^\s]{1,253})/.exec(line)?.[1];
  if (node !== undefined) context.node = node;
  const image = /^ {2,8}Image: {1,20}([^\s].{0,1000})$/.exec(line)?.[1];
  if (image !== undefined) context.image = image.trimEnd();
}

/** A line of the state of a container, which stands below its image. */
function isState(line: string): boolean {
  return /^ {4,12}(?:Reason|Message): /.test(line);
}

/** A row of the events below `kubectl describe`: type, reason, age, from, message. */
const describedEvent =
  /^ {1,8}(?:Normal|Warning) {1,20}[A-Za-z]{1,60} {1,40}[^A-Z\n]{1,60}?(?:kubelet|containerd|<unknown>)(?:, [^\s]{1,253})? {1,40}/;

/** A row of `kubectl get events`: last seen, type, reason, object, message; with -A the namespace first. */
const listedEvent =
  /^ {0,8}(?:[^\s]{1,253} {1,40})?[^\s]{1,40} {1,40}(?:Normal|Warning) {1,40}[A-Za-z]{1,60} {1,40}[a-z]{1,40}\/[^\s]{1,253} {1,200}/;

/** A line without the columns of kubectl before the message. */
function messageOf(line: string): string {
  if (line.startsWith('{')) return journalMessage(line) ?? line;
  const row = describedEvent.exec(line) ?? listedEvent.exec(line);
  return row ? line.slice(row[0].length) : line.trim();
}

/** The message of a line of `journalctl -o json` or of a log in JSON. */
function journalMessage(line: string): string | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null) return undefined;
    const fields = new Map<string, unknown>(Object.entries(entry));
    const texts = ['MESSAGE', 'message', 'msg', 'log', 'error', 'err'].flatMap((key) => {
      const value = fields.get(key);
      return typeof value === 'string' ? [value] : [];
    });
    return texts.length > 0 ? texts.join(' ') : undefined;
  } catch {
    return undefined;
  }
}

const journalLine =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.,+Z-]{8,30}) ([\w.-]{1,253}) [\w.@-]{1,60}(?:\[\d{1,10}\])?: /;

function journalHost(line: string): string | undefined {
  return journalLine.exec(line)?.[1];
}

function kubeletHost(line: string): string | undefined {
  return / kubelet, ([\w.-]{1,253}) {2,}/.exec(line)?.[1];
}

function podOf(line: string): string | undefined {
  return / (pod\/[^\s]{1,253}) /.exec(line)?.[1] ?? /\bpod="([^"\s]{1,520})"/.exec(line)?.[1];
}

/** `(x12 over 5m)` */
function countOf(line: string): number {
  return Number(/\(x(\d{1,9}) over /.exec(line)?.[1] ?? 1);
}
