import { describe, expect, it } from 'vitest';
import { networkdClient } from '../../test/support/client-states.ts';
import { macOf } from '../../test/support/fix-guest.ts';
import { evidence, mgmt } from '../../test/support/fix-subject.ts';
import { fixWorld } from '../../test/support/fix-world.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Segment } from '../domain/segment.ts';
import { observeOtherNics } from './other-nics.ts';

const { signal } = new AbortController();
const [first, second] = [
  { slot: 'net0', mac: macOf(610, 1), bridge: 'lan' },
  { slot: 'net1', mac: macOf(610, 2), bridge: 'dmz' },
];
const dmz: Segment = { ...mgmt, name: 'dmz', bridge: 'dmz' };

/** A guest with two NICs, the first of which carries the name. */
function scene(segments: readonly Segment[], closed: readonly number[] = []) {
  const world = fixWorld([{ vmid: 610, name: 'alpha', second: networkdClient({ device: 'ens19' }) }], {
    closed,
  });
  const { sources, log, guest } = world;
  const shell = sources.hypervisor.inside?.(guest(610).summary);
  if (shell === undefined) throw new Error('nobody could enter');
  const nics = [
    { nic: first, segment: 'mgmt' },
    { nic: second, ...(segments.length > 1 ? { segment: 'dmz' } : {}) },
  ];
  const seen: Evidence = { ...evidence({ nic: first, segment: mgmt, neighbours: { nics } }) };
  return { log, look: () => observeOtherNics({ ...sources, segments }, seen, shell, signal) };
}

describe('observeOtherNics', () => {
  it('looks once from each other NIC in the same domain, also on another bridge', async () => {
    const { look, log } = scene([mgmt, dmz]);

    const views = await look();

    expect(views).toMatchObject([{ client: { kind: 'networkd', device: 'ens19' } }]);
    expect(log).toEqual(['look 610']);
  });

  it.each<[string, readonly Segment[]]>([
    ['in another domain', [mgmt, { ...dmz, domain: 'dmz.internal' }]],
    ['that no segment holds', [mgmt]],
  ])('does not look from one %s', async (_what, segments) => {
    const { look, log } = scene(segments);

    expect(await look()).toEqual([]);
    expect(log).toEqual([]);
  });

  it('throws where nobody could look: that is no sign of silence', async () => {
    await expect(scene([mgmt, dmz], [610]).look()).rejects.toMatchObject({ code: 'agent-silent' });
  });
});
