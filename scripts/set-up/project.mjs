import { fileURLToPath } from 'node:url';

/** The checkout's own directory, without a trailing slash. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A reason to end that is no fault of the scripts: shown as one sentence, without a stack. */
export class Stop extends Error {}

/** Writes a line for people; never on stdout, which belongs to the command that was asked for.
 * @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * One thing that set-up would do.
 * @typedef {object} Step
 * @property {string} what what it will do, for people, as the rest of a sentence
 * @property {() => void} run does it, or throws a {@link Stop}
 */
