/** One line of a configuration file: `key` or `key=value`. */
export interface OptionLine {
  readonly key: string;
  readonly value?: string;
}

/** Where characters are put that stood between quotes: a private use area of Unicode, byte for byte. */
const hidden = 0xe000;

/** What a backslash means between quotes (dnsmasq(8), CONFIG FILE). */
const escapes: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  b: '\b',
  r: '\r',
  e: '\u001b',
  '"': '"',
  '\\': '\\',
};

/**
 * A line without its comment and outer blanks, as dnsmasq reads it (src/option.c, read_file): a `#` begins a
 * comment at the start of a word; what stands between quotes is hidden from all later reading until
 * {@link reveal}. Undefined when there is nothing, or when a quote is left open.
 */
export function readLine(line: string): string | undefined {
  const words = line.match(/"(?:\\[tnebr"\\]|[^"\\]|\\(?![tnebr"\\]))*"|[\s\S]/g) ?? [];
  const comment = words.findIndex((word, at) => word === '#' && /^\s?$/.test(words[at - 1] ?? ''));
  const said = comment < 0 ? words : words.slice(0, comment);
  if (said.includes('"')) return undefined;
  const text = said.map((word) => (word.length > 1 ? unquote(word) : word.replace(/\s/, ' '))).join('');
  const trimmed = text.replace(/^ +/, '').replace(/ +$/, '');
  return trimmed === '' ? undefined : trimmed;
}

/** The option that a line of a configuration file sets; undefined for a line that sets none. */
export function readOption(line: string): OptionLine | undefined {
  const text = readLine(line);
  if (text === undefined) return undefined;
  const equals = text.indexOf('=');
  if (equals < 0) return { key: text };
  return {
    key: text.slice(0, equals).replace(/[ =]+$/, ''),
    value: text.slice(equals + 1).replace(/^ +/, ''),
  };
}

/** The parts of a value between commas, without the blanks around them (src/option.c, split). */
export function splitValue(value: string): string[] {
  return value.split(',').map((part) => part.replace(/^ +/, '').replace(/ +$/, ''));
}

/** The text with what stood between quotes as it was written. */
export function reveal(text: string): string {
  return text.replace(/[\ue000-\ue0ff]/g, (each) => String.fromCharCode(each.charCodeAt(0) - hidden));
}

function unquote(word: string): string {
  const text = word
    .slice(1, -1)
    .replace(/\\([tnebr"\\])/g, (_all, letter: string) => escapes[letter] as string);
  return text.replace(/[\0-\u00ff]/g, (each) => String.fromCharCode(hidden + each.charCodeAt(0)));
}
