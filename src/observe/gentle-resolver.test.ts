import { describe, expect, it } from 'vitest';
import type { Address } from '../domain/address.ts';
import type { Fqdn } from '../domain/name.ts';
import type { Resolver } from '../domain/ports.ts';
import { gentleResolver } from './gentle-resolver.ts';

const name = 'alpha.mgmt.internal' as Fqdn;
const address = '10.2.10.5' as Address;
const { signal } = new AbortController();

function scene(known: boolean | undefined) {
  const asked: string[] = [];
  const resolver: Resolver = {
    id: 'unbound',
    async forward(each) {
      asked.push(each);
      return { status: 'answered', records: [address] };
    },
    async reverse(of) {
      asked.push(of);
      return { status: 'none' };
    },
    ...(known === undefined ? {} : { knows: async () => known }),
  };
  return { asked, gentle: gentleResolver(resolver) };
}

describe('gentleResolver', () => {
  it('does not ask for the address of a name that is not known', async () => {
    const { asked, gentle } = scene(false);

    expect(await gentle.forward(name, signal)).toEqual({ status: 'none' });
    expect(asked).toEqual([]);
  });

  it.each([true, undefined])('asks where it is, or where nobody can tell: %s', async (known) => {
    const { asked, gentle } = scene(known);

    expect((await gentle.forward(name, signal)).status).toBe('answered');
    expect((await gentle.reverse(address, signal)).status).toBe('none');
    expect(asked).toEqual([name, address]);
  });

  it('does not ask whose the address is either, and takes that for no answer', async () => {
    const { asked, gentle } = scene(false);
    await gentle.forward(name, signal);

    await expect(gentle.reverse(address, signal)).rejects.toMatchObject({ code: 'not-found' });
    expect(asked).toEqual([]);
  });

  it('asks whose the address is where nobody asked for a name', async () => {
    const { asked, gentle } = scene(false);

    expect((await gentle.reverse(address, signal)).status).toBe('none');
    expect(asked).toEqual([address]);
  });
});
