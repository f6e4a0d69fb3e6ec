import type { Nic } from '../../domain/guest.ts';
import type { GuestLogin } from '../../domain/guest-login.ts';
import { hostKeyAlias } from '../../domain/host-key.ts';
import { type Fqdn, fqdn } from '../../domain/name.ts';
import type { Segment } from '../../domain/segment.ts';
import type { RebuildRequest, RebuildSources } from './context.ts';
import { logIn, proveIdentity, trustGuest } from './enter.ts';
import { type FoundGuest, findGuest, placeGuest, startGuest } from './find.ts';
import { locateGuest } from './locate.ts';
import type { EnteredGuest } from './reboot.ts';
import type { Known } from './result.ts';
import type { RunStep } from './steps.ts';

/** A VM that was found on its segment. */
export interface PlacedGuest {
  readonly found: FoundGuest;
  readonly nic: Nic;
  readonly segment: Segment;
  readonly fqdn: Fqdn;
  /** Number and uuid in one word: under it its host keys are pinned, and its lock is taken. */
  readonly alias: string;
  /** False for a VM that is off and that a dry run does not start. */
  readonly running: boolean;
}

/** The steps that need the hypervisor alone. */
export async function placeOnSegment(
  run: RunStep,
  request: RebuildRequest,
  known: Known,
): Promise<PlacedGuest> {
  const found = await run(
    'find',
    findGuest,
    ({ summary }) => `VM ${summary.ref.vmid} on node ${summary.ref.node}`,
  );
  const { running } = await run(
    'start',
    (context) => startGuest(context, found),
    ({ how }) => how,
  );
  const { nic, segment } = await run(
    'segment',
    async (context) => placeGuest(context, found),
    (place) => `${place.segment.name} (${place.segment.domain})`,
  );
  const full = fqdn(request.name, segment.domain);
  known.segment = segment.name;
  known.fqdn = full;
  const alias = hostKeyAlias(request.vmid, found.configuration.uuid ?? nic.mac);
  return { found, nic, segment, fqdn: full, alias, running };
}

/** The steps from the VM's address to a shell in a machine that proved to be the VM; they write nothing there. */
export async function enterGuest(
  run: RunStep,
  { request, sources }: { readonly request: RebuildRequest; readonly sources: RebuildSources },
  { found, nic, segment, alias }: PlacedGuest,
  known: Known,
): Promise<EnteredGuest> {
  const address = await run(
    'address',
    (context) => locateGuest(context, found, nic, segment),
    (text) => text,
  );
  known.address = address;
  const login: GuestLogin = { guest: found.summary, name: request.name, address, alias };
  await run(
    'host-key',
    (context) => trustGuest(context, found, login),
    (text) => text,
  );
  const shell = sources.shell(login);
  await run(
    'login',
    (context) => logIn(context, found, { login, shell }),
    (text) => text,
  );
  const identity = await run(
    'identity',
    (context) => proveIdentity(context, found, nic, shell),
    () => 'it bears the MAC address and uuid of the VM',
  );
  return { login, shell, identity };
}
