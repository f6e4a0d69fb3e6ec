import { describe, expect, it } from 'vitest';
import { type ScriptedAnswer, scriptedShell } from '../../../test/support/scripted-shell.ts';
import type { Address } from '../../domain/address.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import type { KeaChannel } from './channel.ts';
import { keaReservationWriter } from './reservation-writer.ts';

const { signal } = new AbortController();
const mac = 'bc:24:11:00:00:01' as Mac;
const change = [{ mac, was: null, becomes: { mac, name: 'alpha' as Hostname } }];
const subnets = (...texts: string[]) =>
  texts.map((subnet, index) => ({ id: index + 1, subnet, reservations: [] }));
const marked = { 'hw-address': mac, hostname: 'alpha', 'user-context': { truename: { reserved: true } } };

/** What the machine prints of a Kea that runs with this, and whose file says that. */
function state(
  dhcp4: object,
  file: string | undefined = undefined,
  commands = ['config-set', 'config-write'],
) {
  const whole = { 'shared-networks': [], ...dhcp4 };
  const running = JSON.stringify({ result: 0, arguments: { Dhcp4: whole, hash: 'A' } });
  const status = JSON.stringify({ result: 0, arguments: { pid: 1 } });
  const listed = JSON.stringify({ result: 0, arguments: commands });
  const text = file ?? JSON.stringify({ Dhcp4: whole }, null, 2);
  return { stdout: [running, listed, status, 'yes', text, '', 'end', ''].join('\n') };
}

const channel: KeaChannel = {
  source: 'Kea test',
  ask: async () => ({ result: 0, text: '', arguments: { leases: [] }, at: '2026-01-01T00:00:00.000Z' }),
};

function writer(...answers: ScriptedAnswer[]) {
  const shell = scriptedShell(() => answers.shift() ?? {});
  const place = { source: 'Kea test', shell, socket: '/run/s', file: '/etc/kea $(id)' };
  return { shell, ...keaReservationWriter(channel, place) };
}

describe('what stands at a Kea', () => {
  it('is told with what it takes and does not', async () => {
    const standing = await writer(state({ subnet4: subnets('10.2.10.0/24') })).standing(signal);

    expect(standing).toMatchObject({ own: [], others: [], needsAddress: false, renamesLeases: false });
    expect(standing.unfit?.({ mac, name: 'a' as Hostname })).toBeUndefined();
    expect(standing.unfit?.({ mac, name: 'a' as Hostname, address: '10.3.0.1' as Address })).toContain(
      'no subnet',
    );
  });

  it.each([
    ['finds nobody by MAC address', { 'host-reservation-identifiers': ['duid'] }],
    ['heeds no reservations in subnets', { 'reservations-in-subnet': false }],
  ])('is unfit at a Kea that %s', async (_what, more) => {
    const standing = await writer(state({ ...more, subnet4: subnets('10.2.10.0/24') })).standing(signal);

    expect(standing.unfit?.({ mac, name: 'a' as Hostname })).toContain('Kea is told to look for no');
  });

  it.each([
    [
      'Truename’s stand there and the file was edited',
      { reservations: [marked] },
      '{}',
      'reservations-changed',
    ],
    ['the file was never written by Kea', {}, '{} // mine', 'unsupported'],
  ])('is an error where %s', async (_what, more, file, code) => {
    const [subnet] = subnets('10.2.10.0/24');
    const of = state({ subnet4: [{ ...subnet, ...more }] }, file);

    await expect(writer(of).standing(signal)).rejects.toMatchObject({ code });
  });

  it.each([
    ['has no config-write', state({}, undefined, ['config-set']), 'unsupported'],
    [
      'was started with another file',
      { stdout: state({}).stdout.replace('\nyes\n', '\nno\n') },
      'configuration-invalid',
    ],
    ['has a file that may not be read', { exitCode: 65 }, 'not-found'],
    ['is cut short', { stdout: state({}).stdout.slice(0, -5) }, 'bad-response'],
    ['does not run', { exitCode: 66 }, 'unreachable'],
  ])('is an error where it %s', async (_what, answer, code) => {
    await expect(writer(answer).standing(signal)).rejects.toMatchObject({ name: 'SourceError', code });
  });
});

describe('a write at a Kea', () => {
  it('is one script, in which the commands are arguments', async () => {
    const of = writer(state({ subnet4: subnets('10.2.10.0/24') }), {});

    await of.write(change, await of.standing(signal), signal);

    const [, given] = of.shell.given;
    expect(of.shell.given).toHaveLength(2);
    expect(given?.script).not.toContain('$(id)');
    expect(given?.args?.[5]).toContain('"hostname":"alpha"');
    expect(given?.args?.[7]).not.toContain('alpha');
  });

  it('is none where nobody knows in which of several subnets the guest is', async () => {
    const of = writer(state({ subnet4: subnets('10.2.10.0/24', '10.2.20.0/24') }));

    const done = of.write(change, await of.standing(signal), signal);

    await expect(done).rejects.toMatchObject({ code: 'reservation-conflict' });
    expect(of.shell.given).toHaveLength(1);
  });

  it.each([
    ['somebody was faster', 65, 'reservations-changed'],
    ['Kea refuses it', 70, 'command-failed'],
    ['the file cannot be written', 74, 'command-failed'],
    ['Kea is gone', 66, 'unreachable'],
  ])('says where %s', async (_what, exitCode, code) => {
    const of = writer(state({ subnet4: subnets('10.2.10.0/24') }), { exitCode });

    await expect(of.write(change, await of.standing(signal), signal)).rejects.toMatchObject({ code });
  });
});
