import { beforeAll, describe, expect, it } from 'vitest';
import { simNetwork } from '../../sim/network.ts';
import type { DoctorReport } from '../../src/cli/doctor-report.ts';
import { runProgram } from '../../src/cli/program.ts';
import { fixedGuests, rebuiltGuests } from '../guests.ts';
import { asOwnProcess } from './as-own-process.ts';
import { simStage } from './stage.ts';
import { simWiring } from './wiring.ts';

const nothing = () => undefined;
const silent = { progress: nothing, result: nothing, live: false, colour: false };
const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
const wiring = simWiring(network, new Map());

/** Runs a command on the simulation: its exit code and what it printed. */
async function truename(...words: string[]) {
  const text = { progress: '', result: '' };
  const output = {
    ...silent,
    progress: (more: string) => {
      text.progress += more;
    },
    result: (more: string) => {
      text.result += more;
    },
  };
  const exitCode = await asOwnProcess(() => runProgram(words, output, { wiring }));
  return { exitCode, ...text };
}

beforeAll(async () => {
  const stage = simStage(network, { say: nothing, colour: false }, silent);
  for (const guest of [...fixedGuests, ...rebuiltGuests]) {
    await stage.clone(guest);
    await stage.settled(guest);
    if ('leasesAs' in guest) await stage.spoil(guest);
  }
});

describe('the command line on the simulation', () => {
  it('finds by doctor what is wrong with each', async () => {
    const { exitCode, result } = await truename('doctor', 'alpha', 'delta', 'epsilon', '--json');
    const { machines } = JSON.parse(result) as DoctorReport;

    expect(exitCode).toBe(1);
    expect(machines.map(({ findings }) => findings[0]?.rule)).toEqual([
      'overlay-not-applied',
      'client-sends-old-name',
      'cloud-init-after-network',
    ]);
  });

  it('says of a configuration that is not there what is', async () => {
    const { exitCode, result } = await truename('rebuild', 'alpha', '610', 'tappaas1', 'other.nix');

    expect(exitCode).toBe(2);
    expect(result).toContain('there is no other.nix in the simulation');
  });

  it('mends all of them, of which two last until the next boot only', async () => {
    const { exitCode, result } = await truename('fix', '--all', '--yes');
    const leases = await truename('leases');

    expect(exitCode).toBe(3);
    expect(result).toContain('2 right until the next boot, 4 mended.');
    for (const { name } of [...fixedGuests, ...rebuiltGuests])
      expect(leases.result).toMatch(new RegExp(`^${name} `, 'm'));
  });

  it('has neither a demo nor what is kept in files of this machine', async () => {
    expect((await truename('undo', '--list')).progress).toContain("unknown command 'undo'");
    expect((await truename('demo')).progress).toContain("unknown command 'demo'");
  });
});
