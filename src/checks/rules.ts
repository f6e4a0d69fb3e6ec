import type { Rule } from '../domain/finding.ts';
import { agentBlind } from './agent-blind.ts';
import { askedTheWrongDhcpServer } from './asked-the-wrong-dhcp-server.ts';
import { clientBelievesOldName } from './client-believes-old-name.ts';
import { clientSendsOldName } from './client-sends-old-name.ts';
import { cloudInitAfterNetwork } from './cloud-init-after-network.ts';
import { declaredNameIsAnother } from './declared-name-is-another.ts';
import { dnsNotFollowingLease } from './dns-not-following-lease.ts';
import { duplicateClientId } from './duplicate-client-id.ts';
import { flipsBackAtBoot } from './flips-back-at-boot.ts';
import { fqdnOptionWins } from './fqdn-option-wins.ts';
import { guestNameDiffersFromVmName } from './guest-name-differs-from-vm-name.ts';
import { haPeerLacksNames } from './ha-peer-lacks-names.ts';
import { hostnamePendingReboot } from './hostname-pending-reboot.ts';
import { instanceIdChanged } from './instance-id-changed.ts';
import { ipDrift } from './ip-drift.ts';
import { leaseHasNoName } from './lease-has-no-name.ts';
import { leaseNameIsTemplate } from './lease-name-is-template.ts';
import { leaseTableFull } from './lease-table-full.ts';
import { nameHeldByOther } from './name-held-by-other.ts';
import { nameNotLegal } from './name-not-legal.ts';
import { nameWillNotLast } from './name-will-not-last.ts';
import { overlayNotApplied } from './overlay-not-applied.ts';
import { ownNicsCompete } from './own-nics-compete.ts';
import { reapplyWasANoop } from './reapply-was-a-noop.ts';
import { reconfigureWouldBreak } from './reconfigure-would-break.ts';
import { serverOverridesName } from './server-overrides-name.ts';
import { staleDnsRecord } from './stale-dns-record.ts';
import { staticDiffersFromTransient } from './static-differs-from-transient.ts';
import { staticEntryShadowsLease } from './static-entry-shadows-lease.ts';

/** Every diagnosis rule, in the order of the chain. */
export const rules: readonly Rule[] = [
  nameNotLegal,
  cloudInitAfterNetwork,
  instanceIdChanged,
  overlayNotApplied,
  declaredNameIsAnother,
  guestNameDiffersFromVmName,
  agentBlind,
  hostnamePendingReboot,
  staticDiffersFromTransient,
  clientBelievesOldName,
  clientSendsOldName,
  duplicateClientId,
  fqdnOptionWins,
  nameWillNotLast,
  flipsBackAtBoot,
  leaseNameIsTemplate,
  leaseHasNoName,
  ownNicsCompete,
  askedTheWrongDhcpServer,
  leaseTableFull,
  nameHeldByOther,
  reapplyWasANoop,
  haPeerLacksNames,
  serverOverridesName,
  reconfigureWouldBreak,
  staticEntryShadowsLease,
  ipDrift,
  dnsNotFollowingLease,
  staleDnsRecord,
];
