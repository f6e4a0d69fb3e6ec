import { describe, expect, it } from 'vitest';
import type { KeaAnswer, KeaChannel } from './channel.ts';
import { readLeases } from './leases.ts';

const { signal } = new AbortController();
const at = '2026-01-01T00:00:00.000Z';
const row = {
  'ip-address': '10.2.10.5',
  'hw-address': 'bc:24:11:00:00:01',
  'client-id': '01:BC:24:11:00:00:01',
  hostname: 'alpha.mgmt.internal.',
  cltt: 1_767_225_600,
  'valid-lft': 3600,
  state: 0,
  'subnet-id': 1,
};

function channel(answers: Partial<KeaAnswer>[]): KeaChannel & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    source: 'Kea test',
    asked,
    async ask(service, command) {
      asked.push([service, command.arguments]);
      return { result: 0, text: '', arguments: undefined, at, ...answers.shift() };
    },
  };
}

describe('readLeases', () => {
  it('tells names as Kea keeps them, and when each lease ends', async () => {
    const endless = {
      ...row,
      'ip-address': '10.2.10.6',
      'valid-lft': 0xffff_ffff,
      hostname: '',
      'client-id': '',
    };
    const table = await readLeases(channel([{ arguments: { leases: [row, endless] } }]), false, signal);

    expect(table).toEqual({
      readAt: at,
      leases: [
        {
          address: '10.2.10.5',
          mac: 'bc:24:11:00:00:01',
          name: 'alpha.mgmt.internal.',
          clientId: '01:bc:24:11:00:00:01',
          expiresAt: '2026-01-01T01:00:00.000Z',
        },
        { address: '10.2.10.6', mac: 'bc:24:11:00:00:01' },
      ],
    });
  });

  it.each([1, 2, 3, 4])('takes a row in state %i for nobody’s lease', async (state) => {
    const table = await readLeases(channel([{ arguments: { leases: [{ ...row, state }] } }]), false, signal);

    expect(table.leases).toEqual([]);
  });

  it('has none where the answer is empty (result 3)', async () => {
    expect((await readLeases(channel([{ result: 3 }]), false, signal)).leases).toEqual([]);
  });

  it('goes on from the last address of a full page', async () => {
    const full = Array.from({ length: 5000 }, () => row);
    const kea = channel([{ arguments: { leases: full } }, { result: 3 }]);

    const { leases } = await readLeases(kea, false, signal);

    expect([leases.length, kea.asked[1]]).toEqual([5000, [4, { from: '10.2.10.5', limit: 5000 }]]);
  });

  it('does not go round for ever with a server that does not go on', async () => {
    const full = { arguments: { leases: Array.from({ length: 5000 }, () => row) } };

    await expect(readLeases(channel([full, full, full]), false, signal)).rejects.toMatchObject({
      code: 'bad-response',
    });
  });

  it.each([
    ['the hook is missing', { result: 2, text: 'not supported' }, 'unsupported'],
    ['it is refused', { result: 1, text: 'no' }, 'command-failed'],
    ['a row is none', { arguments: { leases: [{ ...row, cltt: 'x' }] } }, 'bad-response'],
  ])('is an error and no empty table where %s', async (_what, answer, code) => {
    await expect(readLeases(channel([answer]), false, signal)).rejects.toMatchObject({ code });
  });

  it('says which hook is to be loaded', async () => {
    await expect(readLeases(channel([{ result: 2 }]), false, signal)).rejects.toMatchObject({
      hint: expect.stringContaining('libdhcp_lease_cmds.so'),
    });
  });

  it('reads IPv6 leases where that is asked for, without delegated prefixes', async () => {
    const six = { duid: '00:01', iaid: 9, cltt: row.cltt, 'valid-lft': 60, state: 0 };
    const leases = [
      { ...six, 'ip-address': 'fd00::5', hostname: 'alpha', type: 'IA_NA' },
      { ...six, 'ip-address': 'fd00:1::', type: 'IA_PD' },
    ];
    const kea: KeaChannel = {
      source: 'Kea test',
      ask: async (service) => ({
        result: 0,
        text: '',
        arguments: { leases: service === 6 ? leases : [] },
        at,
      }),
    };

    expect((await readLeases(kea, true, signal)).leases6).toMatchObject([
      { address: 'fd00::5', duid: '00:01', iaid: '9', name: 'alpha' },
    ]);
  });
});
