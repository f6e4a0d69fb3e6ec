import { configurationJsonSchema } from './json-schema.ts';
import type { JsonSchema } from './key-path.ts';

/** One key of the file, as a row of the reference. */
interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly meaning: string;
  readonly example: string;
}

const header = ['Key', 'Type', 'Default', 'Meaning', 'Example'];

/** Every key of `truename.yaml` as Markdown, a table for each part of the file; made from the schema alone. */
export function configurationReference(): string {
  const { properties = {}, required = [] } = configurationJsonSchema();
  const parts = Object.entries(properties).map(([key, schema]) => {
    const rows = rowsOf(key, schema, required.includes(key));
    return [`## \`${key}\``, '', ...tableOf(rows), ''].join('\n');
  });
  return `${parts.join('\n').trimEnd()}\n`;
}

function rowsOf(key: string, schema: JsonSchema, required: boolean): Row[] {
  return [rowOf(key, schema, required), ...rowsBelow(key, schema)];
}

function rowsBelow(key: string, schema: JsonSchema): Row[] {
  const { additionalProperties: element, items } = schema;
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    rowsOf(`${key}.${name}`, child, schema.required?.includes(name) ?? false),
  );
  const variants = (schema.oneOf ?? []).flatMap((variant) => rowsBelow(key, variant));
  const elements = typeof element === 'object' ? rowsBelow(`${key}.<name>`, element) : [];
  const listed = items === undefined || items.type !== 'object' ? [] : rowsBelow(`${key}[]`, items);
  return [...own, ...variants, ...elements, ...listed];
}

function rowOf(key: string, schema: JsonSchema, required: boolean): Row {
  const [example] = schema.examples ?? [];
  return {
    key: code(key),
    type: typeOf(schema),
    fallback: required ? 'required' : fallbackOf(schema),
    meaning: schema.description ?? '',
    example: example === undefined ? '' : code(inYaml(example)),
  };
}

function fallbackOf(schema: JsonSchema): string {
  const value = schema.default;
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value === undefined || isEmpty ? '' : code(inYaml(value));
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'any' : typeOf(schema.items)}`;
  if (schema.type === 'object') {
    return typeof schema.additionalProperties === 'object' ? 'groups by name' : 'group';
  }
  if (schema.type === 'integer') return `${schema.minimum} to ${schema.maximum}`;
  return schema.type === 'string' ? 'text' : (schema.type ?? 'group');
}

/** JSON is YAML; plain text needs no quotes in a table. */
function inYaml(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function tableOf(rows: readonly Row[]): string[] {
  const lines = rows.map((row) => [row.key, row.type, row.fallback, row.meaning, row.example]);
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...lines.map(line)];
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function code(text: string): string {
  return `\`${text}\``;
}
