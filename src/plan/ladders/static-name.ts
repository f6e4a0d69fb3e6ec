import { isNixos } from '../../checks/exhibits.ts';
import { type Hostname, sameName } from '../../domain/name.ts';
import type { Remedy } from '../../domain/remedy.ts';
import type { GuestView } from '../../domain/snapshot.ts';
import { rung } from './rung.ts';

/** The machine's own name, where it can be set at run time: on NixOS it is declared, and nobody may set it. */
export function staticNameRungs(view: GuestView, wanted: Hostname): Remedy[] {
  const { static: held } = view.host;
  if (sameName(held, wanted) || isNixos(view)) return [];
  return [
    rung({ kind: 'set-static-name', name: wanted, was: held }, { disruption: 'none', lasts: 'always' }),
  ];
}

/**
 * The kernel's name, where it differs from a static name that is right: systemd gives it to the kernel at boot
 * only.
 */
export function transientNameRungs(view: GuestView, wanted: Hostname): Remedy[] {
  const { transient, static: held } = view.host;
  if (sameName(transient, wanted) || !sameName(held, wanted)) return [];
  return [transientRung(view, wanted)];
}

/** Sets the kernel's name whatever the static one is. */
export function transientRung({ host }: GuestView, wanted: Hostname): Remedy {
  return rung(
    { kind: 'set-transient-name', name: wanted, was: host.transient },
    { disruption: 'none', lasts: 'boot' },
  );
}
