import fc from 'fast-check';
import type { NameRule } from '../../src/domain/dhcp-client.ts';
import type { GuestView, Snapshot } from '../../src/domain/snapshot.ts';
import {
  dhcpcdClient,
  networkdClient,
  networkManagerClient,
  snapshotWith,
  viewWith,
} from './client-states.ts';
import { blind } from './sample-snapshot.ts';

const name = fc.constantFrom('', 'alpha', 'ALPHA', 'old');
const end = fc.constantFrom('2026-01-01T13:00:00.000Z', '2026-01-02T13:00:00.000Z', undefined);
const file = fc.constantFrom(
  '/etc/dhcpcd.conf',
  '/etc/systemd/network/10-lan.network',
  '/etc/systemd/network/10-lan.network.d/zz-truename.conf',
);

const rule: fc.Arbitrary<NameRule> = fc.oneof(
  fc.record({ from: fc.constant('profile' as const), name: fc.constantFrom('alpha', 'ALPHA', 'old'), file }),
  fc.record({
    from: fc.constantFrom('static' as const, 'transient' as const),
    cut: fc.boolean(),
    legalOnly: fc.boolean(),
  }),
  fc.constant({ from: 'nothing' as const, why: 'SendHostname=no' }),
);

const client: fc.Arbitrary<GuestView['client']> = fc.oneof(
  fc
    .record({
      savedName: name,
      appliedName: fc.oneof(name, fc.constant(undefined)),
      sendsName: fc.boolean(),
      leaseExpiresAt: end,
      connection: fc.record({
        uuid: fc.constant('u'),
        id: fc.constant('i'),
        file: fc.constant('/f'),
        storage: fc.constantFrom('etc' as const, 'run' as const, 'usr-lib' as const, 'memory' as const),
      }),
    })
    .map(networkManagerClient),
  fc.record({ now: rule, nextBoot: rule, leaseExpiresAt: end }).map(networkdClient),
  fc.record({ now: rule, nextBoot: rule, leaseExpiresAt: end }).map(dhcpcdClient),
  fc.constant(undefined),
);

/** Any state of a machine that is to be called `alpha`, with any client, on NixOS or Debian, read or not. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    client,
    host: fc.record({ static: name, transient: name }),
    debian: fc.boolean(),
    declares: name,
    lease: name,
    unread: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'guest', 'lease'),
  })
  .map(({ client: held, host, debian, declares, lease, unread }) => {
    const taken = snapshotWith({ host, debian }, lease);
    const view = { ...viewWith({ host, debian }), client: held };
    const { current } = view.nixos;
    const next = current && { ...current, declaredName: declares };
    const value = { ...view, nixos: { ...view.nixos, next } };
    return {
      ...taken,
      guest: unread === 'guest' ? blind() : { ...taken.guest, seen: 'value' as const, value },
      lease: unread === 'lease' ? blind() : taken.lease,
    };
  });
