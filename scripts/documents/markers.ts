/** Makes the text of one generated part, without the markers around it. */
export type Generator = () => Promise<string> | string;

/** A Markdown document in which a marker cannot be understood. */
export class MarkerError extends Error {}

const part = /^<!-- generated: (\S+) -->$/;
const end = '<!-- /generated -->';

/** The document with every part between `<!-- generated: NAME -->` and `<!-- /generated -->` made anew. */
export async function regenerate(
  text: string,
  generators: Readonly<Record<string, Generator>>,
): Promise<string> {
  const lines: string[] = [];
  let inside: string | undefined;
  for (const line of text.split('\n')) {
    const name = part.exec(line)?.[1];
    if (name !== undefined) {
      if (inside !== undefined) throw new MarkerError(`the part "${inside}" has no "${end}"`);
      const made = await generatorOf(name, generators)();
      lines.push(line, '', made.trim(), '', end);
      inside = name;
    } else if (line === end) {
      if (inside === undefined) throw new MarkerError(`"${end}" ends nothing`);
      inside = undefined;
    } else if (inside === undefined) {
      lines.push(line);
    }
  }
  if (inside !== undefined) throw new MarkerError(`the part "${inside}" has no "${end}"`);
  return lines.join('\n');
}

function generatorOf(name: string, generators: Readonly<Record<string, Generator>>): Generator {
  const generator = Object.hasOwn(generators, name) ? generators[name] : undefined;
  if (generator !== undefined) return generator;
  throw new MarkerError(`nothing generates "${name}"; there are: ${Object.keys(generators).join(', ')}`);
}
