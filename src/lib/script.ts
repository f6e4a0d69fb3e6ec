/** The line on stderr that ends every script, so that a cut connection is told from a finished script. */
const marker = 'truename-end';

/**
 * What goes to `sh -s` on stdin: the arguments, the script in a subshell, and the end marker. Arguments
 * travel as octal escapes of printf(1p) `%b`, so no byte of them can mean anything to a shell; the dot behind
 * each keeps command substitution from taking its last newlines (XCU 2.6.3). A zero byte cannot be carried.
 */
export function wrapScript(script: string, args: readonly string[]): string {
  const words = args.map((arg) => `word=$(printf '%b.' '${octal(arg)}'); set -- "$@" "\${word%.}"\n`);
  return `set --\n${words.join('')}unset word\n(\n${script}\n) </dev/null\nprintf '\\n${marker} %s\\n' "$?" >&2\n`;
}

/**
 * The script's exit code and its stderr without the marker; undefined when the script did not end. The last
 * marker counts: a script may print what looks like one, but only the wrapper speaks after it.
 */
export function unwrapErrors(stderr: string): { exitCode: number; stderr: string } | undefined {
  const match = [...stderr.matchAll(new RegExp(`\\n${marker} (\\d{1,3})\\n`, 'g'))].at(-1);
  if (match === undefined) return undefined;
  return { exitCode: Number(match[1]), stderr: stderr.slice(0, match.index) };
}

/**
 * A listener that is not told the end marker, nor the empty line that the wrapper puts before it so that the
 * marker begins a line whatever the script printed last.
 */
export function withoutEndMarker(onLine: (line: string) => void): (line: string) => void {
  let empty = 0;
  return (line) => {
    if (line === '') {
      empty += 1;
      return;
    }
    const ended = line.startsWith(`${marker} `);
    for (let held = ended ? 1 : 0; held < empty; held += 1) onLine('');
    empty = 0;
    if (!ended) onLine(line);
  };
}

function octal(text: string): string {
  return [...Buffer.from(text, 'utf8')].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
}
