import type { Hostname } from './name.ts';

/** What the guest feels, from nothing to a restart. */
export const disruptions = ['none', 'renew', 'blip', 'bounce', 'reboot'] as const;
export type Disruption = (typeof disruptions)[number];

/** Who else feels it. */
export const reaches = ['guest', 'segment', 'site'] as const;
export type Reach = (typeof reaches)[number];

/**
 * How long it holds: `request`: it leaves nothing behind, and the client's next request carries whatever rules then;
 * `boot`: until the guest boots again or takes its interface up anew; `always`: until somebody changes it.
 */
export type Lasting = 'request' | 'boot' | 'always';

/** One step that may put a name right. Data: it can be printed, stored, approved and replayed. */
export type Remedy = RemedyAction & RemedyCost;

/** What a step costs, and for how long it helps. */
export interface RemedyCost {
  readonly disruption: Disruption;
  readonly reach: Reach;
  readonly lasts: Lasting;
}

/** The kinds of step, with what each needs to be carried out. */
export type RemedyAction =
  /** Set the static and the kernel's name by hostnamed; only where the file may be written (not on NixOS). */
  | { readonly kind: 'set-static-name'; readonly name: Hostname; readonly was: string }
  /** Set the kernel's name alone. */
  | { readonly kind: 'set-transient-name'; readonly name: Hostname; readonly was: string }
  /** A cold restart by the hypervisor: the last rung, and only when it was asked for. */
  | { readonly kind: 'reboot-guest' }
  | DhcpClientAction;

/** A step with the DHCP client whose it is. */
export type DhcpClientAction =
  | (NetworkManagerStep & { readonly client: 'network-manager' })
  | (NetworkdStep & { readonly client: 'networkd' })
  | (DhcpcdStep & { readonly client: 'dhcpcd' });

/** A step that is a DHCP client's. */
export type DhcpClientRemedy = DhcpClientAction & RemedyCost;

/** A connection profile, on the device that holds the MAC address. */
interface OnProfile {
  readonly device: string;
  /** UUID of the profile. */
  readonly connection: string;
}

/**
 * What of a profile is changed: its file (`nmcli connection modify`, then a reapply), or only the copy that is in force
 * on the device (`nmcli device modify`, which asks the DHCP server by itself), which is gone when the
 * connection is activated anew. A profile that something else writes at boot, as NixOS does, is changed in force
 * only: a saved change would cover what is declared, or be lost where nobody expects it.
 */
export type ProfileCopy = 'saved' | 'in-force';

/** The steps that NetworkManager takes. */
export type NetworkManagerStep =
  /** Let it read the static name anew, then ask for one renewal. */
  | { readonly kind: 'refresh-static-name'; readonly device: string; readonly name: Hostname }
  /** Write the name into the connection profile, for a machine whose static name cannot be set, then renew. */
  | ({
      readonly kind: 'set-profile-name';
      readonly name: Hostname;
      /** `ipv4.dhcp-hostname` before; empty when it was unset. */
      readonly was: string;
      readonly copy: ProfileCopy;
    } & OnProfile)
  /** Take a name out of the connection profile so that the static name speaks, then renew. */
  | ({
      readonly kind: 'clear-profile-name';
      readonly stale: string;
      readonly copy: ProfileCopy;
      /** NetworkManager knows the static name as it is, and need not be told first. */
      readonly knowsStaticName: boolean;
    } & OnProfile)
  /** Let the profile of another NIC send no name, then renew that one. */
  | ({ readonly kind: 'silence-profile'; readonly copy: ProfileCopy } & OnProfile)
  /** Force one difference in the applied copy: one REQUEST. */
  | { readonly kind: 'force-renewal'; readonly device: string }
  /** Activate the connection again. */
  | ({ readonly kind: 'activate-connection' } & OnProfile)
  /** Disconnect and connect, with a unit in the guest that connects again whatever becomes of this run. */
  | ({ readonly kind: 'bounce-connection' } & OnProfile);

/** The steps that systemd-networkd takes. */
export type NetworkdStep =
  /** Write the name into a drop-in of Truename's own, then reload: one REQUEST. */
  | {
      readonly kind: 'write-drop-in';
      readonly device: string;
      /** Whole path of the drop-in. */
      readonly path: string;
      readonly name: Hostname;
      /** The name in it before, where an earlier run wrote one; empty when there is none. */
      readonly was: string;
    }
  /** Let another NIC's link send no name, by a drop-in of Truename's own. */
  | { readonly kind: 'silence-link'; readonly device: string; readonly path: string }
  /** Reload with a drop-in below /run that says nothing: the link is set up with the machine's name as it is now. */
  | { readonly kind: 'reload-link'; readonly device: string; readonly path: string }
  /** Give the lease back and ask anew. */
  | { readonly kind: 'reconfigure-link'; readonly device: string };

/** The flag with which dhcpcd runs; every call must repeat it, or a second client starts. */
type DhcpcdFamily = { readonly family?: '4' | '6' };

/** The steps that dhcpcd takes. */
export type DhcpcdStep =
  /** One REQUEST with the machine's name as it is now. */
  | ({ readonly kind: 'rebind-lease'; readonly device: string } & DhcpcdFamily)
  /** Take a name out of dhcpcd.conf so that the machine's own speaks; dhcpcd takes it up when it starts. */
  | {
      readonly kind: 'clear-conf-name';
      readonly device: string;
      readonly file: string;
      readonly stale: string;
    }
  /** Restart the unit that runs it; the lease is kept. */
  | { readonly kind: 'restart-client'; readonly device: string };

/** True when carrying it out makes the client ask the DHCP server for something. */
export function asksDhcpServer(remedy: Remedy): boolean {
  return remedy.disruption !== 'none';
}
