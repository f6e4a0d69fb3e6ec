import { describe, expect, it } from 'vitest';
import type { GuestSummary } from '../../domain/guest.ts';
import type { Hostname } from '../../domain/name.ts';
import type { ApiCall, ProxmoxApi } from './client.ts';
import { renameGuest } from './rename.ts';

const ref = { hypervisor: 'pve', node: 'pve1', vmid: 610 };
const { signal } = new AbortController();

async function calls(kind: GuestSummary['kind']): Promise<ApiCall[]> {
  const made: ApiCall[] = [];
  const refuse = () => Promise.reject(new Error('not asked'));
  const put = async (call: ApiCall) => {
    made.push(call);
    return null;
  };
  const api: ProxmoxApi = { isRoot: false, get: refuse, post: refuse, put, delete: refuse };
  await renameGuest(api, { ref, kind }, 'intranet' as Hostname, signal);
  return made;
}

describe('renameGuest', () => {
  it('changes the name of a VM and nothing else', async () => {
    const [call, ...more] = await calls('vm');

    expect(call?.path).toEqual(['nodes', 'pve1', 'qemu', 610, 'config']);
    expect(call?.params).toEqual({ name: 'intranet' });
    expect(more).toEqual([]);
  });

  it('leaves a container alone, and says the command', async () => {
    await expect(calls('container')).rejects.toMatchObject({
      code: 'unsupported',
      hint: 'On pve1: pct set 610 --hostname intranet',
    });
  });
});
