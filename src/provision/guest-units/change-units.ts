import pLimit from 'p-limit';
import { failureIn } from '../../apply/end-of-run.ts';
import { takeLock } from '../../apply/lock-guest.ts';
import { mustBeFew } from '../../apply/must-be-few.ts';
import { TruenameError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { PackagedFile, StandingUnits, UnitSettings } from '../../domain/guest-units.ts';
import type { Mac } from '../../domain/mac.ts';
import { seenValue } from '../../domain/observation.ts';
import type { Shell } from '../../domain/ports.ts';
import { examineAndEnter } from '../../observe/examine.ts';
import { gather } from '../../observe/gather.ts';
import { installerWords, installing, settingsFor, uninstalling } from './changes.ts';
import type { FileChange, GuestUnitsRequest, GuestUnitsResult, GuestUnitsSources } from './context.ts';

/** Guests that are worked in together. */
const guestsAtOnce = 8;

/**
 * Puts Truename's units into guests, or takes them away, and reads back that they stand there, or do not. They act at the next boot:
 * nothing is restarted, and no DHCP client is asked for anything. One guest never stops the others. Throws `too-many-guests`.
 */
export async function changeUnits(
  request: GuestUnitsRequest,
  sources: GuestUnitsSources,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<GuestUnitsResult[]> {
  if (!request.dryRun && !request.yes) mustBeFew(request.guests.length, request.inventory);
  const packaged = await sources.packaged();
  const limit = pLimit(guestsAtOnce);
  return Promise.all(
    request.guests.map((guest) =>
      limit(async () => {
        const result = await changeOne({ request, sources, packaged, signal }, guest);
        say(`${result.name}: ${result.outcome}: ${result.why}`);
        return result;
      }),
    ),
  );
}

interface Work {
  readonly request: GuestUnitsRequest;
  readonly sources: GuestUnitsSources;
  readonly packaged: readonly PackagedFile[];
  readonly signal: AbortSignal;
}

async function changeOne(work: Work, guest: GuestSummary): Promise<GuestUnitsResult> {
  const { request, sources, signal } = work;
  const known: { name: string; via?: string; files: readonly FileChange[] } = {
    name: guest.name ?? String(guest.ref.vmid),
    files: [],
  };
  const result = (outcome: GuestUnitsResult['outcome'], why: string): GuestUnitsResult => ({
    ...known,
    ref: guest.ref,
    outcome,
    why,
  });
  let begun = false;
  try {
    signal.throwIfAborted();
    mustBeVm(guest, request);
    const inside = await enter(work, guest);
    known.via = inside.shell.via;
    const lock = await lockOf(work, inside.alias);
    try {
      const standing = await look(work, inside);
      mustTakeUnits(standing, request);
      const settings = settingsFor(request.settings, standing.settings, request.templates);
      const changes = () =>
        request.what === 'install' ? installing(work.packaged, standing, settings) : uninstalling(standing);
      known.files = changes();
      const same = known.files.every(({ becomes }) => becomes === 'kept');
      const whole = request.what === 'uninstall' || standing.enabled;
      if (same && whole) return result('unchanged', unchangedWhy(request));
      if (request.dryRun || sources.locks === undefined) return result('planned', plannedWhy(request));
      begun = true;
      const words = request.what === 'install' ? installerWords(settings) : ['--uninstall'];
      await sources.units.runInstaller(inside.shell, work.packaged, words, signal);
      mustStand(work, await look(work, inside), settings);
      return request.what === 'install'
        ? result('installed', 'read back; it acts at the next boot')
        : result('removed', 'read back: nothing of it is left but what it learned in /var/lib/truename');
    } finally {
      await lock?.release();
    }
  } catch (thrown) {
    const error = failureIn(signal, thrown);
    return { ...result(begun ? 'failed' : 'refused', error.message), error };
  }
}

interface Inside {
  readonly shell: Shell;
  readonly alias: string;
  readonly mac: Mac;
}

/**
 * A container has its name from the hypervisor before its first process starts (pve-container PVE/LXC/Setup/Base.pm,
 * `set_hostname`). Of the sources it has only its machine's firmware, whose uuid it shares with its template: by that the
 * name of the template, taken last, would count as its own.
 */
function mustBeVm({ kind, ref }: GuestSummary, { what }: GuestUnitsRequest): void {
  if (kind === 'vm' || what === 'uninstall') return;
  throw new TruenameError('unsupported', 'it is a container, and the units are for VMs', {
    where: `${ref.node}/${ref.vmid}`,
    hint: 'Its hypervisor gives it its name before it starts. truename doctor says what of it does not reach the lease.',
  });
}

async function enter({ request, sources, signal }: Work, guest: GuestSummary): Promise<Inside> {
  const options = { inventory: request.inventory, patienceMs: request.patienceMs };
  const { evidence, shell, alias } = await examineAndEnter(sources, guest, options, signal);
  const { guest: seen } = evidence.snapshot;
  const [nic] = seenValue(evidence.configuration)?.nics ?? [];
  const mac = evidence.nic?.mac ?? nic?.mac;
  if (shell !== undefined && mac !== undefined) return { shell, alias, mac };
  if (seen.seen === 'not-observable') throw new TruenameError(seen.code, seen.why, { where: seen.source });
  throw new TruenameError('unsupported', 'it has no network interface', { where: String(guest.ref.vmid) });
}

async function lockOf({ request, sources }: Work, alias: string) {
  if (request.dryRun || sources.locks === undefined) return undefined;
  return takeLock(sources.locks, alias, request.run);
}

async function look({ sources, signal }: Work, { shell, mac }: Inside): Promise<StandingUnits> {
  const { units } = await gather(shell, { units: sources.units.look }, mac, signal);
  return units;
}

/** Throws for a guest that the units are nothing for. */
function mustTakeUnits(standing: StandingUnits, { what }: GuestUnitsRequest): void {
  if (what === 'uninstall') return;
  if (standing.nixos) {
    throw new TruenameError('unsupported', 'it is NixOS, where units come from its configuration', {
      hint: 'Declare imports = [ ./truename/nix/guest/module.nix ]; truename.guest.enable = true; truename.guest.templateNames = [ … ]; (docs/guides/in-the-guest.md).',
    });
  }
  if (!standing.systemd) throw new TruenameError('unsupported', 'it is not run by systemd');
  if (standing.missing.length > 0) {
    throw new TruenameError('program-missing', `it has no ${standing.missing.join(', ')}`, {
      hint: 'Install util-linux, coreutils, grep and sed in the guest.',
    });
  }
}

/** The second look, which counts; throws `command-failed` where it shows another state than was asked for. */
function mustStand({ request, packaged }: Work, after: StandingUnits, settings: UnitSettings): void {
  const open =
    request.what === 'install'
      ? installing(packaged, after, settings).filter(({ becomes }) => becomes !== 'kept')
      : uninstalling(after);
  const [first] = open;
  if (first !== undefined) throw new TruenameError('command-failed', `${first.path} is not as it was to be`);
  if (request.what === 'uninstall') return;
  if (!after.enabled) throw new TruenameError('command-failed', 'the units are there, and not enabled');
  if (after.complaint !== '')
    throw new TruenameError('command-failed', `systemd does not accept the unit: ${after.complaint}`);
}

function unchangedWhy({ what }: GuestUnitsRequest): string {
  return what === 'install' ? 'it has them already, as they are here' : 'it has none';
}

function plannedWhy({ what }: GuestUnitsRequest): string {
  return what === 'install' ? 'would be installed, and act from its next boot' : 'would be taken away';
}
