import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFolder } from '../src/files/folder.ts';
import { discover } from '../src/discovery/discover.ts';
import { parseYaml } from '../src/source/yaml.ts';

// Times how long it takes to find the images of 10,000 manifests, and what of it is reading and parsing.
//   node bench/discover.ts [NUMBER_OF_FILES]

const count = Number(process.argv[2] ?? 10_000);
const rounds = 5;

function deployment(index: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${index}
  namespace: team-${index % 50}
  labels:
    app.kubernetes.io/name: app-${index}
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: app-${index}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-${index}
    spec:
      containers:
        - name: app
          image: registry.example.com/team-${index % 50}/app-${index}:1.${index % 7}.0
          ports:
            - containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
`;
}

function median(measure: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    measure();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

function report(what: string, milliseconds: number): void {
  console.log(`${what.padEnd(24)} ${milliseconds.toFixed(0).padStart(6)} ms`);
}

const root = mkdtempSync(join(tmpdir(), 'mirrorproof-bench-'));
try {
  for (let index = 0; index < count; index++) {
    const folder = join(root, `team-${index % 50}`);
    if (index < 50) mkdirSync(folder);
    writeFileSync(join(folder, `app-${index}.yaml`), deployment(index));
  }
  const texts = new Map<string, string>();
  report(
    'walk',
    median(() => readFolder(root)),
  );
  report(
    'walk and read',
    median(() => {
      const files = readFolder(root);
      for (const path of files.paths) {
        const content = files.read(path);
        if (content && 'text' in content) texts.set(path, content.text);
      }
    }),
  );
  report(
    'parse',
    median(() => {
      for (const [path, text] of texts) parseYaml(path, text);
    }),
  );
  report(
    'walk, read and discover',
    median(() => {
      const { uses } = discover(readFolder(root));
      if (uses.length !== count) throw new Error(`found ${uses.length} images in ${count} manifests`);
    }),
  );
} finally {
  rmSync(root, { recursive: true });
}
