import type { Fix } from '../source/fix.ts';
import type { Location } from '../source/location.ts';

/** A fix that writes another value in a place of YAML or TOML. The escapes of JSON are escapes of both. */
export function writeValue(location: Location, text: string): Required<Fix> {
  return { message: `write \`${text}\``, edit: { location, replacement: JSON.stringify(text) } };
}

/** A fix that writes another key. In a TOML file a key may stand in several table headers, so there it is said in words only. */
export function writeKey(location: Location, text: string): Fix {
  const { message, edit } = writeValue(location, text);
  return location.file.endsWith('.toml') ? { message } : { message, edit };
}
