import { z } from 'zod';
import { inSubnet } from '../../domain/address.ts';
import { SourceError } from '../../domain/error.ts';
import { leasesOf } from '../../domain/lease.ts';
import type { ReservationWriter } from '../../domain/ports.ts';
import type { OwnReservation, ReservationChange } from '../../domain/reservation.ts';
import { parseJson } from '../../lib/json.ts';
import { changeConfiguration } from './change-configuration.ts';
import { accepted, type KeaChannel, readAnswer } from './channel.ts';
import { type KeaPlace, type KeaState, readKeaState, writeKeaState } from './configuration-on-machine.ts';
import { parseExactly, sameJson } from './exact-json.ts';
import { readLeases } from './leases.ts';
import { renameLeases, renamingCommands } from './rename-lease.ts';
import { allReservations, type KeaConfiguration, ownReservations, subnetsOf } from './reservations.ts';
import { configurationSchema } from './schema.ts';

/** A state with its understanding. */
interface Standing {
  readonly state: KeaState;
  readonly configuration: KeaConfiguration;
  readonly renames: boolean;
}

const stateSchema = z.object({ running: z.string(), commands: z.string(), file: z.string() });

/**
 * Writes reservations into the running configuration of a Kea and has it write its file. It does so only where the file says just
 * what runs, as Kea itself writes it: else that would undo somebody's edit, or lose comments.
 */
export function keaReservationWriter(channel: KeaChannel, place: KeaPlace): ReservationWriter {
  const { source, file } = place;
  async function look(signal: AbortSignal): Promise<Standing> {
    const standing = understand(await readKeaState(place, signal), source);
    mustBeWhatRuns(standing, place);
    return standing;
  }
  return {
    async standing(signal) {
      const { state, configuration, renames } = await look(signal);
      return {
        version: JSON.stringify(state),
        own: ownReservations(configuration).map(({ own }) => own),
        others: allReservations(configuration, 'others'),
        place: file,
        needsAddress: false,
        ...(renames ? {} : { renamesLeases: false }),
        ...(configuration.Dhcp4['dhcp-ddns']?.['enable-updates'] === true ? {} : { registersNames: false }),
        unfit: (wished) => whyUnfit(wished, configuration),
      };
    },
    reach: () => 'site',
    async write(change, { version }, signal) {
      const state = stateSchema.parse(JSON.parse(version));
      const { configuration } = understand(state, source);
      const places = await subnetsFor(change, channel, configuration, signal);
      const running = argumentsOf(state.running);
      const changed = changeConfiguration(running, change, (mac) => places.get(mac));
      const before = changeConfiguration(running, [], () => undefined);
      const wanted = {
        from: state,
        test: command('config-test', changed),
        set: command('config-set', changed),
        write: command('config-write', { filename: file }),
        back: command('config-set', before),
      };
      await writeKeaState(place, wanted, signal);
      const reserved = change.flatMap(({ becomes }) => becomes ?? []);
      await renameAll(channel, reserved, configuration, signal);
    },
    async enforce(signal) {
      const { configuration } = await look(signal);
      const reserved = ownReservations(configuration).map(({ own }) => own);
      await renameAll(channel, reserved, configuration, signal);
    },
  };
}

function command(name: string, given: unknown): string {
  return JSON.stringify({ command: name, arguments: given });
}

/** The subnet of each reservation: that of its address, else that of the lease, else the only one. */
async function subnetsFor(
  change: ReservationChange,
  channel: KeaChannel,
  configuration: KeaConfiguration,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const served = subnetsOf(configuration);
  const found = new Map<string, number>();
  const wished = change.flatMap(({ becomes }) => becomes ?? []);
  const several = served.length > 1 && wished.some(({ address }) => address === undefined);
  const table = several ? await readLeases(channel, false, signal) : undefined;
  for (const each of wished) {
    const held = table && leasesOf(table, each.mac)[0]?.address;
    const address = each.address ?? held;
    const at =
      address === undefined && served.length === 1
        ? served[0]
        : served.find(({ subnet }) => subnet && address && inSubnet(address, subnet));
    if (at === undefined) throw nowhere(each, channel.source);
    found.set(each.mac, at.id);
  }
  return found;
}

/** That a lease was not renamed is seen when it is read back; what was reserved stands nevertheless. */
async function renameAll(
  channel: KeaChannel,
  reserved: readonly OwnReservation[],
  { Dhcp4 }: KeaConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const suffix = (Dhcp4['ddns-qualifying-suffix'] ?? '').replace(/\.$/, '');
  for (const each of reserved) {
    try {
      await renameLeases(channel, each, suffix, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SourceError)) throw error;
    }
  }
}

function understand(state: KeaState, source: string): Standing {
  const told = readAnswer(parseJson(state.running), '', source);
  const configuration = accepted(told, configurationSchema, { source, command: 'config-get' });
  const listed = readAnswer(parseJson(state.commands), '', source);
  const commands = accepted(listed, z.array(z.string()), { source, command: 'list-commands' });
  const lacking = ['config-set', 'config-write'].find((each) => !commands.includes(each));
  if (lacking !== undefined) throw new SourceError('unsupported', source, `it has no command ${lacking}`);
  return { state, configuration, renames: renamingCommands.every((each) => commands.includes(each)) };
}

/** The arguments of an answer, with each number as it stood. */
function argumentsOf(answer: string): unknown {
  return z.object({ arguments: z.unknown() }).parse(parseExactly(answer)).arguments;
}

function mustBeWhatRuns({ state, configuration }: Standing, { source, file }: KeaPlace): void {
  const runs = JSON.stringify(changeConfiguration(argumentsOf(state.running), [], () => undefined));
  if (sameJson(state.file, runs)) return;
  const how = `Look at what differs; then either have Kea read ${file} (config-reload), or, with a copy of it kept, write it (config-write), which loses comments.`;
  const never = ownReservations(configuration).length === 0 && !state.file.includes('"truename"');
  if (never)
    throw new SourceError(
      'unsupported',
      source,
      `${file} is not as Kea writes it, or does not say what Kea runs with: writing would lose what only stands there`,
      { hint: `${how} Once it is written by Kea, Truename can reserve there.` },
    );
  throw new SourceError(
    'reservations-changed',
    source,
    `${file} was changed by somebody and does not say what Kea runs with: nothing was written`,
    { hint: how },
  );
}

function whyUnfit({ address }: OwnReservation, { Dhcp4, ...rest }: KeaConfiguration): string | undefined {
  const identifiers = Dhcp4['host-reservation-identifiers'];
  if (identifiers !== undefined && !identifiers.includes('hw-address'))
    return 'Kea is told to look for no reservations by MAC address (host-reservation-identifiers)';
  const served = subnetsOf({ ...rest, Dhcp4 });
  const found = served.filter(({ subnet }) => address === undefined || (subnet && inSubnet(address, subnet)));
  if (found.length === 0)
    return `${address ?? 'it'} lies in no subnet of Kea, which serves ${served.map(({ text }) => text).join(', ') || 'none'}`;
  if (found.every(({ heeded }) => !heeded))
    return 'Kea is told to look for no reservations in its subnets (reservations-in-subnet)';
  return undefined;
}

function nowhere({ mac, address }: OwnReservation, source: string): SourceError {
  const why =
    address === undefined
      ? `${mac} holds no lease, and Kea serves several subnets: which one it is in is not known`
      : `${address} lies in no subnet of Kea`;
  return new SourceError('reservation-conflict', source, why, {
    hint: 'Add --ip with an address of its subnet.',
  });
}
