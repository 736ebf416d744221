import { isFactKind, readFacts, type Facts } from '../manifest/facts.ts';
import { readManifest } from '../manifest/manifest.ts';
import { startOfFile, type Location } from '../source/location.ts';
import { findTemplate } from './mapBack.ts';
import { readDocuments } from './renderedUses.ts';
import type { Rendering } from './rendering.ts';

/** The pull secrets and ServiceAccounts that a chart makes: its Pods name them. */
export function readRenderedFacts(
  text: string,
  rendering: Rendering,
): Pick<Facts, 'secrets' | 'serviceAccounts'> {
  const documents = readDocuments(text);
  const place = ({ start }: Location): Location => {
    const document = documents.findLast(({ firstLine }) => firstLine <= start.line);
    return startOfFile(findTemplate(document?.template ?? '', rendering) ?? rendering.chart.file);
  };
  const { secrets, serviceAccounts } = readFacts(
    readManifest('rendered.yaml', text, isFactKind)?.objects ?? [],
  );
  return {
    secrets: secrets.map((secret) => ({ ...secret, location: place(secret.location) })),
    serviceAccounts: serviceAccounts.map((account) => ({
      ...account,
      location: place(account.location),
      imagePullSecrets: account.imagePullSecrets.map(({ value, location }) => ({
        value,
        location: place(location),
      })),
    })),
  };
}
