import { isAlias, isMap, isScalar, type ParsedNode, parseDocument } from 'yaml';

/** A mapping in YAML whose top-level values are asked for one by one. */
export interface YamlMapping {
  /** The value as text; undefined where there is none, or it is no single value. */
  text(key: string): string | undefined;
}

/**
 * Reads YAML as cloud-init does, with PyYAML: version 1.1, the last of two equal keys counts. Nothing but the
 * values that are asked for is built, so aliases cannot grow. An empty document is an empty mapping.
 *
 * @throws Error when it is no YAML, or not a mapping; the message holds none of the text, `line` where known.
 */
export function readMapping(yaml: string): YamlMapping {
  const { contents, document } = parse(yaml);
  return {
    text(key) {
      const pair = contents.findLast((each) => isScalar(each.key) && each.key.value === key);
      const value = isAlias(pair?.value) ? pair.value.resolve(document) : pair?.value;
      if (!isScalar(value) || value.value === null) return undefined;
      // `1234` or `on` would be a number and a truth value; the text is what a person meant as a name.
      const text = typeof value.value === 'string' ? value.value : (value.source ?? String(value.value));
      return text === '' ? undefined : text;
    },
  };
}

function parse(yaml: string) {
  const document = parseDocument<ParsedNode>(yaml, { version: '1.1', uniqueKeys: false, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw new YamlFault(error.linePos?.[0].line);
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return { document, contents: [] };
  }
  if (!isMap(document.contents)) throw new YamlFault(undefined);
  return { document, contents: document.contents.items };
}

/** Why a text is no mapping in YAML. */
export class YamlFault extends Error {
  override readonly name = 'YamlFault';
  readonly line: number | undefined;

  constructor(line: number | undefined) {
    super('no mapping in YAML');
    this.line = line;
  }
}

/** The names that a cloud-config gives. */
export interface GivenNames {
  readonly hostname?: string;
  readonly fqdn?: string;
}

/**
 * Name and whole name as cloud-init takes them from a cloud-config: `fqdn` gives the name where `hostname` does
 * not, and a `hostname` with dots is a whole name where `fqdn` is not there (cloudinit/util.py,
 * `get_hostname_fqdn`).
 */
export function givenNames(config: YamlMapping): GivenNames {
  const fqdn = config.text('fqdn');
  const hostname = config.text('hostname');
  if (fqdn !== undefined) return named(hostname ?? firstLabel(fqdn), fqdn);
  if (hostname === undefined) return {};
  return hostname.indexOf('.') > 0 ? named(firstLabel(hostname), hostname) : named(hostname, undefined);
}

function named(hostname: string, fqdn: string | undefined): GivenNames {
  return { ...(hostname === '' ? {} : { hostname }), ...(fqdn === undefined ? {} : { fqdn }) };
}

function firstLabel(name: string): string {
  return name.split('.')[0] ?? '';
}

/** `preserve_hostname`; undefined when nothing is said (cloudinit/util.py, `is_true`). */
export function preservesHostname(config: YamlMapping): boolean | undefined {
  const text = config.text('preserve_hostname');
  return text === undefined ? undefined : ['true', '1', 'on', 'yes'].includes(text.trim().toLowerCase());
}
