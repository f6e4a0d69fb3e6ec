import { asTruenameError, TruenameError } from '../../domain/error.ts';
import type { Emit } from '../../domain/event.ts';
import { hostKeyAlias } from '../../domain/host-key.ts';
import { fqdn } from '../../domain/name.ts';
import type { Shell, SwitchOutcome } from '../../domain/ports.ts';
import type { Proof } from '../../domain/proof.ts';
import type { Remedy } from '../../domain/remedy.ts';
import type { GuestView, Snapshot } from '../../domain/snapshot.ts';
import { takeSnapshot } from '../../observe/snapshot.ts';
import { buildAndSwitch, checkDeclaredName, rebootNeeded } from './build.ts';
import { describeCloudInit, type GuestLogin, type RebuildRequest, type RebuildSources } from './context.ts';
import { logIn, proveIdentity, trustGuest } from './enter.ts';
import { findGuest, placeGuest, startGuest } from './find.ts';
import { locateGuest } from './locate.ts';
import { makeNameRight, type NameWork, readProof } from './name.ts';
import { type EnteredGuest, rebootGuest } from './reboot.ts';
import { type RunStep, stepRunner } from './steps.ts';

/** How a rebuild ended. A failure after the switch is `not-proven`: the guest runs its new system. */
export interface RebuildResult {
  readonly outcome: 'proven' | 'not-proven' | 'failed' | 'planned';
  readonly segment?: string;
  readonly fqdn?: string;
  readonly address?: string;
  readonly before?: Snapshot;
  readonly after?: Snapshot;
  readonly proof?: Proof;
  readonly remedies: readonly Remedy[];
  readonly error?: TruenameError;
}

/** Makes a cloned VM itself: its configuration built and active, its name in lease and DNS, read back. */
export async function rebuild(
  request: RebuildRequest,
  sources: RebuildSources,
  emit: Emit,
  signal: AbortSignal,
): Promise<RebuildResult> {
  const run = stepRunner(request, sources, emit, signal);
  const known: Known = { remedies: [] };
  try {
    return await flow(run, request, sources, signal, known);
  } catch (error) {
    const why = signal.aborted ? interrupted(signal) : asTruenameError(error);
    const { switched, ...seen } = known;
    return { ...seen, outcome: switched === undefined ? 'failed' : 'not-proven', error: why };
  }
}

/** What is known already when a step fails; it belongs to the result. */
type Known = { -readonly [Key in keyof RebuildResult]?: RebuildResult[Key] } & {
  remedies: readonly Remedy[];
  switched?: SwitchOutcome;
};

