import { checkHotplug, checkNamedFormat, FormatError } from './formats.ts';
import { splitPropertyString } from './property-string.ts';
import { formats, type MethodSchema, type Parameters, type Property, type Value } from './schema.ts';

/** Error texts by parameter; empty when all is well. */
export type Errors = Record<string, string>;

/**
 * Judges parameters against a method's schema as Proxmox VE does, all bad ones at once, and returns them
 * with old array and list spellings made what the schema says (a scalar for an array is wrapped, an array
 * for a list is joined). Nothing else is converted: integers and booleans stay as they were sent.
 * Source: pve-common src/PVE/JSONSchema.pm `validate`, src/PVE/RESTHandler.pm `handle`.
 */
export function validate(
  schema: MethodSchema['parameters'],
  parameters: Parameters,
): { parameters: Record<string, Value>; errors: Errors } {
  const normalised = normalise(schema.properties, parameters);
  const errors: Errors = Object.create(null);
  checkObject('', schema.properties, normalised, schema.additionalProperties !== 0, errors);
  return { parameters: normalised, errors };
}

function normalise(
  properties: Readonly<Record<string, Property>>,
  parameters: Parameters,
): Record<string, Value> {
  const result: Record<string, Value> = Object.create(null);
  for (const [name, value] of Object.entries(parameters)) {
    const property = properties[name];
    const isList = property?.type === 'string' && String(property.format).endsWith('-list');
    if (Array.isArray(value) && isList) result[name] = value.map(String).join(',');
    else if (property?.type === 'array' && isScalarTrue(value)) result[name] = [value];
    else result[name] = value;
  }
  return result;
}

function isScalarTrue(value: Value): boolean {
  if (value === null || typeof value === 'object') return false;
  return value !== false && value !== '' && String(value) !== '0';
}

function checkObject(
  path: string,
  properties: Readonly<Record<string, Property>>,
  value: Readonly<Record<string, Value>>,
  additional: boolean,
  errors: Errors,
): void {
  const nameOf = (key: string) => (path === '' ? key : `${path}.${key}`);
  for (const [key, property] of Object.entries(properties)) {
    checkProperty(nameOf(key), property, value[key], errors);
  }
  for (const [key, given] of Object.entries(value)) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property === undefined) {
      if (additional) continue;
      const text = 'property is not defined in schema and the schema does not allow additional properties';
      addError(errors, nameOf(key), text);
      continue;
    }
    const needed = property.requires;
    if (needed === undefined || given === null) continue;
    if (value[needed] === undefined || value[needed] === null) {
      addError(errors, nameOf(needed), `missing property required by '${nameOf(key)}'`);
    }
  }
}

function addError(errors: Errors, path: string, text: string): void {
  const before = errors[path];
  errors[path] = before === undefined ? text : `${before}\\n${text}`;
}

function checkProperty(path: string, property: Property, value: Value | undefined, errors: Errors): void {
  if (value === undefined || value === null) {
    if (!isTrue(property.optional) && property.alias === undefined) {
      addError(errors, path, 'property is missing and it is not optional');
    }
    return;
  }
  const typeError = checkType(property.type, value);
  if (typeError !== undefined) {
    addError(errors, path, typeError);
    return;
  }
  if (Array.isArray(value)) {
    const { items } = property;
    if (items === undefined) return;
    for (const [index, item] of value.entries()) checkProperty(`${path}[${index}]`, items, item, errors);
    return;
  }
  const text = textOf(value);
  const error = checkFormat(path, property, text) ?? checkBounds(property, text);
  if (error !== undefined) addError(errors, path, error);
}

/** The text that Perl sees in a scalar: JSON true and false read as 1 and 0. */
export function textOf(value: Value): string {
  if (value === true) return '1';
  return value === false ? '0' : String(value);
}

function isTrue(value: number | string | undefined): boolean {
  return value !== undefined && String(value) !== '0';
}

const integer = /^[+-]?\d+$/;
const number = /^[+-]?(\d+\.\d+|\d+\.|\.\d+|\d+)([eE][+-]?\d+)?$/;

function checkType(type: string | undefined, value: Value): string | undefined {
  if (type === undefined || type === 'any') return undefined;
  if (type === 'array') return Array.isArray(value) ? undefined : "type check ('array') failed";
  if (typeof value === 'boolean') {
    return type === 'boolean' ? undefined : `type check ('${type}') failed - got JSON::PP::Boolean`;
  }
  if (Array.isArray(value)) return `type check ('${type}') failed - got ARRAY`;
  if (typeof value === 'object') return `type check ('${type}') failed - got HASH`;
  const text = textOf(value);
  const wrong =
    (type === 'boolean' && text !== '1' && text !== '0') ||
    (type === 'integer' && !integer.test(text)) ||
    (type === 'number' && !number.test(text));
  return wrong ? `type check ('${type}') failed - got '${text}'` : undefined;
}

function checkFormat(path: string, property: Property, text: string): string | undefined {
  const { format } = property;
  if (format === undefined) return undefined;
  try {
    const object = typeof format === 'string' ? formats[format]?.object : format;
    if (object !== undefined) checkPropertyString(path, object, text);
    else if (format === 'pve-hotplug-features') checkHotplug(text);
    else if (typeof format === 'string') checkNamedFormat(format, text);
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return `invalid format - ${error.message}`;
    throw error;
  }
}

function checkPropertyString(path: string, schema: Readonly<Record<string, Property>>, text: string): void {
  const value = splitPropertyString(schema, text);
  const errors: Errors = Object.create(null);
  checkObject(path, schema, value, false, errors);
  const lines = Object.keys(errors)
    .sort()
    .map((key) => `${key}: ${errors[key]}\n`);
  if (lines.length > 0) throw new FormatError(`format error\n${lines.join('')}`);
}

function checkBounds(property: Property, text: string): string | undefined {
  if (property.pattern !== undefined && !new RegExp(`^${property.pattern}$`).test(text)) {
    return 'value does not match the regex pattern';
  }
  if (property.maxLength !== undefined && text.length > property.maxLength) {
    return `value may only be ${property.maxLength} characters long`;
  }
  if (property.minLength !== undefined && text.length < property.minLength) {
    return `value must be at least ${property.minLength} characters long`;
  }
  if (number.test(text)) {
    if (property.maximum !== undefined && Number(text) > Number(property.maximum)) {
      return `value must have a maximum value of ${property.maximum}`;
    }
    if (property.minimum !== undefined && Number(text) < Number(property.minimum)) {
      return `value must have a minimum value of ${property.minimum}`;
    }
  }
  if (property.enum !== undefined && !property.enum.includes(text)) {
    return `value '${text}' does not have a value in the enumeration '${property.enum.join(', ')}'`;
  }
  return undefined;
}
