/** A login in front of a host, in a URL or without a scheme; not the digest of an image. */
const urlLogin =
  /(?<=:\/\/)[^\s/@"'`]{1,500}(?=@)|(?<=^|[\s"'`,[])[^\s"'`,[@/]{1,200}:[^\s"'`@/]{1,200}(?=@(?!sha\d))/g;

/** A key that names a login, and the value behind it. A name in front of a tag (`auth:1.2`) is no key. */
const loginKey =
  /(?:auths?|pass\w{0,9}|pwd|token|secret|stringData|dockerc\w{0,9})(?:["'][ \t]*[:=]|[ \t]*=|[ \t]*:(?=[ \t]|$))[ \t]*(.*)$/i;

/** What somebody else fills in is no secret: `${NAME}`. */
const variable = /^["']?\$\{\w+\}["']?[ \t,}\]]*$/;

const keyAndValue = /^([ \t]*(?:-[ \t]+)*["']?)([\w.-]+)(["']?[ \t]*[:=][ \t]*)/;

/** A text without the logins that stand in its URLs: `http://robot:secret@host` becomes `http://************@host`. */
export function hideUrlLogins(text: string): string {
  // Nearly no text has one, and to see that is cheap.
  return text.includes('@') ? text.replaceAll(urlLogin, stars) : text;
}

/**
 * The lines of a file as they may be shown: what can be a login is starred out letter by letter, so that all columns stay as
 * they are. Goes by the text alone, because a file with a mistake in it can often not be read in another way, and rather hides
 * too much: everything behind or below a key that names a login, but for user names and `${NAME}`.
 */
export function hideLogins(lines: readonly string[]): readonly string[] {
  const hider = new LoginHider();
  return lines.map((line) => hider.next(line));
}

class LoginHider {
  /** Lines that are indented deeper belong to a login. */
  #blockIndentation: number | undefined;
  /** Lines up to the next header belong to a login, as below `[...auth]` in TOML. */
  #isInTable = false;

  next(line: string): string {
    const indentation = line.length - line.trimStart().length;
    if (indentation === line.length) return line;
    if (line.charAt(indentation) === '[') this.#isInTable = /auth["']?[ \t]*\]/i.test(line);
    else if (this.#isInTable) return hideValue(line);
    if (this.#blockIndentation !== undefined && indentation > this.#blockIndentation) return hideValue(line);
    this.#blockIndentation = undefined;
    const match = loginKey.exec(line);
    if (!match) return hideUrlLogins(line);
    this.#blockIndentation = /^[ \t]*(?:-[ \t]+)*/.exec(line)?.[0].length ?? 0;
    const [, value = ''] = match;
    if (/^(?:[|>][-+\d]*[ \t]*)?$/.test(value) || variable.test(value)) return line;
    return hideUrlLogins(line.slice(0, line.length - value.length)) + stars(value);
  }
}

/** A line within a login: its value, or all of it where it has no key. */
function hideValue(line: string): string {
  const [lead = '', , key = ''] = keyAndValue.exec(line) ?? [];
  const value = line.slice(lead.length);
  return key === 'username' || variable.test(value) ? line : lead + stars(value);
}

function stars(text: string): string {
  return text.replaceAll(/\S/g, '*');
}
