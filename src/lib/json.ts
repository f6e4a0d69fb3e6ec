/**
 * Levels of arrays and objects that an answer may have; the deepest that is read has six. Without a bound an
 * answer of brackets alone costs a hundred times its size in memory before it is refused.
 */
const maxDepth = 64;

const [quote, backslash] = [0x22, 0x5c];

/**
 * The text as JSON. Undefined (which no JSON is) when it is none, or nested deeper than 64 levels. Says nothing of
 * the text: the parser's own message quotes it, and an answer may hold secrets.
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else depth += step(code);
    if (depth > maxDepth) return true;
  }
  return false;
}

/** Down at `[` and `{`, up at `]` and `}`. */
function step(code: number): number {
  if (code === 0x5b || code === 0x7b) return 1;
  return code === 0x5d || code === 0x7d ? -1 : 0;
}

/** Where the string that begins at `start` ends: at a quotation mark that no backslash takes away. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== quote) {
    at += text.charCodeAt(at) === backslash ? 2 : 1;
  }
  return at;
}
