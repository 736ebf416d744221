import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { table } from './markdown.ts';

interface ActionMetadata {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

/** The inputs and outputs of the Action, from action.yml. */
export function actionTables(root: string): string {
  const { inputs, outputs }: ActionMetadata = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const inputRows = Object.entries(inputs).map(([name, input]) => [
    code(name),
    code(input.default),
    input.description,
  ]);
  const outputRows = Object.entries(outputs).map(([name, output]) => [code(name), output.description]);
  return `${table(['input', 'default', 'what it is'], inputRows)}\n${table(['output', 'what it is'], outputRows)}`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
