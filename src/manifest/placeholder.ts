/** No reference is nearly as long; what comes behind cannot make one of it. */
const maxLength = 1024;

/**
 * Signs of a template or a variable. None of them can stand in a reference, but for `__NAME__`:
 * `{{ .Values.tag }}`, `{% tag %}`, `${TAG}`, `{tag}`, `#{TAG}#`, `$(TAG)`, `$TAG`, `((tag))`, `[[tag]]`, `<tag>`, `%TAG%`,
 * `@TAG@`, `__TAG__`.
 */
const expression =
  /[{}]|\$[A-Za-z_(]|\(\(|\[\[|<[^<>]+>|%[A-Za-z_][\w.-]*%|@[A-Za-z_][\w.-]*@|(?<![A-Za-z0-9])__[A-Za-z]\w*?__(?![A-Za-z0-9])/;

/** Words that nobody gives to something real, wherever they stand. */
const unmistakable = /PLACEHOLDER|REPLACE[-_]?ME|CHANGE[-_]?ME/;

/** The same in small letters: only as a whole name or tag. */
const stubName = /^(?:(?:image-?)?placeholder|(?:change|replace)[-_]?(?:me|this)|tbd)$/i;

/**
 * What a tool puts an image in the place of, always: the word of Istio's injection webhook, and what `make deploy` of kubebuilder
 * sets the image of.
 */
// istio.io/latest/docs/setup/additional-setup/gateway; kubebuilder config/manager/manager.yaml
const toolWords: ReadonlySet<string> = new Set(['auto', 'controller:latest']);

/** True for what one tool fills in whatever else happens, `ko://` for instance with the image that ko builds. */
export function isFilledByTool(image: string): boolean {
  return toolWords.has(image) || image.startsWith('ko://');
}

/** `IMAGE`, `IMAGE_TAG`, `YOUR-REGISTRY`: a word as variables are named. */
const capitals = /^[A-Z][A-Z0-9]*(?:[-_][A-Z0-9]+)*$/;

/** Parts of such words that say what is to be filled in. `LATEST`, `RELEASE`, `SNAPSHOT` and the like are real tags. */
const vocabulary: ReadonlySet<string> = new Set(
  (
    'ACCOUNT COMMIT DIGEST FIXME HASH HERE HOST ID IMAGE IMG INSERT NAME NUMBER ORG OWNER PORT PROJECT REGION REGISTRY REPO ' +
    'REPOSITORY SHA TAG TBD TODO USER USERNAME VERSION XXX YOUR'
  ).split(' '),
);

/**
 * True when a template or a person still has to fill in a part of an image. A legal reference is a placeholder for one of
 * few reasons only: a tag or a host in capitals made of words that name what is missing (`app:IMAGE_TAG`,
 * `REGISTRY/app:1`), `__NAME__`, a whole name or tag like `changeme`, or Istio's `auto`. In a repository path, where capitals are illegal
 * anyway, every word of the form `MY_APP` is one.
 */
export function isPlaceholder(image: string): boolean {
  const text = image.slice(0, maxLength);
  if (isFilledByTool(text) || expression.test(text) || unmistakable.test(text)) return true;
  const { host, path, tag, digest } = takeApart(text);
  return (
    [...host, ...digest, tag].some(namesWhatIsMissing) ||
    path.some((word) => namesWhatIsMissing(word) || (capitals.test(word) && word.includes('_'))) ||
    stubName.test(tag) ||
    (host.length === 0 && path.length === 1 && path.some((name) => stubName.test(name)))
  );
}

/** True when the text of a file shows that a program fills it in before it is YAML. */
export function holdsTemplate(source: string): boolean {
  return /\{\{|\{%|<%|@[A-Z][A-Z0-9_]*@|%[A-Z][A-Z0-9_]*%/.test(source);
}

/** How a name that is to be filled in can be written, with the name as the only group of each form. */
const fillable = new RegExp(
  [
    /\$\{([A-Za-z_]\w*)(?::?[-=][^{}]*)?\}/,
    /\$\(([A-Za-z_]\w*)\)/,
    /\$([A-Za-z_]\w*)/,
    /\{\{-?\s*[.$]?([\w.-]+?)\s*-?\}\}/,
    /#?\{([\w.-]+)\}#?/,
    /\(\(([\w.-]+)\)\)/,
    /\[\[\s*([\w.-]+?)\s*\]\]/,
    /<([\w .-]+)>/,
    /%([A-Za-z_]\w*)%/,
    /@([A-Za-z_]\w*)@/,
    /__([A-Za-z]\w*?)__/,
    /(?<![\w.-])([A-Z][A-Z0-9]*(?:[-_][A-Z0-9]+)*)(?![\w.-])/,
  ]
    .map((form) => form.source)
    .join('|'),
  'g',
);

/**
 * Fills in what is known: `${TAG}`, `$(TAG)`, `{{ TAG }}`, `<TAG>`, `%TAG%`, `@TAG@`, `__TAG__`, and `TAG` itself where it is
 * a whole name or tag. What stands in a value is not filled in again.
 */
export function substitute(image: string, substitutions: ReadonlyMap<string, string>): string {
  if (substitutions.size === 0 || image.length > maxLength) return image;
  return image.replace(fillable, (written: string, ...groups: readonly unknown[]) => {
    const name = groups.find((group) => typeof group === 'string');
    return substitutions.get(name ?? written) ?? substitutions.get(written) ?? written;
  });
}

interface Parts {
  /** Host name and port. */
  readonly host: readonly string[];
  readonly path: readonly string[];
  readonly tag: string;
  /** Algorithm and value. */
  readonly digest: readonly string[];
}

/** Cuts an image where a reference would be cut, legal or not. */
function takeApart(image: string): Parts {
  const [name = '', ...digest] = image.split('@');
  const folders = name.split('/');
  const [last = '', tag = ''] = (folders.pop() ?? '').split(':');
  const [first = '', ...inner] = folders;
  // Everything in front of the last slash may be the host; a first folder without capitals is judged alike in both places.
  return {
    host: first.split(':').filter(Boolean),
    path: [...inner, last],
    tag,
    digest: digest.join('@').split(':'),
  };
}

function namesWhatIsMissing(word: string): boolean {
  return capitals.test(word) && !/\d/.test(word) && word.split(/[-_]/).some((part) => vocabulary.has(part));
}
