import { describe, expect, it } from 'vitest';
import { type ScriptedAnswer, scriptedShell } from '../../../test/support/scripted-shell.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import type { OwnReservation, ReservationChange } from '../../domain/reservation.ts';
import type { ConfiguredHosts } from './configured-hosts.ts';
import { writeOwnFile } from './own-file.ts';
import { dnsmasqReservationWriter } from './reservation-writer.ts';

const { signal } = new AbortController();
const mac = 'bc:24:11:00:00:01' as Mac;
const alpha: OwnReservation = { mac, name: 'alpha' as Hostname };
const add: ReservationChange = [{ mac, was: null, becomes: alpha }];
const text = writeOwnFile([alpha]) as string;
const process = (hostFolders: readonly string[]) => ({
  hostFolders,
  domains: ['mgmt.internal'],
  limits: { ranges: [] },
});
const nothing = { files: [], reservations: [], unreadable: [] };
const none: ScriptedAnswer = { stdout: 'watchers=12 \nnone\nend\n' };

function writer(answer: ScriptedAnswer, configured: Partial<ConfiguredHosts> = {}) {
  const shell = scriptedShell(answer);
  const hosts: ConfiguredHosts = {
    ...nothing,
    processes: [process(['/hosts/'])],
    ...configured,
  };
  return {
    shell,
    ...dnsmasqReservationWriter({ source: 'dnsmasq fw', shell, configured: async () => hosts }),
  };
}

describe('what stands at a dnsmasq', () => {
  it('is read from Truename’s file as root; the rest is everybody else’s', async () => {
    const reservations = [
      { mac, name: 'alpha', file: '/hosts//truename' },
      { mac, name: 'x', file: '/hosts/theirs' },
    ];
    const { standing, shell } = writer({ stdout: `watchers=12 13 \nfile\n${text}end\n` }, { reservations });

    expect(await standing(signal)).toMatchObject({
      own: [alpha],
      others: [{ file: '/hosts/theirs' }],
      place: '/hosts/truename',
      domains: ['mgmt.internal'],
    });
    expect(shell.given[0]).toMatchObject({ args: ['/hosts', 'truename'], root: true });
  });

  it.each<[string, ScriptedAnswer, Partial<ConfiguredHosts>, string]>([
    ['no folder is configured', none, { processes: [process([])] }, 'unsupported'],
    [
      'several dnsmasq have one',
      none,
      { processes: [process(['/a']), process(['/b'])] },
      'configuration-invalid',
    ],
    ['the folder is not there', { exitCode: 66 }, {}, 'unsupported'],
    ['a program is missing', { exitCode: 69 }, {}, 'program-missing'],
    ['nobody watches the folder', { stdout: 'watchers=\nnone\nend\n' }, {}, 'reservation-not-taken'],
    ['the answer was cut', { stdout: 'watchers=12 \nfile\n' }, {}, 'command-failed'],
    [
      'the file is not as Truename wrote it',
      { stdout: 'watchers=12 \nfile\nx\nend\n' },
      {},
      'reservation-conflict',
    ],
  ])('cannot be written where %s', async (_what, answer, configured, code) => {
    await expect(writer(answer, configured).standing(signal)).rejects.toMatchObject({ code });
  });

  it('is told from which ranges it leases, where there are any', async () => {
    const range = { from: '10.2.10.2', to: '10.2.10.9', mode: 'dynamic', tags: [], file: '/etc/d' } as never;
    const processes = [{ ...process(['/hosts']), limits: { ranges: [range] } }];

    expect((await writer(none, { processes }).standing(signal)).ranges).toEqual([range]);
    expect(await writer(none).standing(signal)).not.toHaveProperty('ranges');
  });

  it('is told under which domains only where it is known', async () => {
    const { standing } = writer(none, { processes: [{ ...process(['/hosts']), domains: ['#'] }] });

    expect(await standing(signal)).not.toHaveProperty('domains');
  });

  it('says which line to add where no folder is configured', async () => {
    await expect(writer(none, { processes: [] }).standing(signal)).rejects.toMatchObject({
      hint: expect.stringContaining('dhcp-hostsdir='),
    });
  });
});

describe('writing to a dnsmasq', () => {
  const answering = (end: ScriptedAnswer) => {
    let looks = 0;
    const shell = scriptedShell(() => {
      looks += 1;
      return looks === 1 ? none : end;
    });
    const configured = async () => ({ ...nothing, processes: [process(['/hosts'])] });
    return { shell, ...dnsmasqReservationWriter({ source: 'dnsmasq fw', shell, configured }) };
  };

  it('replaces what was read by the whole new text, which is no part of the script', async () => {
    const { standing, write, shell } = answering({ stdout: 'end\n' });

    await write(add, await standing(signal), signal);

    expect(shell.given[1]?.args).toEqual(['/hosts', 'truename', 'none', '', 'file', text, '']);
    expect(shell.given[1]?.script).not.toContain('alpha');
  });

  it('removes the file with its last reservation, and has dnsmasq forget', async () => {
    const shell = scriptedShell(({ args = [] }) =>
      args.length === 2 ? { stdout: `watchers=12 \nfile\n${text}end\n` } : { stdout: 'end\n' },
    );
    const configured = async () => ({ ...nothing, processes: [process(['/hosts'])] });
    const { standing, write } = dnsmasqReservationWriter({ source: 'dnsmasq fw', shell, configured });

    await write([{ mac, was: alpha, becomes: null }], await standing(signal), signal);

    expect(shell.given[1]?.args).toEqual(['/hosts', 'truename', 'file', text, 'none', '', 'reload']);
  });

  it.each<[string, ScriptedAnswer, string]>([
    ['another text stands there', { exitCode: 76 }, 'reservations-changed'],
    ['somebody else holds the folder', { exitCode: 75 }, 'reservations-changed'],
    ['the folder may not be written', { exitCode: 77 }, 'command-failed'],
    ['the script did not come to its end', { stdout: '' }, 'command-failed'],
  ])('says that %s', async (_what, end, code) => {
    const { standing, write } = answering(end);

    await expect(write(add, await standing(signal), signal)).rejects.toMatchObject({ code });
  });

  it('is felt by others only where something is to be forgotten', () => {
    const { reach } = writer(none);

    expect([reach(add), reach([{ mac, was: alpha, becomes: null }])]).toEqual(['guest', 'segment']);
  });
});
