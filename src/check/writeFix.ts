import type { Fix } from '../source/fix.ts';
import type { Location } from '../source/location.ts';

/** A fix that writes another key. In a TOML file a key may stand in several table headers, so there it is said in words only. */
export function replaceKey(location: Location, text: string): Fix {
  const message = `write \`${text}\``;
  return location.file.endsWith('.toml')
    ? { message }
    : { message, edit: { location, replacement: `"${text}"` } };
}