async function flow(
  run: RunStep,
  request: RebuildRequest,
  sources: RebuildSources,
  signal: AbortSignal,
  known: Known,
): Promise<RebuildResult> {
  const found = await run(
    'find',
    findGuest,
    ({ summary }) => `VM ${summary.ref.vmid} on node ${summary.ref.node}`,
  );
  const started = await run(
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
  Object.assign(known, { segment: segment.name, fqdn: full });
  if (!started.running) return { ...known, outcome: 'planned', remedies: [] };

  const address = await run(
    'address',
    (context) => locateGuest(context, found, nic, segment),
    (text) => text,
  );
  known.address = address;
  const alias = hostKeyAlias(request.vmid, found.configuration.uuid ?? nic.mac);
  const login: GuestLogin = { guest: found.summary, name: request.name, address, alias };
  await run(
    'host-key',
    (context) => trustGuest(context, found, login),
    (text) => text,
  );
  const shell = sources.shell(login);
  await run(
    'login',
    (context) => logIn(context, shell),
    (text) => text,
  );
  const identity = await run(
    'identity',
    (context) => proveIdentity(context, found, nic, shell),
    () => 'it bears the MAC address and uuid of the VM',
  );

  const nameWork = (through: Shell): NameWork => ({
    shell: through,
    claim: { name: request.name, fqdn: full, reverseRequired: sources.reverseRequired },
    dhcpServer: segment.dhcpServer,
    observe: () => look(through, segment.resolvers),
    observeLease: () => look(through, []),
  });
  const look = (through: Shell, resolvers: readonly string[]) =>
    takeSnapshot(
      {
        shell: through,
        probes: sources.probes,
        dhcpServer: sources.dhcpServer(segment.dhcpServer),
        resolvers: resolvers.map(sources.resolver),
        now: sources.clock.now,
      },
      { nameAtHypervisor: found.configuration.name, mac: nic.mac, fqdn: full },
      signal,
    );

  await run(
    'cloud-init',
    async (context) => {
      if (!request.dryRun) await sources.waitForCloudInit(shell, 300, signal);
      known.before = await nameWork(shell).observe();
      const state = viewOf(known.before).cloudInit;
      for (const error of state.errors.slice(0, 5)) context.note(`cloud-init: ${error.slice(0, 300)}`);
      return state;
    },
    describeCloudInit,
  );

  if (request.dryRun) {
    const seen = await run('proof', (context) => readProof(context, nameWork(shell)), proofLine, isProven);
    return { ...known, outcome: 'planned', after: seen.snapshot, proof: seen.proof };
  }

  const builder = await sources.builder(request.buildOn, login, shell);
  await run(
    'declared-name',
    async (context) => {
      await builder.prepare(signal);
      return checkDeclaredName(context, builder);
    },
    (name) => name,
  );
  let guest: EnteredGuest = { login, shell, identity };
  known.switched = await run(
    'build',
    async (context) => {
      const outcome = await buildAndSwitch(context, builder);
      mustRun(viewOf(await look(shell, [])), request);
      return outcome;
    },
    (outcome) => `${outcome.result} (built on the ${request.buildOn})`,
  );

  const reasons = rebootNeeded(known.switched, viewOf(await look(shell, [])).nixos);
  if (reasons.length > 0) {
    guest = await run(
      'reboot',
      (context) => {
        context.note(`the new ${reasons.join(', ')} takes effect at a boot only`);
        return rebootGuest(context, found, guest, nic, segment);
      },
      (entered) => `new boot ${entered.identity.bootId}`,
    );
  }

  const work = nameWork(guest.shell);
  known.remedies = await run(
    'name',
    (context) => makeNameRight(context, work),
    (taken) => taken.map((each) => each.kind).join(', ') || 'nothing to do',
  );
  const { snapshot, proof } = await run('proof', (context) => readProof(context, work), proofLine, isProven);
  const { switched: _, ...seen } = known;
  return { ...seen, outcome: proof.proven ? 'proven' : 'not-proven', after: snapshot, proof };
}

function viewOf(snapshot: Snapshot): GuestView {
  if (snapshot.guest.seen === 'value') return snapshot.guest.value;
  const why = snapshot.guest.seen === 'not-observable' ? snapshot.guest.why : 'it said nothing';
  const code = snapshot.guest.seen === 'not-observable' ? snapshot.guest.code : 'bad-response';
  throw new TruenameError(code, `the guest could not be read: ${why}`, { where: snapshot.guest.source });
}

/** A second look after nixos-rebuild's word: the running system declares the name. */
function mustRun(view: GuestView, request: RebuildRequest): void {
  const { current, next } = view.nixos;
  if (current !== undefined && current.path === next?.path && current.declaredName === request.name) return;
  throw new TruenameError(
    'activation-failed',
    `nixos-rebuild succeeded, yet the running system declares ${current?.declaredName || 'no name'}`,
    {
      where: `VM ${request.vmid}`,
      hint: 'Compare /run/current-system with /nix/var/nix/profiles/system in the guest.',
    },
  );
}

const isProven = ({ proof }: { readonly proof: Proof }) => proof.proven;

function proofLine({ proof }: { readonly proof: Proof }): string {
  if (proof.proven) return 'proven, now and for the next boot';
  const open = [...proof.now, ...proof.lasts].filter(
    (verdict) => verdict.state === 'refuted' || verdict.state === 'not-observable',
  );
  return open.map((verdict) => verdict.because).join('; ') || 'a required reverse zone is not served';
}

function interrupted(signal: AbortSignal): TruenameError {
  const timedOut = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  return timedOut
    ? new TruenameError('timeout', 'the time given by --timeout is over', {
        hint: 'Run it again; what is done already is found done.',
      })
    : new TruenameError('cancelled', 'the run was interrupted', {
        hint: 'Run it again; what is done already is found done.',
      });
}
