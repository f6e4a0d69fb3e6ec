import { parseIpv4 } from '../domain/address.ts';
import type { AnyWrite, JournalledGuest } from '../domain/journal.ts';
import { parseMac } from '../domain/mac.ts';
import { parseHostname } from '../domain/name.ts';
import { isObject } from './state-file.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const copy: Check = (value) => value === 'saved' || value === 'in-force';

const dropIn: Check = (value) =>
  value === 'send-none' || value === 'nothing' || (isObject(value) && typeof value.name === 'string');

const reservedAs: Check = (value) =>
  value === null ||
  (isObject(value) &&
    typeof value.name === 'string' &&
    parseHostname(value.name) !== undefined &&
    (value.address === undefined ||
      (typeof value.address === 'string' && parseIpv4(value.address) !== undefined)));

/** The fields of each kind of write beside `kind`. */
type Fields<W> = { readonly [Field in Exclude<keyof W, 'kind'>]: Check };
type FieldsByKind = { readonly [Kind in AnyWrite['kind']]: Fields<Extract<AnyWrite, { kind: Kind }>> };

const fieldsByKind: FieldsByKind = {
  'static-name': { was: text, wrote: text },
  'transient-name': { was: text, wrote: text },
  'profile-name': { connection: text, copy, was: text, wrote: text },
  'profile-sends-name': { connection: text, copy, was: flag, wrote: flag },
  'drop-in': { path: text, was: (value) => value === null || dropIn(value), wrote: dropIn },
  'conf-name': { file: text, was: text, wrote: text },
  reservation: {
    server: text,
    mac: (value) => typeof value === 'string' && parseMac(value) === value,
    was: reservedAs,
    wrote: reservedAs,
    leaseName: (value) => value === null || text(value),
  },
  guest: { source: (value) => Number.isSafeInteger(value), mark: text },
};

/** A write as a journal says it; undefined for what Truename does not write. */
export function readWrite(value: unknown): AnyWrite | undefined {
  if (!isObject(value) || typeof value.kind !== 'string') return undefined;
  if (!Object.hasOwn(fieldsByKind, value.kind)) return undefined;
  const fields: Readonly<Record<string, Check>> = fieldsByKind[value.kind as AnyWrite['kind']];
  const whole = Object.entries(fields).every(([field, check]) => check(value[field]));
  return whole ? (value as unknown as AnyWrite) : undefined;
}

/** A guest as a journal says it; undefined for what is none. */
export function readGuest(value: unknown): JournalledGuest | undefined {
  if (!isObject(value) || !isObject(value.ref)) return undefined;
  const { ref, kind, name, alias } = value;
  const { hypervisor, node, vmid } = ref;
  if (typeof hypervisor !== 'string' || typeof node !== 'string' || !Number.isSafeInteger(vmid)) {
    return undefined;
  }
  if ((kind !== 'vm' && kind !== 'container') || typeof name !== 'string' || typeof alias !== 'string') {
    return undefined;
  }
  return { ref: { hypervisor, node, vmid: Number(vmid) }, kind, name, alias };
}
