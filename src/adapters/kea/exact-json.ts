declare global {
  interface JSON {
    /** A number as it was written (ECMAScript proposal JSON.parse source text access, in Node since 21). */
    rawJSON(text: string): object;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/**
 * Parses JSON so that `JSON.stringify` writes each number as it stood: Kea tells 1.0 from 1, and the language does not. Throws a
 * `SyntaxError` that quotes the text: not to be shown.
 */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? JSON.rawJSON(source)
      : value,
  );
}

/** True if both texts are JSON that says the same, the order of keys aside; false where one is none. */
export function sameJson(left: string, right: string): boolean {
  try {
    return sorted(parseExactly(left)) === sorted(parseExactly(right));
  } catch {
    return false;
  }
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    isPlain(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}

/** An object with keys; a raw number is none. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) !== null
  );
}
