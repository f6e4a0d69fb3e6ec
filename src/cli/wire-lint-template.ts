import { templateLeftoversProbe } from '../adapters/linux/template-leftovers.ts';
import type { Configuration } from '../config/configuration.ts';
import type { ExamineSources } from '../observe/examine-sources.ts';
import type { TemplateSources } from '../observe/look-at-template.ts';
import type { WireOptions } from './wire.ts';
import { wireExamination } from './wire-examine.ts';

/** Where a template is looked at from; `close` ends its shared connections. */
export interface WiredLintTemplate {
  readonly sources: ExamineSources & TemplateSources;
  close(): Promise<void>;
}

/** The composition root of `lint-template`: whatever only looks, and what lies on a disk. */
export async function wireLintTemplate(
  configuration: Configuration,
  options: WireOptions,
): Promise<WiredLintTemplate> {
  const { sources, close } = await wireExamination(configuration, options);
  return { sources: { ...sources, leftovers: templateLeftoversProbe }, close };
}
