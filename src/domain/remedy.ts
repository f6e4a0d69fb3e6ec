import type { DhcpClientState } from './dhcp-client.ts';
import type { Hostname } from './name.ts';

/** What the guest feels, from nothing to a restart. */
export const disruptions = ['none', 'renew', 'blip', 'bounce', 'reboot'] as const;
export type Disruption = (typeof disruptions)[number];

/** Who else feels it. */
export const reaches = ['guest', 'segment', 'site'] as const;
export type Reach = (typeof reaches)[number];

/** One step that may put a name right. Data: it can be printed, stored, approved and replayed. */
export type Remedy = RemedyAction & {
  readonly disruption: Disruption;
  readonly reach: Reach;
};

/** The kinds of step, with what each needs to be carried out. */
export type RemedyAction =
  /** Set the kernel's name; the static name is right already. */
  { readonly kind: 'set-transient-name'; readonly name: Hostname } | DhcpClientAction;

/** The kinds of step that a DHCP client takes. */
type DhcpClientStep =
  /** Let it read the static name anew, then ask for one renewal. */
  | { readonly kind: 'refresh-static-name'; readonly device: string; readonly name: Hostname }
  /** Take a name out of the connection profile so that the static name speaks, then renew. */
  | {
      readonly kind: 'clear-profile-name';
      readonly device: string;
      readonly connection: string;
      readonly stale: string;
    }
  /** Force one difference in the applied copy: one REQUEST. */
  | { readonly kind: 'force-renewal'; readonly device: string }
  /** Activate the connection again. */
  | { readonly kind: 'activate-connection'; readonly device: string; readonly connection: string };

/** A step with the DHCP client whose it is. */
export type DhcpClientAction = DhcpClientStep & { readonly client: DhcpClientState['kind'] };

/** A step that is a DHCP client's. */
export type DhcpClientRemedy = DhcpClientAction & Pick<Remedy, 'disruption' | 'reach'>;

/** True when carrying it out makes the client ask the DHCP server for something. */
export function asksDhcpServer(remedy: Remedy): boolean {
  return remedy.disruption !== 'none';
}
