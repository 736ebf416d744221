/**
 * Begins a new check: its rule, its fixtures, and its two lines in the list of checks.
 *
 *     node scripts/newCheck.ts my-check
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const importLine = /^import \{ \w+ \} from '\.\/rules\/(\w+)\.ts';$/;
const entryLine = /^ {2}(\w+),$/;

/** Writes the files of a new check below `root`. Throws when one of them is there already. */
export function createCheck(root: string, id: string): void {
  const name = camelCase(id);
  const folder = join(root, 'src/check');
  const index = readFileSync(join(folder, 'index.ts'), 'utf8');
  writeFileSync(join(folder, 'rules', `${name}.ts`), rule(id, name), { flag: 'wx' });
  writeFileSync(join(folder, 'index.ts'), addToIndex(index, id, name));
  for (const kind of ['bad', 'ok']) {
    const fixture = join(root, 'test/check/rules', id, kind);
    mkdirSync(fixture, { recursive: true });
    writeFileSync(join(fixture, 'registries.yaml'), 'mirrors:\n', { flag: 'wx' });
  }
}

function addToIndex(index: string, id: string, name: string): string {
  const lines = index.split('\n');
  insertSorted(lines, importLine, id, `import { ${name} } from './rules/${name}.ts';`);
  insertSorted(lines, entryLine, id, `  ${name},`);
  return lines.join('\n');
}

/** Inserts a line among those of its kind, which are sorted by the ids of the checks that they name. */
function insertSorted(lines: string[], kind: RegExp, id: string, line: string): void {
  const others = [...lines.entries()].flatMap(([at, text]) => {
    const [, name] = kind.exec(text) ?? [];
    return name === undefined ? [] : [{ at, id: kebabCase(name) }];
  });
  const next = others.find((other) => other.id > id)?.at ?? (others.at(-1)?.at ?? -1) + 1;
  lines.splice(next, 0, line);
}

function camelCase(id: string): string {
  return id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function rule(id: string, name: string): string {
  return `import type { Check } from '../check.ts';

export const ${name}: Check = {
  id: '${id}',
  severity: 'error',
  summary: 'one line for the table of checks',
  documentation: 'Why it matters, and what to do.',
  *run({ writtenMirrors }) {
    for (const { namespaceHost } of writtenMirrors) {
      yield {
        message: \`one sentence on \\\`\${namespaceHost.value}\\\`: what is wrong and what containerd will do\`,
        location: namespaceHost.location,
        fix: { message: 'what to write instead' },
      };
    }
  },
};
`;
}

if (import.meta.main) {
  const [id = ''] = process.argv.slice(2);
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    createCheck(join(import.meta.dirname, '..'), id);
    console.log(
      `Write test/check/rules/${id}/{bad,ok} and src/check/rules/${camelCase(id)}.ts, then run the tests`,
    );
    console.log('with UPDATE_EXPECTED=1, and `npm run docs`.');
  } else {
    console.error('Usage: node scripts/newCheck.ts ID, where ID is in kebab-case: my-check');
    process.exitCode = 2;
  }
}
