import { readFileSync } from 'node:fs';

/** A parameter value as it arrives: text from a query or form, any JSON value from a JSON body. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Parameters of one request by name. */
export type Parameters = Readonly<Record<string, Value>>;

/** One property of a Proxmox VE parameter schema; the keys that this stand-in reads. */
export interface Property {
  readonly type?: string;
  readonly optional?: number | string;
  /** The name of a registered format, or the schema of a property string. */
  readonly format?: string | Readonly<Record<string, Property>>;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly requires?: string;
  readonly items?: Property;
  /** In a property string: the value that may be given without its key belongs to this key. */
  readonly default_key?: number;
  /** In a property string: this key is another spelling of that one. */
  readonly alias?: string;
  /** In a property string: the name of this key is itself the value of that one (`virtio=MAC`: model). */
  readonly keyAlias?: string;
}

/** A registered format: a regular expression and its error text, or (with neither) one known by name. */
export interface Format {
  readonly re?: string;
  readonly flags?: string;
  /** `$V` stands for the value. */
  readonly err?: string;
  readonly minLength?: number;
  readonly shortErr?: string;
  readonly deepErr?: string;
  readonly object?: Readonly<Record<string, Property>>;
}

/** `['perm', path, privileges, …options]`, or `['and' | 'or', …checks]`. */
export type PermissionCheck = readonly unknown[];

/** The published description of one method of one path. */
export interface MethodSchema {
  readonly name: string;
  /** 0: not callable with an API token. */
  readonly allowtoken?: number;
  readonly protected?: number;
  /** The parameter that names the node which must answer. */
  readonly proxyto?: string;
  readonly permissions?: { readonly user?: string; readonly check?: PermissionCheck };
  readonly parameters: {
    readonly additionalProperties?: number;
    readonly properties: Readonly<Record<string, Property>>;
  };
}

interface ApiFile {
  readonly _meta: { readonly families: Readonly<Record<string, number>> };
  readonly formats: Readonly<Record<string, Format>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawMethod>>>>;
}

interface RawMethod extends Omit<MethodSchema, 'parameters'> {
  readonly parameters: {
    readonly additionalProperties?: number;
    readonly sameAs?: string;
    readonly properties?: Readonly<Record<string, Property>>;
  };
}

const api = JSON.parse(readFileSync(new URL('./pve-api.json', import.meta.url), 'utf8')) as ApiFile;

/** The registered formats by name. */
export const formats = api.formats;

/** The schema of a method, its indexed families (`net[n]`) written out; undefined when not published here. */
export function methodSchema(method: string, path: string): MethodSchema | undefined {
  return methods.get(`${method} ${path}`);
}

const methods = new Map<string, MethodSchema>();
for (const [path, byMethod] of Object.entries(api.paths)) {
  for (const [method, raw] of Object.entries(byMethod)) {
    const base =
      raw.parameters.sameAs === undefined ? {} : byMethod[raw.parameters.sameAs]?.parameters.properties;
    const properties = expandFamilies({ ...base, ...raw.parameters.properties });
    methods.set(`${method} ${path}`, { ...raw, parameters: { ...raw.parameters, properties } });
  }
}

function expandFamilies(properties: Readonly<Record<string, Property>>): Record<string, Property> {
  const expanded: Record<string, Property> = Object.create(null);
  for (const [name, property] of Object.entries(properties)) {
    if (!name.endsWith('[n]')) {
      expanded[name] = property;
      continue;
    }
    const family = name.slice(0, -3);
    const count = api._meta.families[family] ?? 0;
    for (let index = 0; index < count; index += 1) expanded[`${family}${index}`] = property;
  }
  return expanded;
}
