import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import { ConfigurationError, type ConfigurationProblem } from './problem.ts';

/** A larger file is no configuration. */
const maxBytes = 1024 * 1024;
/** Nodes that aliases may stand for in all, against a small file that unfolds into a huge one. */
const maxAliasCount = 64;

/** A YAML (or JSON) file that was parsed, with the way back to its lines. */
export interface SourceDocument {
  readonly file: string;
  /** As plain data, not yet validated. */
  readonly value: unknown;
  /** The problem at a path of keys; at the nearest existing parent where the path does not exist. */
  problemAt(path: readonly PropertyKey[], message: string): ConfigurationProblem;
  /** The problem at a key itself, rather than at its value. */
  problemAtKey(path: readonly PropertyKey[], key: string, message: string): ConfigurationProblem;
}

/**
 * Parses the text. Throws a `ConfigurationError` with all errors of syntax; their text is our own,
 * as the parser's would quote the file and so, perhaps, a secret.
 */
export function parseSource(file: string, text: string): SourceDocument {
  const lines = new LineCounter();
  const problem = (offset: number, message: string): ConfigurationProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  if (Buffer.byteLength(text) > maxBytes) {
    throw new ConfigurationError(file, [
      { file, line: 1, column: 1, message: 'The file is larger than 1 MiB.' },
    ]);
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const complaints = complaintsOf([...document.errors, ...document.warnings]);
  if (complaints.length > 0) {
    throw new ConfigurationError(
      file,
      complaints.map((complaint) => problem(complaint.pos[0], syntaxMessage(complaint))),
    );
  }
  return {
    file,
    value: plainData(file, () => document.toJS({ maxAliasCount })),
    problemAt: (path, message) => problem(offsetOf(document.contents, path), message),
    problemAtKey: (path, key, message) => problem(keyOffsetOf(document.contents, path, key), message),
  };
}

/** The parser stops at a bound of its own depth; what it says of the rest is then of no use. */
function complaintsOf(complaints: readonly YAMLError[]): YAMLError[] {
  const exhausted = complaints.filter((complaint) => complaint.code === 'RESOURCE_EXHAUSTION');
  return (exhausted.length > 0 ? exhausted.slice(0, 1) : complaints).slice(0, 100);
}

function plainData(file: string, read: () => unknown): unknown {
  try {
    return read();
  } catch {
    const message = 'The aliases of the file stand for too much, or for themselves.';
    throw new ConfigurationError(file, [{ file, line: 1, column: 1, message }]);
  }
}

const syntaxMessages: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'This alias has no anchor.',
  BAD_DQ_ESCAPE: 'This escape is not one of YAML’s.',
  BAD_INDENT: 'This line is not indented as its neighbours are.',
  DUPLICATE_KEY: 'This key stands here twice.',
  MISSING_CHAR: 'A character is missing here: a quote, a bracket, a comma or a blank.',
  MULTILINE_IMPLICIT_KEY: 'A key must fit in one line; perhaps a colon is missing.',
  MULTIPLE_DOCS: 'A second document begins here; the file may hold one.',
  RESOURCE_EXHAUSTION: 'This is nested too deeply.',
  TAB_AS_INDENT: 'Lines are indented with blanks, not tabs.',
  TAG_RESOLVE_FAILED: 'Tags are not understood here.',
};

function syntaxMessage(error: YAMLError): string {
  return syntaxMessages[error.code] ?? 'This is not valid YAML.';
}

/** Where the value at the path begins, or its nearest existing parent. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node = root;
  for (const key of path) {
    const child = childOf(node, key);
    if (child === undefined) break;
    node = child;
  }
  return node?.range?.[0] ?? 0;
}

function keyOffsetOf(root: Node | null, path: readonly PropertyKey[], key: string): number {
  let node: Node | undefined = root ?? undefined;
  for (const each of path) node = childOf(node ?? null, each);
  const pair = isMap(node) ? node.items.find((item) => keyText(item) === key) : undefined;
  return pair !== undefined && isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : offsetOf(root, path);
}

/** An alias is where it stands, not where its anchor is: there the reader looks. */
function childOf(node: Node | null, key: PropertyKey): Node | undefined {
  if (isAlias(node)) return undefined;
  if (isSeq(node)) return node.items[Number(key)] as Node | undefined;
  if (!isMap(node)) return undefined;
  const value = node.items.find((item) => keyText(item) === String(key))?.value;
  return (value as Node | null | undefined) ?? undefined;
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}
