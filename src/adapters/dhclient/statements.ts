/** A word, a quoted string, or a mark of the language of dhclient.conf(5) and dhclient.leases(5). */
export interface Token {
  readonly kind: 'word' | 'string' | 'mark';
  /** One character for each octet; see {@link fromOctets}. */
  readonly text: string;
}

/** A statement; one with braces has the statements between them. */
export interface Statement {
  readonly tokens: readonly Token[];
  readonly block: readonly Statement[] | undefined;
}

/**
 * The statements of a text. One that is not ended is left out, so a block that is being written, or was cut, is
 * not there at all; braces too many are passed over.
 */
export function readStatements(text: string): readonly Statement[] {
  const root: Statement[] = [];
  const outer: { readonly into: Statement[]; readonly head: readonly Token[] }[] = [];
  let into = root;
  let tokens: Token[] = [];
  for (const token of tokensOf(Buffer.from(text, 'utf8').toString('latin1'))) {
    if (token.kind !== 'mark' || !'{};'.includes(token.text)) {
      tokens.push(token);
      continue;
    }
    if (token.text === ';' && tokens.length > 0) into.push({ tokens, block: undefined });
    if (token.text === '{') {
      outer.push({ into, head: tokens });
      into = [];
    }
    const opened = token.text === '}' ? outer.pop() : undefined;
    if (opened !== undefined) {
      opened.into.push({ tokens: opened.head, block: into });
      into = opened.into;
    }
    tokens = [];
  }
  return root;
}

/** True when the statement begins with these words; letters without case, as dhclient reads them. */
export function beginsWith({ tokens }: Statement, ...words: readonly string[]): boolean {
  return words.every((word, index) => {
    const token = tokens[index];
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  });
}

/** Octets as text; those that are no UTF-8 become U+FFFD. */
export function fromOctets(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8');
}

/** Comments begin with `#` (dhclient.conf(5)); a string that is not ended ends with the text. */
const lexeme = /#[^\n]*|"((?:[^"\\]|\\[\s\S])*)(?:"|\\?$)|([{};,=()])|[^\s{};,=()"#]+/g;

function* tokensOf(text: string): Generator<Token> {
  for (const [whole, string, mark] of text.matchAll(lexeme)) {
    if (string !== undefined) yield { kind: 'string', text: unescapeString(string) };
    else if (mark !== undefined) yield { kind: 'mark', text: mark };
    else if (!whole.startsWith('#')) yield { kind: 'word', text: whole };
  }
}

/** common/conflex.c, read_string: octal and hexadecimal octets, the usual letters, and any other as it is. */
function unescapeString(text: string): string {
  return text.replace(/\\(?:([0-7]{1,3})|x([0-9a-f]{1,2})|([\s\S]))/gi, (_, octal, hexadecimal, letter) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    if (hexadecimal !== undefined) return String.fromCharCode(Number.parseInt(hexadecimal, 16));
    return letters.get(letter) ?? letter;
  });
}

const letters: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['r', '\r'],
  ['n', '\n'],
  ['b', '\b'],
]);
