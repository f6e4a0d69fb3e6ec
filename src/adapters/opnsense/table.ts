import type { z } from 'zod';
import { type ErrorCode, SourceError } from '../../domain/error.ts';
import type { HostEntry } from '../../domain/host-entry.ts';
import type { Mac } from '../../domain/mac.ts';
import type { OwnReservation, Reservation } from '../../domain/reservation.ts';
import { shown } from '../../lib/shown.ts';
import type { OpnsenseApi } from './api.ts';
import { read, readGrid } from './read.ts';
import { writtenSchema } from './schema.ts';

/**
 * What a row bears as its description that Truename wrote. A row without it, or one that was changed since into something
 * that Truename does not write, is somebody else's.
 */
export const mark = 'Reserved by Truename: truename release takes it back';

/** The values of an item, by field; all of them texts, as the product wants them. */
export type Fields = Readonly<Record<string, string>>;

/** One item of the product's configuration that says something of clients or names. */
export interface ConfiguredRow {
  readonly uuid: string;
  /** All that is needed to write it again as it is. */
  readonly fields: Fields;
  /** It bears Truename's mark, whatever else it says. */
  readonly marked: boolean;
  readonly macs: readonly Mac[];
  /** What it reserves, where it is exactly as Truename writes it. */
  readonly own?: OwnReservation;
  /** What it reserves, one for each of its MAC addresses. */
  readonly reservations: readonly Reservation[];
  /** Fixed answers of the server's DNS. */
  readonly entries: readonly HostEntry[];
}

/** A list of items of the product's configuration. Nothing of a write is in force before the service was told. */
export interface RowTable {
  /** In the order of the configuration. */
  rows(signal: AbortSignal): Promise<ConfiguredRow[]>;
  add(fields: Fields, signal: AbortSignal): Promise<string>;
  /** Makes the item where there is none with this uuid (ApiMutableModelControllerBase.php, `setBase`). */
  set(uuid: string, fields: Fields, signal: AbortSignal): Promise<void>;
  remove(uuid: string, signal: AbortSignal): Promise<void>;
}

/** Where a list is in the API, and how its rows are read. */
export interface RowTableOptions<Row> {
  /** `['dnsmasq', 'settings']`. */
  readonly controller: readonly string[];
  /** Name of the items in actions, and root key of what is sent: `host`. */
  readonly item: string;
  readonly schema: z.ZodType<Row>;
  readonly understand: (row: Row) => ConfiguredRow;
}

/** A list of items over the API. */
export function rowTable<Row>(api: OpnsenseApi, options: RowTableOptions<Row>): RowTable {
  const { controller, item, schema, understand } = options;
  const { source } = api;
  const post = async (action: string, uuid: string | undefined, json: unknown, signal: AbortSignal) => {
    const path = [...controller, `${action}_${item}`, ...(uuid === undefined ? [] : [uuid])];
    const answer = await api.post({ path, signal, ...(json === undefined ? {} : { json }) });
    return read(writtenSchema, answer, source, path.join('/'));
  };
  return {
    async rows(signal) {
      const { rows } = await readGrid(api, [...controller, `search_${item}`], schema, signal);
      return rows.map(understand);
    },
    async add(fields, signal) {
      const written = await post('add', undefined, { [item]: fields }, signal);
      if (written.result === 'saved' && written.uuid !== undefined) return written.uuid;
      throw refused(written, source, item);
    },
    async set(uuid, fields, signal) {
      const written = await post('set', uuid, { [item]: fields }, signal);
      if (written.result !== 'saved') throw refused(written, source, item);
    },
    async remove(uuid, signal) {
      const written = await post('del', uuid, undefined, signal);
      if (written.result !== 'deleted' && written.result !== 'not found')
        throw refused(written, source, item);
    },
  };
}

/** Fields whose refusal means that something else has what was asked for, or that it lies outside of the subnet. */
const contested = new Set(['ip', 'ip_address', 'hwaddr', 'hw_address', 'subnet', 'client_id']);

/** A refusal, told apart by the fields that it is about: their texts are translated, and change. */
function refused(
  { validations = {} }: z.output<typeof writtenSchema>,
  source: string,
  item: string,
): SourceError {
  const fields = Object.keys(validations).map((key) => key.replace(new RegExp(`^${item}\\.`), ''));
  const texts = Object.entries(validations).map(([key, value]) => `${key}: ${[value].flat().join(' ')}`);
  if (texts.length === 0)
    return new SourceError(
      'command-failed',
      source,
      'it did not keep what was written, and does not say why',
    );
  const code: ErrorCode = fields.some((each) => contested.has(each))
    ? 'reservation-conflict'
    : 'command-failed';
  return new SourceError(code, source, `it refuses what was to be reserved: ${shown(texts.join('; '))}`);
}
