import type { z } from 'zod';
import { SourceError } from '../../domain/error.ts';
import { shown } from '../../lib/shown.ts';
import { answerSchema } from './schema.ts';

/** The daemon that a command is for, by the IP version that it serves. */
export type KeaService = 4 | 6;

/** What one command is answered with. */
export interface KeaAnswer {
  /** Result codes: 0 success, 1 error, 2 unsupported, 3 empty (Kea ARM, section "Data Syntax" of the Control Channel). */
  readonly result: number;
  readonly text: string;
  readonly arguments: unknown;
  /** When it was asked, by the server's clock where that is known, ISO 8601, UTC. */
  readonly at: string;
}

/** The commands of a Kea over whatever carries them. Throws `SourceError` where no answer came; an answer may be a refusal. */
export interface KeaChannel {
  /** The server, for people. */
  readonly source: string;
  ask(service: KeaService, command: KeaCommand, signal: AbortSignal): Promise<KeaAnswer>;
}

/** One command of the control channel. */
export interface KeaCommand {
  readonly command: string;
  readonly arguments?: unknown;
}

/** Reads an answer that was parsed already; throws `bad-response` for what is none. */
export function readAnswer(value: unknown, at: string, source: string): KeaAnswer {
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success)
    throw new SourceError('bad-response', source, 'the answer is not one of Kea, or was cut short');
  return { result: parsed.data.result, text: parsed.data.text, arguments: parsed.data.arguments, at };
}

/** The arguments of an answer. Throws `unsupported` for a command that is not there, `command-failed` for any other refusal. */
export function accepted<Schema extends z.ZodType>(
  { result, text, arguments: given }: KeaAnswer,
  schema: Schema,
  { source, command, hint }: { readonly source: string; readonly command: string; readonly hint?: string },
): z.output<Schema> {
  const details = hint === undefined ? {} : { hint };
  if (result === 2)
    throw new SourceError('unsupported', source, `it has no command ${command}: ${shown(text)}`, details);
  if (result !== 0 && result !== 3)
    throw new SourceError('command-failed', source, `${command} was refused: ${shown(text)}`);
  const parsed = schema.safeParse(given ?? {});
  if (!parsed.success)
    throw new SourceError('bad-response', source, `the answer to ${command} cannot be understood`);
  return parsed.data;
}
