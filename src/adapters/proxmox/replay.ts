/** Gives a listener the lines of texts that came whole, without their line ends. */
export function replay(texts: readonly string[], onLine: (line: string) => void): void {
  for (const text of texts) {
    if (text === '') continue;
    for (const line of text.replace(/\n$/, '').split('\n')) onLine(line);
  }
}
