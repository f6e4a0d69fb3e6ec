import type { ProfileShape } from './tree/shapes.ts';

/** The templates that a lab's cluster offers, by number; all of them are called after the one people know. */
export const labTemplates: readonly {
  readonly vmid: number;
  readonly name: string;
  readonly shape: ProfileShape;
}[] = [
  { vmid: 9000, name: 'tappaas-nixos', shape: 'ensure-profiles' },
  { vmid: 9001, name: 'tappaas-nixos-automatic', shape: 'automatic' },
  { vmid: 9002, name: 'tappaas-nixos-keyfile', shape: 'stale-keyfile' },
];

/** The API token of a lab, and the rights that a rebuild needs and no more. */
export const labToken = {
  id: 'truename@pve!lab',
  privileges: ['VM.Audit', 'VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted', 'VM.PowerMgmt', 'Sys.Audit'],
} as const;
