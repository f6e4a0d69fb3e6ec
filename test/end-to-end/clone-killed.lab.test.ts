import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestFolder } from '../../lab/disk.ts';
import type { LabSegment } from '../../lab/segments.ts';
import type { CloneReport } from '../../src/cli/clone-report.ts';
import type { CloneEvent } from '../../src/domain/clone-event.ts';
import { inventoryOf, wholeOf } from './clone-inventory.ts';
import { openStage, type Stage } from './stage.ts';
import { watchRun } from './watched-run.ts';

/** Two runs that meet at no DHCP server, each with numbers of its own: one that goes on, and one that takes back. */
const lanes = [
  { segment: 'mgmt', first: 200, words: [] },
  { segment: 'srv', first: 400, words: ['--rollback'] },
] as const satisfies readonly { segment: LabSegment['name']; first: number; words: readonly string[] }[];
type Lane = (typeof lanes)[number];

/** Clones of a run; runs at which a moment is drawn before one goes to its end; how often all of that is done in each lane. */
const [count, draws, rounds] = [3, 5, 5] as const;

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('killed', { token: 'maker' });
}, 300_000);

afterAll(() => stage?.lab.down());

const stateOf = ({ segment }: Lane) => join(folder, `state-${segment}`);
const patternOf = ({ segment }: Lane, round: number) => `${segment}-${round}x%d`;

/** A run of the command; killed so many milliseconds after it told its first event. */
async function run(lane: Lane, round: number, killAfterMs?: number) {
  let timer: NodeJS.Timeout | undefined;
  const began = performance.now();
  let first = began;
  const words = ['--vmid', String(lane.first), '--count', String(count), '--name-pattern'];
  const ran = await watchRun<CloneEvent, CloneReport>(stage.lab, {
    folder,
    words: [
      ...['clone', '--from', '9011', ...words, patternOf(lane, round), '--segment', lane.segment],
      ...['--state-dir', stateOf(lane), ...lane.words],
    ],
    onEvent: (_, child) => {
      if (timer === undefined) first = performance.now();
      timer ??= setTimeout(() => {
        if (killAfterMs !== undefined) child.kill('SIGKILL');
      }, killAfterMs ?? 0);
    },
  });
  clearTimeout(timer);
  return { ...ran, ms: performance.now() - first };
}

/** Park and Miller's generator: the same moments each time (Communications of the ACM 31(10), 1988). */
function moments(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** What of the whole inventory is this lane's. */
async function lookAt(lane: Lane) {
  const { guests, disks, reservations, snippets } = await inventoryOf(stage);
  const mine = (vmid: number) => vmid >= lane.first && vmid < lane.first + 200;
  return {
    guests: guests.filter((line) => mine(Number.parseInt(line, 10))),
    disks: disks.filter(mine),
    reservations: reservations.filter((line) => line.includes(` ${lane.segment}-`)),
    snippets,
  };
}

const locksOf = async (lane: Lane) =>
  (await readdir(stateOf(lane), { recursive: true })).filter(
    (name) => /lock\b(?!s$)/.test(name) && name !== 'locks',
  );

/** Something lies where the last clone's disk would. */
async function blockLast({ first, words }: Lane): Promise<() => Promise<void>> {
  if (words.length === 0) return async () => undefined;
  const place = guestFolder(stage.lab.paths, first + count - 1);
  await writeFile(place, '');
  return () => rm(place);
}

async function takeAway(lane: Lane, names: readonly string[]): Promise<void> {
  const words = ['remove', ...names, '--yes', '--state-dir', stateOf(lane)];
  const { exitCode, stderr } = await stage.truename(folder, words);
  expect([exitCode, stderr]).toEqual([0, stderr]);
}

/** Gives the command again and again, killed each time unless it is quicker; when those were killed that were. */
async function killedRuns(lane: Lane, round: number, moment: () => number): Promise<number[]> {
  const killedAt: number[] = [];
  for (let draw = 0; draw < draws; draw += 1) {
    const at = Math.round(moment());
    const { exitCode } = await run(lane, round, at);
    if (exitCode === null) killedAt.push(at);
  }
  return killedAt;
}

/** The same command once more must make all of it whole, and `remove` must leave nothing. */
async function accountedFor(lane: Lane, round: number, told: string): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${lane.segment}-${round}x${index + 1}`);
  const { exitCode, report } = await run(lane, round);

  expect(exitCode, `${told}: ${JSON.stringify(report)}`).toBe(0);
  const left = await lookAt(lane);
  expect(left, told).toMatchObject(wholeOf(left));
  expect(left.guests.map((line) => line.split(' ')[1]).sort(), told).toEqual(names);
  expect(await locksOf(lane), told).toEqual([]);
  await takeAway(lane, names);
  expect(await lookAt(lane), told).toEqual({ guests: [], disks: [], reservations: [], snippets: [] });
}

async function killInLane(lane: Lane): Promise<void> {
  const random = moments(lane.first);
  const whole = (await run(lane, 0)).ms;
  await accountedFor(lane, 0, `${lane.segment}, never killed`);
  let killed = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const unblock = await blockLast(lane);
    const killedAt = await killedRuns(lane, round, () => random() * whole);
    killed += killedAt.length;
    await unblock();
    const told = `${lane.segment}, killed ${killedAt.join(', ')} of ${Math.round(whole)} ms after it began`;
    await accountedFor(lane, round, told);
  }
  expect(killed).toBeGreaterThan(0);
}

describe('runs that are killed at fifty random moments', () => {
  it('leave no guest, disk, reservation, lock or snippet that the same command does not account for', async () => {
    const before = await inventoryOf(stage);
    await Promise.all(lanes.map(killInLane));
    expect(await inventoryOf(stage)).toEqual(before);
  }, 900_000);
});
