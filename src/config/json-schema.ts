import { z } from 'zod';
import type { JsonSchema } from './key-path.ts';
import { configurationSchema } from './schema.ts';

let known: JsonSchema | undefined;

/** The JSON Schema (draft 2020-12) of what a person may write into `truename.yaml`, for editors. */
export function configurationJsonSchema(): JsonSchema {
  known ??= z.toJSONSchema(configurationSchema, { io: 'input' }) as JsonSchema;
  return known;
}
