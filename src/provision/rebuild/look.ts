import { TruenameError } from '../../domain/error.ts';
import type { NixosSystems } from '../../domain/guest-facts.ts';
import type { Shell } from '../../domain/ports.ts';
import type { GuestView, Snapshot } from '../../domain/snapshot.ts';
import type { EvaluatedSystem, SwitchOutcome } from '../../domain/system-builder.ts';
import { takeSnapshot } from '../../observe/snapshot.ts';
import type { PlacedGuest } from './approach.ts';
import type { RebuildRequest, RebuildSources } from './context.ts';
import type { NameWork } from './name.ts';

/** How the links of a guest's name are read through a shell in it. */
export function nameWork(
  request: RebuildRequest,
  sources: RebuildSources,
  { found, nic, segment, fqdn }: PlacedGuest,
  shell: Shell,
  signal: AbortSignal,
): NameWork {
  const look = (resolvers: readonly string[]) =>
    takeSnapshot(
      {
        shell,
        probes: sources.probes,
        dhcpServer: sources.dhcpServer(segment.dhcpServer),
        resolvers: resolvers.map(sources.resolver),
        now: sources.clock.now,
      },
      { nameAtHypervisor: found.configuration.name, mac: nic.mac, fqdn },
      signal,
    );
  return {
    shell,
    claim: { name: request.name, fqdn, reverseRequired: sources.reverseRequired },
    dhcpServer: segment.dhcpServer,
    observe: () => look(segment.resolvers),
    observeLease: () => look([]),
  };
}

/** The part of a snapshot that is from inside the guest; throws what kept it from being read. */
export function viewOf({ guest }: Snapshot): GuestView {
  if (guest.seen === 'value') return guest.value;
  const why = guest.seen === 'not-observable' ? guest.why : 'it said nothing';
  const code = guest.seen === 'not-observable' ? guest.code : 'bad-response';
  throw new TruenameError(code, `the guest could not be read: ${why}`, { where: guest.source });
}

/**
 * A second look after nixos-rebuild's word: the system that was evaluated is the one of the next boot, and runs
 * unless a boot must come first.
 */
export function mustRun(
  { current, next }: NixosSystems,
  { path }: EvaluatedSystem,
  { result }: SwitchOutcome,
  request: RebuildRequest,
): void {
  const wrong = [current, next].find((each) => each?.path !== path);
  if (wrong === undefined && current !== undefined) return;
  if (next?.path === path && result === 'reboot-required') return;
  throw new TruenameError(
    'activation-failed',
    `nixos-rebuild succeeded, yet the running system declares ${current?.declaredName || 'no name'} and is not the one that was evaluated`,
    {
      where: `VM ${request.vmid}`,
      hint: `Compare /run/current-system with /nix/var/nix/profiles/system in the guest, and both with ${path}.`,
    },
  );
}
