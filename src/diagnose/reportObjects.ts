import { parseYaml } from '../source/yaml.ts';
import { toData } from '../source/tree.ts';
import { isPullError } from './isPullError.ts';
import type { ReportedError } from './reportedError.ts';

/**
 * The errors in Events and Pods, as `kubectl get -o json` or `-o yaml` prints them. Undefined where the text is neither.
 */
export function readReportObjects(text: string): readonly ReportedError[] | undefined {
  const objects = readObjects(text);
  return objects?.flatMap(readObject);
}

function readObjects(text: string): readonly unknown[] | undefined {
  const start = /\S/.exec(text)?.[0];
  if (start === '{' || start === '[') return fromJson(text);
  return /^(?:---|- )?\s{0,20}(?:apiVersion|kind|items|metadata|involvedObject): ?/m.test(text)
    ? fromYaml(text)
    : undefined;
}

function fromJson(text: string): readonly unknown[] | undefined {
  try {
    return itemsOf(JSON.parse(text));
  } catch {
    // One object on each line is no JSON as a whole.
    return undefined;
  }
}

function fromYaml(text: string): readonly unknown[] | undefined {
  const { documents, problems } = parseYaml('events.yaml', text);
  const objects = documents.flatMap(({ root }) => itemsOf(toData(root)));
  return problems.length > 0 || !objects.some((object) => fieldOf(object, 'kind') !== undefined)
    ? undefined
    : objects;
}

/** The objects of a list, which may be none. */
function itemsOf(data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data;
  const items = fieldOf(data, 'items');
  return Array.isArray(items) ? items : [data];
}

function readObject(object: unknown): readonly ReportedError[] {
  return textAt(object, 'kind') === 'Pod' ? readPod(object) : readEvent(object);
}

// k8s.io/api/core/v1 Event, events/v1 Event
function readEvent(event: unknown): readonly ReportedError[] {
  const message = textAt(event, 'message') ?? textAt(event, 'note') ?? '';
  if (!isPullError(message)) return [];
  const node =
    textAt(event, 'source', 'host') ??
    textAt(event, 'deprecatedSource', 'host') ??
    textAt(event, 'reportingInstance');
  const about = fieldOf(event, 'involvedObject') ?? fieldOf(event, 'regarding');
  const pod = textAt(about, 'name');
  const namespace = textAt(about, 'namespace');
  const counts = [event, fieldOf(event, 'series')].map(
    (part) => fieldOf(part, 'count') ?? fieldOf(part, 'deprecatedCount'),
  );
  const count = Math.max(
    1,
    ...counts.filter((value) => typeof value === 'number' && Number.isSafeInteger(value)).map(Number),
  );
  return [
    {
      text: message,
      ...(node !== undefined && node !== '' && { node }),
      ...(pod !== undefined && { pod: namespace === undefined ? pod : `${namespace}/${pod}` }),
      count,
    },
  ];
}

// k8s.io/api/core/v1 ContainerStateWaiting
function readPod(pod: unknown): readonly ReportedError[] {
  const node = textAt(pod, 'spec', 'nodeName');
  const name = textAt(pod, 'metadata', 'name');
  const namespace = textAt(pod, 'metadata', 'namespace');
  const statuses = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'].flatMap(
    (key) => {
      const list = fieldOf(fieldOf(pod, 'status'), key);
      return Array.isArray(list) ? list : [];
    },
  );
  return statuses.flatMap((status: unknown): ReportedError[] => {
    const waiting = fieldOf(fieldOf(status, 'state'), 'waiting');
    const text = [textAt(waiting, 'reason'), textAt(waiting, 'message')].filter(Boolean).join(': ');
    if (!isPullError(text)) return [];
    const image = textAt(status, 'image');
    return [
      {
        text,
        ...(node !== undefined && { node }),
        ...(name !== undefined && { pod: namespace === undefined ? name : `${namespace}/${name}` }),
        ...(image !== undefined && image !== '' && { image }),
        count: 1,
      },
    ];
  });
}

function fieldOf(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data) || !Object.hasOwn(data, name))
    return undefined;
  return new Map<string, unknown>(Object.entries(data)).get(name);
}

function textAt(data: unknown, ...path: readonly string[]): string | undefined {
  const value = path.reduce<unknown>(fieldOf, data);
  return typeof value === 'string' ? value : undefined;
}
