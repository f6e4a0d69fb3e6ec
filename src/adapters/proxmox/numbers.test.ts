import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { SourceError } from '../../domain/error.ts';
import type { ApiCall } from './client.ts';
import { freeNumber, isTaken } from './numbers.ts';

const { signal } = new AbortController();
const refused = new SourceError('command-failed', 'Proxmox VE', 'VM exists');

/** A cluster that counts from 101, where these are taken. */
function cluster(taken: readonly number[]) {
  const answer = ({ params }: ApiCall) => {
    if (params?.vmid === undefined) return Promise.resolve('101');
    return taken.includes(Number(params.vmid))
      ? Promise.reject(refused)
      : Promise.resolve(String(params.vmid));
  };
  return scriptedApi({ 'GET /cluster/nextid': [answer] });
}

describe('freeNumber', () => {
  it.each([
    [{}, 101],
    [{ from: 50 }, 101],
    [{ besides: new Set([101, 103]) }, 104],
    [{ from: 102 }, 104],
    [{ from: 600 }, 600],
  ])('of %o is %i', async (wanted, number) => {
    expect(await freeNumber(cluster([102, 103]), wanted, signal)).toBe(number);
  });

  it('ends where a thousand are taken', async () => {
    const all = Array.from({ length: 1000 }, (_, index) => 600 + index);

    await expect(freeNumber(cluster(all), { from: 600 }, signal)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('isTaken', () => {
  it('does not take a cluster that gives no numbers at all for one where it is taken', async () => {
    const broken = scriptedApi({ 'GET /cluster/nextid': [refused] });

    expect(await isTaken(cluster([102]), 102, signal)).toBe(true);
    expect(await isTaken(cluster([102]), 104, signal)).toBe(false);
    await expect(isTaken(broken, 102, signal)).rejects.toBe(refused);
  });
});
