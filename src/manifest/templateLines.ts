import { createImageUse, type ImageReader } from './imageReader.ts';
import type { ImageSource, Puller } from './imageUse.ts';
import type { DocumentText } from './documentText.ts';
import { pullersByKind } from './customResources/catalogue.ts';
import { mayBeCustomKind } from './customResources/kubernetesGroups.ts';
import { containerLists, isPodKind } from './podSpec.ts';
import { gradeText } from './text/gradeText.ts';
import { hintOf, wordsOf } from './text/names.ts';

/**
 * The images in documents that are no YAML, such as the templates of a Helm chart: the lines `image: ...` directly below an
 * item of a container list, and `reference: ...` of an image volume. Indentation tells what stands below what, so lines that
 * the template would leave out are found as well. In custom resources every key that is called like an image counts, when an
 * image stands behind it.
 */
export const readTemplateLines: ImageReader = ({ file, unparsed }, substitutions) =>
  unparsed.flatMap((part) => {
    const contents = contentsOf(part);
    if (!contents) return [];
    const pulledBy = contents === 'custom resources' ? kindsOf(part).flatMap(pullersOf) : [];
    return [...findImageLines(part, contents)].map(({ text, line, column, from, field }) => {
      const location = { file, start: { line, column }, end: { line, column: column + text.length } };
      const found = { text, location, confidence: 'likely', from, field } as const;
      return createImageUse({ ...found, ...(pulledBy.length > 0 && { pulledBy }) }, substitutions);
    });
  });

function pullersOf(kind: string): readonly Puller[] {
  return pullersByKind.get(kind) ?? [];
}

