/** The paths that a text in the Nix language writes out. */
export interface NixPaths {
  /** As written, in order, each once: `./a`, `../a`, and `a/b`, which is the same as `./a/b`. */
  readonly relative: readonly string[];
  /** As written, beginning with `/`, each once. */
  readonly absolute: readonly string[];
}

/** Characters of a path literal (Nix src/libexpr/lexer.l, PATH_CHAR and the slash). */
const pathAt = /(?:\.{1,2}|[A-Za-z0-9_+-][A-Za-z0-9._+-]*)?\/[A-Za-z0-9._+/-]*[A-Za-z0-9._+-]/y;

/** Before a path literal none of these stands: it would be part of a longer word, of a URI, of `<nixpkgs>` or of `~/a`. */
const wordBefore = /[A-Za-z0-9._+:/<>~-]/;

/** What a place is within: braces of an interpolation know which kind of string they lead back to. */
type Enclosing = '{' | '"' | "''";

/**
 * Finds the path literals of a Nix text: what stands in comments and strings is none, what stands in an interpolation
 * within a string is. A path that is put together while the text is evaluated is not found. Never throws, whatever the
 * text is (Nix manual, "String literal", "Path literal", "Comments").
 */
export function nixPaths(text: string): NixPaths {
  const found = new Set<string>();
  const enclosing: Enclosing[] = [];
  let at = 0;
  while (at < text.length) {
    const inside = enclosing.at(-1);
    at =
      inside === undefined || inside === '{'
        ? afterCodePiece(text, at, enclosing, found)
        : afterStringPiece(text, at, inside, enclosing);
  }
  const all = [...found];
  return {
    relative: all.filter((path) => !path.startsWith('/')),
    absolute: all.filter((path) => path.startsWith('/')),
  };
}

/** Steps over a comment, a path, or a character that is neither; keeps count of what begins and ends. */
function afterCodePiece(text: string, at: number, enclosing: Enclosing[], found: Set<string>): number {
  if (text[at] === '#') return after(text, at, '\n');
  if (text.startsWith('/*', at)) return after(text, at + 2, '*/');
  const begins = (['"', "''", '{'] as const).find((each) => text.startsWith(each, at));
  if (begins !== undefined) {
    enclosing.push(begins);
    return at + begins.length;
  }
  if (text[at] !== '}') return afterPath(text, at, found);
  enclosing.pop();
  return at + 1;
}

function after(text: string, from: number, end: string): number {
  const next = text.indexOf(end, from);
  return next < 0 ? text.length : next + end.length;
}

/** Steps over one piece of a string: an escape, its end, the beginning of an interpolation, or a character. */
function afterStringPiece(text: string, at: number, kind: '"' | "''", enclosing: Enclosing[]): number {
  if (text.startsWith('${', at)) {
    enclosing.push('{');
    return at + 2;
  }
  if (kind === '"') {
    if (text[at] === '\\') return at + 2;
    // `$${` begins no interpolation.
    if (text.startsWith('$$', at)) return at + 2;
    if (text[at] === '"') enclosing.pop();
    return at + 1;
  }
  // In an indented string '' shields a quote, a dollar or a backslash with its character.
  if (text.startsWith("'''", at) || text.startsWith("''$", at)) return at + 3;
  if (text.startsWith("''\\", at)) return at + 4;
  if (text.startsWith('$$', at)) return at + 2;
  if (!text.startsWith("''", at)) return at + 1;
  enclosing.pop();
  return at + 2;
}

function afterPath(text: string, at: number, found: Set<string>): number {
  const before = at === 0 ? '' : (text[at - 1] as string);
  pathAt.lastIndex = at;
  const [path] = wordBefore.test(before) ? [] : (pathAt.exec(text) ?? []);
  if (path === undefined) return at + 1;
  // `//` updates a set, and `/` alone divides.
  if (!path.startsWith('//') && path !== '/') found.add(path);
  return at + path.length;
}
