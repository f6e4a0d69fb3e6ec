import { configurationJsonSchema } from '../../../src/config/json-schema.ts';

/** Line width of the formatter, up to which it keeps a list on one line. */
const lineWidth = 110;

/** The JSON Schema of `truename.yaml` as a file for editors. */
export function configurationSchemaFile(): string {
  return `${format(withoutCase(configurationJsonSchema()), 0, 0)}\n`;
}

/**
 * The same schema with patterns that take capitals too: all names in the file are compared without case, and the
 * expressions that say so lose their flag in JSON Schema, which has none (draft 2020-12, section 6.4).
 */
export function withoutCase(schema: unknown): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === 'pattern' && typeof value === 'string' ? value.replaceAll(/(?<!A-Z)a-z/g, 'A-Za-z') : value,
    ),
  );
}

/** JSON as the formatter of this project leaves it: groups on lines of their own, short lists on one. */
function format(value: unknown, depth: number, column: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = '  '.repeat(depth + 1);
  const outer = '  '.repeat(depth);
  if (Array.isArray(value)) {
    const line = onOneLine(value);
    if (line !== undefined && column + line.length < lineWidth) return line;
    return `[\n${value.map((item) => inner + format(item, depth + 1, inner.length)).join(',\n')}\n${outer}]`;
  }
  const entries = Object.entries(value).map(([key, item]) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return start + format(item, depth + 1, start.length);
  });
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${outer}}`;
}

/** A list as one line; undefined where a group is in it. */
function onOneLine(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (!Array.isArray(value)) return undefined;
  const items = value.map(onOneLine);
  return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
}
