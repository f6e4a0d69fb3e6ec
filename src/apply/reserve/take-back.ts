import { asTruenameError, TruenameError } from '../../domain/error.ts';
import type { DhcpServer } from '../../domain/ports.ts';
import { type ReservationDifference, sameReservation } from '../../domain/reservation.ts';
import { writerOf } from './look.ts';
import { leasePatienceMs, lifeOf, lookEveryMs } from './read-back.ts';
import type { ReadBack } from './result.ts';
import type { ReserveSources } from './sources.ts';

/** What became of taking something back. */
export interface TakenBack {
  /** Why it still stands there, or why nobody could see whether it does. */
  readonly failure?: TruenameError;
  /** Whether the server lives afterwards. */
  readonly life: ReadBack;
}

/**
 * Makes these differences, which take back what was written, as far as that still stands there; looks whether it is gone, and then
 * whether the server lives: what it did not take up may have stopped it, and a second write may do so too.
 */
export async function takeBack(
  sources: ReserveSources,
  server: DhcpServer,
  back: readonly ReservationDifference[],
  signal: AbortSignal,
): Promise<TakenBack> {
  const failure = await writeBack(server, back, signal);
  const life = await seenAlive(sources, server, signal);
  return { life, ...(failure === undefined ? {} : { failure }) };
}

/** What became of it, for the end of a sentence such as `it does not run`. */
export function sayingTakenBack({ failure, life }: TakenBack): string {
  const stands =
    failure === undefined ? 'it was taken back' : `and it could not be taken back: ${failure.message}`;
  switch (life.state) {
    case 'proven':
      return `${stands}, and the server runs`;
    case 'refuted':
      return `${stands}, AND THE SERVER DOES NOT RUN: ${life.because}`;
    default:
      return `${stands}, and whether the server runs could not be seen: ${life.because}`;
  }
}

/** What a person does next. */
export function hintTakenBack({ life }: TakenBack, server: string): string {
  if (life.state === 'proven') return 'Look at the log of the server for the lines of Truename’s file.';
  const look =
    life.state === 'refuted'
      ? 'nobody there gets an address now'
      : 'perhaps nobody there gets an address now';
  return `Go to the machine of ${server} now, for ${look}: look at the log of its DHCP server, and start it.`;
}

async function writeBack(
  server: DhcpServer,
  back: readonly ReservationDifference[],
  signal: AbortSignal,
): Promise<TruenameError | undefined> {
  const writer = writerOf(server);
  try {
    const before = await writer.standing(signal);
    const standing = back.filter(
      ({ mac, was }) =>
        was === null || before.own.some((own) => own.mac === mac && sameReservation(own, was)),
    );
    if (standing.length > 0) await writer.write(standing, before, signal);
    const after = await writer.standing(signal);
    const left = back.find(
      ({ mac, becomes }) => !sameReservation(after.own.find((own) => own.mac === mac) ?? null, becomes),
    );
    return left && new TruenameError('command-failed', `the reservation of ${left.mac} still stands`);
  } catch (error) {
    signal.throwIfAborted();
    return asTruenameError(error);
  }
}

/** Looks until the server lives, for as long as one is waited for that was told something. */
async function seenAlive(
  { clock, now, patience }: ReserveSources,
  server: DhcpServer,
  signal: AbortSignal,
): Promise<ReadBack> {
  const began = clock.elapsed();
  for (;;) {
    const life = await lifeOf(server, { now, lookMs: patience.lookMs }, signal);
    if (life.state === 'proven' || clock.elapsed() - began >= leasePatienceMs) return life;
    await clock.sleep(lookEveryMs, signal);
  }
}
