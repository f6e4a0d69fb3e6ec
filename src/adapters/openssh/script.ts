/** The line on stderr that ends every script, so that a cut connection is told from a finished script. */
const marker = 'truename-end';

/**
 * What goes to `sh -s` on stdin: the arguments, the script in a subshell, and the end marker. Arguments
 * travel as octal escapes of printf(1p) `%b`, so no byte of them can mean anything to a shell.
 */
export function wrapScript(script: string, args: readonly string[]): string {
  const words = args.map((arg) => `"$(printf '%b' '${octal(arg)}')"`).join(' ');
  return `set -- ${words}\n(\n${script}\n) </dev/null\nprintf '\\n${marker} %s\\n' "$?" >&2\n`;
}

/** The script's exit code and its stderr without the marker; undefined when the script did not end. */
export function unwrapErrors(stderr: string): { exitCode: number; stderr: string } | undefined {
  const match = new RegExp(`\\n${marker} (\\d{1,3})\\n`).exec(stderr);
  if (match === null) return undefined;
  return { exitCode: Number(match[1]), stderr: stderr.slice(0, match.index) };
}

/** True for the line that only the wrapper wrote. */
export function isEndMarker(line: string): boolean {
  return line.startsWith(`${marker} `);
}

function octal(text: string): string {
  return [...Buffer.from(text, 'utf8')].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
}
