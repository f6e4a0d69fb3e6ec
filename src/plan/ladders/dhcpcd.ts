import type { DhcpcdState } from '../../domain/dhcp-client.ts';
import { sameName } from '../../domain/name.ts';
import type { Remedy } from '../../domain/remedy.ts';
import { type LadderScene, rung } from './rung.ts';
import { transientRung } from './static-name.ts';

/** Rungs for dhcpcd, which sends the kernel's name as it is when it asks, unless its configuration has one. */
export function dhcpcdRungs(client: DhcpcdState, scene: LadderScene): Remedy[] {
  const { view, wanted, leaseIsRight, taken } = scene;
  const { kind, device, family, file, now } = client;
  const kernel =
    now.from !== 'profile' && !sameName(view.host.transient, wanted) ? [transientRung(view, wanted)] : [];
  const stale = now.from === 'profile' && !sameName(now.name, wanted) ? now : undefined;
  const conf =
    stale?.file === file
      ? [
          rung(
            { kind: 'clear-conf-name', client: kind, device, file, stale: stale.name },
            { disruption: 'none', lasts: 'always' },
          ),
        ]
      : [];
  if (leaseIsRight) return [...kernel, ...conf];
  const restart = rung(
    { kind: 'restart-client', client: kind, device },
    { disruption: 'renew', lasts: 'request' },
  );
  // What it was started with holds until it is started again; after an edit a rebind takes the address away.
  const edited = taken.some(({ kind: done }) => done === 'clear-conf-name');
  if (stale !== undefined || edited) return [...kernel, ...conf, restart];
  const flag = family === undefined ? {} : { family };
  const rebind = rung(
    { kind: 'rebind-lease', client: kind, device, ...flag },
    { disruption: 'renew', lasts: 'request' },
  );
  return [...kernel, rebind, restart];
}
