import { describe, expect, it } from 'vitest';
import { rawInput, refusal } from '../../test/support/raw-evidence.ts';
import { seenValue } from '../domain/observation.ts';

/** The names and addresses of the reservations that are kept beside the machine's own. */
async function kept(dnsmasq: string | Error) {
  const { reservations } = (await rawInput({ dnsmasq })).evidence.neighbours;
  return reservations && seenValue(reservations)?.map(({ name, address }) => name ?? address);
}

describe('the reservations that concern a machine', () => {
  it.each([
    ['its name for another MAC address', 'dhcp-host=bc:24:11:00:00:02,Alpha', 'Alpha'],
    ['its name for nobody', 'dhcp-host=alpha,10.2.10.9', 'alpha'],
    ['its address for another name', 'dhcp-host=bc:24:11:00:00:02,10.2.10.5', '10.2.10.5'],
    [
      'another name for its MAC address, and overruled',
      'dhcp-host=bc:24:11:00:00:01,old\ndhcp-host=bc:24:11:00:00:01,alpha',
      'old',
    ],
    [
      'the address that is reserved for it',
      'dhcp-host=bc:24:11:00:00:01,10.2.10.8\ndhcp-host=bc:24:11:00:00:02,10.2.10.8',
      '10.2.10.8',
    ],
    ['another name for its client identifier', 'dhcp-host=id:01:BC:24:11:00:00:01,beta', 'beta'],
  ])('reserve %s', async (_what, line, expected) => {
    expect(await kept(`${line}\ndhcp-host=bc:24:11:00:00:03,gamma,10.2.10.7\n`)).toEqual([expected]);
  });

  it('are none beside its own, and unknown where nobody can read them', async () => {
    expect(await kept('dhcp-host=bc:24:11:00:00:01,alpha,10.2.10.5\n')).toEqual([]);
    expect(await kept(refusal('timeout'))).toBeUndefined();
  });
});
