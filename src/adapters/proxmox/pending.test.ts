import { describe, expect, it } from 'vitest';
import type { ProxmoxApi } from './client.ts';
import { pendingChanges } from './pending.ts';

const ref = { hypervisor: 'pve', node: 'pve1', vmid: 610 };
const { signal } = new AbortController();

function pending(answer: unknown): Promise<string[]> {
  const refuse = () => Promise.reject(new Error('not asked'));
  const get: ProxmoxApi['get'] = async ({ path }) => {
    expect(path).toEqual(['nodes', 'pve1', 'qemu', 610, 'pending']);
    return answer;
  };
  return pendingChanges(
    { isRoot: false, get, post: refuse, put: refuse, delete: refuse },
    { ref, kind: 'vm' },
    signal,
  );
}

describe('what is pending of a guest', () => {
  it('is what has another value or none after the next cold start, numbers as text or not', async () => {
    const lines = [
      { key: 'cores', value: 2, pending: '4' },
      { key: 'memory', value: '512' },
      { key: 'agent', delete: '1' },
      { key: 'net1', delete: 2 },
    ];

    expect(await pending(lines)).toEqual(['agent', 'cores', 'net1']);
    expect(await pending([])).toEqual([]);
  });

  it.each([[[{ key: '\u001b[2J', pending: '1' }]], [null], [{}]])('is not believed as %j', async (answer) => {
    await expect(pending(answer)).rejects.toMatchObject({ code: 'bad-response' });
  });
});
