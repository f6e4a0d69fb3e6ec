import type { PingLine } from './line.ts';

/** The time between the first question and the last moment that counts; milliseconds since 1970. */
export interface Watch {
  readonly begun: number;
  readonly ended: number;
  /** Between two questions, in milliseconds. */
  readonly intervalMs: number;
}

/** What is counted from the lines of one watch. */
export interface Counted {
  readonly answered: number;
  readonly asked: number;
  readonly lost: number;
  readonly longestMs: number;
}

/** An answer that did not come in this time is lost; one that comes later still is not. */
const patienceMs = 1000;

/**
 * Counts the questions that were lost, and the longest silence in which one was. A question without an answer is lost
 * when a later one was answered, or when it was asked a second before the end; of any other nobody can tell. A silence
 * lasts from answer to answer, less one interval; from the beginning, and to the end, where no answer bounds it.
 */
export function countOutage(lines: readonly PingLine[], { begun, ended, intervalMs }: Watch): Counted {
  const answers = new Map<number, number>();
  const silences = new Map<number, number>();
  for (const { kind, sequence, at } of lines) {
    const known = kind === 'answered' ? answers : silences;
    // The first word counts: what comes again is a duplicate, or a question that could not be sent.
    if (!known.has(sequence)) known.set(sequence, at);
  }
  const inOrder = [...answers].sort(([one], [other]) => one - other);
  const lastAnswered = inOrder.at(-1)?.[0] ?? 0;
  const trailing = [...silences].filter(([sequence]) => sequence > lastAnswered);
  const lostAtEnd = trailing.filter(([, at]) => at - intervalMs <= ended - patienceMs).length;

  let longestMs = 0;
  let before = { sequence: 0, at: begun };
  for (const [sequence, at] of inOrder) {
    if (sequence > before.sequence + 1) longestMs = Math.max(longestMs, at - before.at - intervalMs);
    before = { sequence, at };
  }
  if (lostAtEnd > 0) longestMs = Math.max(longestMs, ended - before.at - intervalMs);
  return {
    answered: answers.size,
    asked: Math.max(lastAnswered, ...silences.keys()),
    lost: lastAnswered - answers.size + lostAtEnd,
    longestMs,
  };
}
