import type { LabSegment } from '../lab/segments.ts';
import type { ProfileShape } from '../lab/tree/shapes.ts';

/** The clones of the demo: one of each profile shape, in both segments. */
export const demoGuests: readonly DemoGuest[] = [
  { name: 'alpha', vmid: 610, template: 9000, shape: 'ensure-profiles', segment: 'mgmt' },
  { name: 'beta', vmid: 611, template: 9001, shape: 'automatic', segment: 'srv' },
  { name: 'gamma', vmid: 612, template: 9002, shape: 'stale-keyfile', segment: 'mgmt' },
];

/** One clone of the demo. */
export interface DemoGuest {
  readonly name: string;
  readonly vmid: number;
  readonly template: number;
  readonly shape: ProfileShape;
  readonly segment: LabSegment['name'];
}

/** The NixOS configuration that a person writes for one machine. */
export function configurationOf(guest: Pick<DemoGuest, 'name' | 'shape'>): string {
  const base =
    guest.shape === 'stale-keyfile'
      ? 'set-hostname'
      : guest.shape === 'automatic'
        ? 'plain'
        : 'ensure-profiles';
  return `{ imports = [ /etc/nixos/${base}.nix ]; networking.hostName = "${guest.name}"; }\n`;
}
