import type { CloudInitSeed, SeedTexts } from '../domain/cloud-init-seed.ts';
import type { GuestSummary } from '../domain/guest.ts';
import type { GuestLogin } from '../domain/guest-login.ts';
import type { DhcpServer, HostKeyStore, Hypervisor, Resolver, Shell } from '../domain/ports.ts';
import type { Segment } from '../domain/segment.ts';
import type { EntryProbes } from './entry.ts';
import type { Capture } from './hypervisor-looks.ts';

/** Where a machine is looked at from. Nothing of it is changed by an examination. */
export interface ExamineSources {
  readonly hypervisor: Hypervisor;
  readonly segments: readonly Segment[];
  readonly dhcpServer: (id: string) => DhcpServer;
  /** Ids of all DHCP servers; those of the segments where it is left out. */
  readonly dhcpServers?: readonly string[];
  readonly resolver: (id: string) => Resolver;
  readonly probes: EntryProbes;
  readonly hostKeys: Pick<HostKeyStore, 'pinned'>;
  /** `pinned`: its host keys are known here; else the user's own known_hosts files decide. */
  readonly ssh: (login: GuestLogin, pinned: boolean) => Shell;
  /** Keeps the name fields and drops the rest. */
  readonly readSeed: (texts: SeedTexts) => CloudInitSeed;
  readonly capture: Capture;
  /** The NIC that is to carry a guest's name; the first that a segment holds where it is left out. */
  readonly nicFor?: (guest: GuestSummary) => string | undefined;
  readonly now: () => string;
}
