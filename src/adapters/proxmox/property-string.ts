/**
 * A value of the form `default,key=value,…` as its parts; one part may come without a key and is
 * kept under `defaultKey` (pve-common PVE/JSONSchema.pm, `parse_property_string`). Undefined when
 * it is no property string: a key twice, or a part without a key beside the default one.
 */
export function parsePropertyString(text: string, defaultKey: string): Map<string, string> | undefined {
  const parts = new Map<string, string>();
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const at = part.indexOf('=');
    const key = at < 0 ? defaultKey : part.slice(0, at);
    if (key === '' || parts.has(key)) return undefined;
    parts.set(key, at < 0 ? part : part.slice(at + 1));
  }
  return parts;
}

/** A boolean as property strings write it: 1, on, yes, true (`parse_boolean`); undefined for other text. */
export function parseBoolean(text: string): boolean | undefined {
  if (/^(?:1|on|yes|true)$/i.test(text)) return true;
  return /^(?:0|off|no|false)$/i.test(text) ? false : undefined;
}
