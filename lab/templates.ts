import type { DiskName } from './tree/trees.ts';

/** The templates that a lab's cluster offers, by number; the NixOS-shaped ones are called after the one people know. */
export const labTemplates: readonly {
  readonly vmid: number;
  readonly name: string;
  readonly disk: DiskName;
}[] = [
  { vmid: 9000, name: 'tappaas-nixos', disk: 'ensure-profiles' },
  { vmid: 9001, name: 'tappaas-nixos-automatic', disk: 'automatic' },
  { vmid: 9002, name: 'tappaas-nixos-keyfile', disk: 'stale-keyfile' },
  { vmid: 9010, name: 'debian12-nm', disk: 'debian12-nm' },
  { vmid: 9011, name: 'debian13-networkd', disk: 'debian13-networkd' },
  { vmid: 9012, name: 'debian13-dhcpcd', disk: 'debian13-dhcpcd' },
  { vmid: 9013, name: 'debian12-dhclient', disk: 'debian12-dhclient' },
  { vmid: 9014, name: 'debian13-nm', disk: 'debian13-nm' },
];

/** The containers that are there from the start, stopped; both are in segment `mgmt`. */
export const labContainers: readonly {
  readonly vmid: number;
  readonly hostname: string;
  readonly disk: DiskName;
  /** The `ip` and `gw` parts of its `net0`. */
  readonly network: string;
}[] = [
  { vmid: 700, hostname: 'ct-debian12', disk: 'debian12-container', network: 'ip=dhcp' },
  { vmid: 701, hostname: 'ct-static', disk: 'debian12-container', network: 'gw=10.2.10.1,ip=10.2.10.71/24' },
  { vmid: 702, hostname: 'ct-networkd', disk: 'debian13-networkd', network: 'ip=dhcp' },
];

/** What it takes to make a guest, start it, and remove it: no more. The README of the adapter says the same. */
export const makerPrivileges = [
  'Datastore.AllocateSpace',
  'SDN.Use',
  'VM.Allocate',
  'VM.Audit',
  'VM.Clone',
  'VM.Config.Cloudinit',
  'VM.Config.Network',
  'VM.Config.Options',
  'VM.PowerMgmt',
] as const;

/**
 * The API tokens of a lab: `lab` with the rights that a rebuild needs and no more, `maker` with those that it takes to make
 * guests, `audit` with those that the agents of guests are out of reach of.
 */
export const labTokens = {
  lab: {
    id: 'truename@pve!lab',
    /** Name of the file in the lab's folder that holds the secret. */
    secretFile: 'token-secret',
    privileges: [
      'VM.Audit',
      'VM.GuestAgent.Audit',
      'VM.GuestAgent.Unrestricted',
      'VM.PowerMgmt',
      'Sys.Audit',
    ],
  },
  maker: {
    id: 'truename@pve!maker',
    secretFile: 'token-secret-maker',
    privileges: [...makerPrivileges, 'VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted'],
  },
  audit: {
    id: 'truename@pve!audit',
    secretFile: 'token-secret-audit',
    privileges: ['VM.Audit', 'Sys.Audit'],
  },
} as const;

/** A key of {@link labTokens}. */
export type LabTokenName = keyof typeof labTokens;
