import { exitCodes } from '../../exitCodes.ts';
import { writeNewFile } from '../../files/writeNewFile.ts';
import { formatImport, formatImportJson } from '../../import/formatImport.ts';
import { importNodes } from '../../import/importNodes.ts';
import { plural } from '../../report/plural.ts';
import { logLine } from '../../report/workflowCommand.ts';
import type { Command } from '../command.ts';
import { readImportSources } from '../importSources.ts';
import { choiceOption, listOption, parseCommandLine, textOption } from '../options.ts';

const importCommand: Command = {
  summary: "make a registries.yaml from the nodes' own files",
  help: `mirrorproof import [FOLDER...] [OPTIONS]

Reads copies of the files of nodes as their runtimes do, and prints a registries.yaml that makes them pull alike: what all nodes
share at its top level, the rest with each node. At its top stands what could not be carried over. Secrets are never printed:
\${NAME} stands in their place. A FOLDER is the root of a node's file system, or of a copy of its files (FOLDER/etc/containerd,
FOLDER/etc/rancher or FOLDER/etc/docker), or a folder with one such folder for each node.

  --node NAME=DIR     the root of a node's files, and its name; may be given several times
  --kind FILE         the configuration of a kind cluster, with the folders that it mounts
  --inventory FILE    a saved \`kubectl get nodes -o yaml\`: names, labels and runtimes
  --runtime [NAME=]RUNTIME
                      what runs on the nodes, or on one of them, as \`kubectl get nodes -o wide\` prints it:
                      containerd://1.7.24, k3s://1.7.23, docker://28.1.0; may be given several times (default: as the
                      inventory says, or else what the files look like)
  --out FILE          the file to write; there must be none yet (default: print it)
  --format FORMAT     text or json, for what is printed (default: text)
  -h, --help          this text
`,
  run(args, terminal) {
    const options = {
      node: { type: 'string', multiple: true },
      kind: { type: 'string' },
      inventory: { type: 'string' },
      runtime: { type: 'string', multiple: true },
      out: { type: 'string' },
      format: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    const line = parseCommandLine(args, options, Infinity);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const out = textOption(line, 'out');
    const { sources, inventory } = readImportSources({
      folders: line.positionals,
      nodes: listOption(line, 'node'),
      kind: textOption(line, 'kind'),
      inventory: textOption(line, 'inventory'),
      runtimes: listOption(line, 'runtime'),
      out,
    });
    const imported = importNodes(sources, inventory);
    if (out !== undefined) writeNewFile(out, formatImport(imported));
    if (format === 'json') terminal.write(formatImportJson(imported));
    else if (out === undefined) terminal.write(formatImport(imported));
    else terminal.write(`${logLine(`${out}: ${plural(imported.nodes.length, 'node')}`)}\n`);
    return exitCodes.clean;
  },
};

// `import` is a word of the language: no binding can have it for a name.
export { importCommand as import };
