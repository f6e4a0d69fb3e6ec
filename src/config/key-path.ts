/** A JSON Schema as far as it is read here (draft 2020-12). */
export interface JsonSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
}

/** `segments.srv.resolvers[0]`; made fit for a message, as keys are foreign text. */
export function formatPath(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${shownKey(String(key))}`));
  return parts.join('').replace(/^\./, '');
}

/** A key without control characters, bounded. */
export function shownKey(key: string): string {
  const line = key.replace(/\p{Cc}+/gu, ' ');
  return line.length > 64 ? `${line.slice(0, 63)}…` : line;
}

/** The keys that the schema allows at a path, of all variants where there are several. */
export function keysAt(schema: JsonSchema, path: readonly PropertyKey[]): string[] {
  const [key, ...rest] = path;
  if (key === undefined) return Object.keys(schema.properties ?? {}).concat(variantKeys(schema, []));
  const own = schema.properties?.[String(key)] ?? elementOf(schema, key);
  return own === undefined ? variantKeys(schema, path) : keysAt(own, rest);
}

function variantKeys(schema: JsonSchema, path: readonly PropertyKey[]): string[] {
  return (schema.oneOf ?? []).flatMap((variant) => keysAt(variant, path));
}

function elementOf(schema: JsonSchema, key: PropertyKey): JsonSchema | undefined {
  if (typeof key === 'number') return schema.items;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
