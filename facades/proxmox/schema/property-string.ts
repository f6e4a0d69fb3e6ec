import { FormatError } from './formats.ts';
import type { Property } from './schema.ts';

/** The schema of a property string: its keys. */
export type PropertyStringSchema = Readonly<Record<string, Property>>;

/**
 * Takes a property string (`virtio=MAC,bridge=vmbr0`) apart into its keys, aliases resolved and booleans
 * made `1` or `0`. Values are not yet checked against the schema. Throws {@link FormatError} for what
 * cannot be taken apart. Source: pve-common src/PVE/JSONSchema.pm `parse_property_string`.
 */
export function splitPropertyString(schema: PropertyStringSchema, text: string): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  let defaultKeyUsed = false;
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const pair = /^([^=]+)=(.+)$/s.exec(part);
    if (pair !== null) {
      assign(schema, result, pair[1] ?? '', pair[2] ?? '');
      continue;
    }
    if (part.includes('=')) throw new FormatError('missing key in comma-separated list property\n');
    const defaultKey = Object.keys(schema).find((key) => schema[key]?.default_key !== undefined);
    if (defaultKey === undefined) {
      throw new FormatError('value without key, but schema does not define a default key\n');
    }
    if (defaultKeyUsed || isTrue(result[defaultKey])) throw duplicate(defaultKey);
    defaultKeyUsed = true;
    result[defaultKey] = convert(schema[defaultKey], part);
  }
  return result;
}

function assign(
  schema: PropertyStringSchema,
  result: Record<string, string>,
  key: string,
  value: string,
): void {
  if (result[key] !== undefined) throw duplicate(key);
  const property = schema[key];
  if (property?.alias === undefined) {
    result[key] = convert(property, value);
    return;
  }
  if (property.keyAlias !== undefined) {
    if (result[property.keyAlias] !== undefined) {
      throw new FormatError(`key alias '${property.keyAlias}' is already defined\n`);
    }
    result[property.keyAlias] = key;
  }
  result[property.alias] = convert(schema[property.alias], value);
}

function duplicate(key: string): FormatError {
  return new FormatError(`duplicate key in comma-separated list property: ${key}\n`);
}

function convert(property: Property | undefined, value: string): string {
  if (property?.type !== 'boolean') return value;
  if (/^(1|on|yes|true)$/i.test(value)) return '1';
  if (/^(0|off|no|false)$/i.test(value)) return '0';
  return value;
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}