function kindsOf({ text }: DocumentText): readonly string[] {
  return [...text.matchAll(/^["']?kind["']?:[ \t]*(\S+)/gm)].map(([, kind = '']) =>
    kind.replaceAll(/["']/g, ''),
  );
}

type Contents = 'Pod specs' | 'custom resources';

/** A part of a chart may be without kind, and a template may have one in place of it. */
function contentsOf(part: DocumentText): Contents | undefined {
  const { text } = part;
  if (!text.includes('mage')) return undefined;
  const kinds = kindsOf(part);
  const isPod = kinds.length === 0 || kinds.some((kind) => kind.startsWith('{{') || isPodKind(kind));
  if (isPod) return text.includes('image') ? 'Pod specs' : undefined;
  const isCustom = kinds.every((kind) => mayBeCustomKind(kind) && kind !== 'ConfigMap' && kind !== 'Secret');
  return isCustom ? 'custom resources' : undefined;
}

interface ImageLine {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly from: ImageSource;
  readonly field: string;
}

/** A key on the way from the outermost mapping to the current line. */
interface OpenKey {
  readonly key: string;
  readonly column: number;
  isList: boolean;
}

/** `key: value`, `- key: value`; groups: indentation with dashes, the dashes, key, value. */
const keyLine = /^([ \t]*((?:-[ \t]+)*))["']?([\w./-]+)["']?[ \t]*:(?:[ \t]+(.*))?$/;

/** The end of a line that opens a block of text: all that is indented deeper belongs to it. */
const blockHeader = /[-:][ \t]+(?:[&!]\S+[ \t]+){0,2}[|>][-+\d]*[ \t]*(?:#.*)?$/;

function* findImageLines(part: DocumentText, contents: Contents): Generator<ImageLine> {
  const outline = new Outline();
  for (const [index, line] of yamlLines(part.text)) {
    const match = keyLine.exec(line);
    if (!match) continue;
    const [, lead = '', dashes = '', key = '', written = ''] = match;
    const parents = outline.open(key, lead.length, dashes !== '');
    const known = imageSource(parents, key);
    const from =
      known ?? (contents === 'custom resources' && isCalledImage(key) ? 'customResource' : undefined);
    const value = from && plainValue(written);
    const grade = known || !value ? undefined : gradeText(value.text, 'image');
    // One that is not said to be that of a container may as well be a picture.
    const isSure = known ?? (grade === 'likely' || (grade !== undefined && isOfContainer(parents, key)));
    if (!value || !isSure) continue;
    const column = line.length - written.length + value.offset + 1;
    const field = [...parents.map((parent) => (parent.isList ? `${parent.key}[]` : parent.key)), key].join(
      '.',
    );
    yield { text: value.text, line: part.firstLine + index, column, from, field };
  }
}

/** The only container of a step, as in workflows. */
function isOfContainer(parents: readonly OpenKey[], key: string): boolean {
  return key === 'image' && /^(?:container|script)$/.test(parents.at(-1)?.key ?? '');
}

function isCalledImage(key: string): boolean {
  return /ima?ge?/i.test(key) && hintOf(wordsOf(key)) === 'image';
}

/** The keys above the current line, told by how far each is indented. */
class Outline {
  readonly #keys: OpenKey[] = [];

  /** Opens a key and returns those above it. */
  open(key: string, column: number, isItem: boolean): readonly OpenKey[] {
    while ((this.#keys.at(-1)?.column ?? -1) >= column) this.#keys.pop();
    const parent = this.#keys.at(-1);
    if (parent && isItem) parent.isList = true;
    const parents = [...this.#keys];
    this.#keys.push({ key, column, isList: false });
    return parents;
  }
}

function imageSource(parents: readonly OpenKey[], key: string): ImageSource | undefined {
  const parent = parents.at(-1);
  if (key === 'image') return parent?.isList ? containerLists.get(parent.key) : undefined;
  const grandparent = parents.at(-2);
  const isImageVolume =
    key === 'reference' && parent?.key === 'image' && grandparent?.key === 'volumes' && grandparent.isList;
  return isImageVolume ? 'imageVolume' : undefined;
}

/** The lines that are YAML, with their index: no comments, no lines of the template language, nothing within a block of text. */
function* yamlLines(source: string): Generator<readonly [index: number, line: string]> {
  let blockIndentation: number | undefined;
  let isInAction = false;
  for (const [index, line] of source.split(/\r?\n/).entries()) {
    const wasInAction = isInAction;
    isInAction = endsInAction(line, wasInAction);
    const content = line.trimStart();
    const indentation = line.length - content.length;
    if (wasInAction || content === '' || /^(?:#|\{\{|\{[%#]|<%)/.test(content)) continue;
    if (blockIndentation !== undefined && indentation > blockIndentation) continue;
    blockIndentation = blockHeader.test(line) ? blockParentColumn(line) : undefined;
    yield [index, line];
  }
}

/** The column of the key that a block of text belongs to; of the dash when it is an item without key. */
function blockParentColumn(line: string): number {
  const [lead = ''] = /^[ \t]*(?:-[ \t]+)*/.exec(line) ?? [];
  const isItemText = /^[&!|>]/.test(line.slice(lead.length));
  return isItemText ? lead.lastIndexOf('-') : lead.length;
}

/** True when `{{` opens something, a long comment for instance, that a later line closes. */
function endsInAction(line: string, beganInAction: boolean): boolean {
  const opened = line.lastIndexOf('{{');
  const closed = line.lastIndexOf('}}');
  return opened === closed ? beganInAction : opened > closed;
}

/** What is written as value of a key, without quotes and comment; undefined for everything but a single line of text. */
function plainValue(written: string): { text: string; offset: number } | undefined {
  const prefix = /^(?:[&!]\S+[ \t]+)*/.exec(written)?.[0] ?? '';
  const value = written.slice(prefix.length);
  const quote = /^["']/.exec(value)?.[0];
  if (quote) {
    // Within an action there may be quotes of the same kind. Without one the search begins behind the first quote.
    const end = value.indexOf(quote, value.lastIndexOf('}}') + 2);
    return end > 1 ? { text: value.slice(1, end), offset: prefix.length + 1 } : undefined;
  }
  const text = withoutComment(value).trimEnd();
  const isText = text !== '' && (text.startsWith('{{') || !/^[{[|>*&!#]/.test(text));
  return isText ? { text, offset: prefix.length } : undefined;
}

function withoutComment(value: string): string {
  const comment = value.indexOf(' #', value.lastIndexOf('}}') + 1);
  return comment < 0 ? value : value.slice(0, comment);
}
