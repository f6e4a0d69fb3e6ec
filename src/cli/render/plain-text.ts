/**
 * Foreign text for a terminal or a log: control characters (which could move the cursor, or hide what follows)
 * and Unicode's direction overrides become visible escapes.
 */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\n' ? '\n' : `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

/** The same in one line: a line of its own could pass for something that Truename says. */
export function plainLine(text: string): string {
  return plainText(text).replaceAll('\n', '\\u{a}');
}
