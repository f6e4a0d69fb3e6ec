import type { GuestWrite, JournalledGuest } from '../domain/journal.ts';
import { isObject } from './state-file.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const copy: Check = (value) => value === 'saved' || value === 'in-force';

const dropIn: Check = (value) =>
  value === 'send-none' || value === 'nothing' || (isObject(value) && typeof value.name === 'string');

/** The fields of each kind of write beside `kind`. */
type Fields<W> = { readonly [Field in Exclude<keyof W, 'kind'>]: Check };
type FieldsByKind = { readonly [Kind in GuestWrite['kind']]: Fields<Extract<GuestWrite, { kind: Kind }>> };

const fieldsByKind: FieldsByKind = {
  'static-name': { was: text, wrote: text },
  'transient-name': { was: text, wrote: text },
  'profile-name': { connection: text, copy, was: text, wrote: text },
  'profile-sends-name': { connection: text, copy, was: flag, wrote: flag },
  'drop-in': { path: text, was: (value) => value === null || dropIn(value), wrote: dropIn },
  'conf-name': { file: text, was: text, wrote: text },
};

/** A write as a journal says it; undefined for what Truename does not write. */
export function readWrite(value: unknown): GuestWrite | undefined {
  if (!isObject(value) || typeof value.kind !== 'string') return undefined;
  if (!Object.hasOwn(fieldsByKind, value.kind)) return undefined;
  const fields: Readonly<Record<string, Check>> = fieldsByKind[value.kind as GuestWrite['kind']];
  const whole = Object.entries(fields).every(([field, check]) => check(value[field]));
  return whole ? (value as unknown as GuestWrite) : undefined;
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
