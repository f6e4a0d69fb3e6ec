import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import type { ClusterState } from './state.ts';
import { createTestBench, type TestBench, templateState } from './testing.ts';

const vm = '/nodes/pve1/qemu/9000';

function answering(version: string | undefined, privileges: string[]): TestBench {
  const release =
    version === undefined ? {} : { version: { version, release: version.slice(0, 3), repoid: 'r' } };
  const state: ClusterState = { ...templateState, ...release };
  const token = { id: 'look@pve!token', secret: 's', acl: [{ path: '/', privileges }] };
  return createTestBench(createSimWorld([9000]), { state, tokens: [token] });
}

async function refusals(bench: TestBench): Promise<string[]> {
  const header = 'PVEAPIToken=look@pve!token=s';
  const calls: [string, string, object?][] = [
    ['GET', `${vm}/agent/get-host-name`],
    ['POST', `${vm}/agent/exec`, { command: ['true'] }],
    ['GET', `${vm}/agent/file-read?file=/x`],
    ['GET', `${vm}/config`],
  ];
  const answers = await Promise.all(
    calls.map(([method, path, body]) => bench.call(method, path, body, header)),
  );
  return answers.map(({ status, reason }) => `${status} ${reason}`);
}

const denied = (privileges: string) => `403 Permission check failed (/vms/9000, ${privileges})`;

describe('the privileges of the guest agent', () => {
  it('are those of 9 unless the state says otherwise', async () => {
    const expected = [
      denied('VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted'),
      denied('VM.GuestAgent.Unrestricted'),
      denied('VM.GuestAgent.FileRead|VM.GuestAgent.Unrestricted'),
      denied('VM.Audit'),
    ];
    expect(await refusals(answering(undefined, ['VM.Monitor']))).toEqual(expected);
    expect(await refusals(answering('9.2.11', ['VM.Monitor']))).toEqual(expected);
  });

  it('are VM.Monitor alone in 8', async () => {
    const [hostName, exec, fileRead, config] = await refusals(
      answering('8.4.1', ['VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted']),
    );
    expect([hostName, exec, fileRead]).toEqual(Array(3).fill(denied('VM.Monitor')));
    expect(config).toBe(denied('VM.Audit'));
  });

  it('let VM.Monitor in where it is asked for', async () => {
    const [hostName, exec] = await refusals(answering('8.4.1', ['VM.Monitor']));
    expect([hostName, exec]).toEqual(Array(2).fill('500 VM 9000 is not running'));
  });
});
