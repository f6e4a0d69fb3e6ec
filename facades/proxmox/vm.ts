import { createHash } from 'node:crypto';
import { died } from './problem.ts';
import { methodSchema } from './schema/schema.ts';
import type { GuestKind } from './state.ts';
import type { VirtualMachine } from './world.ts';

/** A guest: its configuration file, in memory. Containers use but the lines and the times. */
export interface Vm {
  readonly vmid: number;
  readonly kind: GuestKind;
  node: string;
  /** The lines that are in force, by key, as in the file. */
  values: Record<string, string>;
  /** `[PENDING]`: what the next cold start will set. */
  pending: Record<string, string>;
  /** `[PENDING]` delete: key to 1, or 2 when forced. */
  pendingDelete: Map<string, 1 | 2>;
  /** The cloud-init relevant values that the current image was made from; undefined while it is empty. */
  imaged: Record<string, string> | undefined;
  /** What was last switched on. */
  machine: VirtualMachine | undefined;
  /** The process of the last cold start (QEMU, or init of a container); a reset keeps it. */
  pid: number | undefined;
  /** Milliseconds since 1970 of the last cold start. */
  startedAt: number | undefined;
  /** The template whose base image its disk stands on. */
  linkedTo: number | undefined;
}

/** A guest that is off, with these configuration lines. */
export function createVm(
  vmid: number,
  node: string,
  values: Readonly<Record<string, string | number>>,
  kind: GuestKind = 'qemu',
): Vm {
  return {
    vmid,
    kind,
    node,
    values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)])),
    pending: {},
    pendingDelete: new Map(),
    imaged: undefined,
    machine: undefined,
    pid: undefined,
    startedAt: undefined,
    linkedTo: undefined,
  };
}

/**
 * The name as lists show it: `VM 100` or `CT100` for a guest without one.
 * Source: qemu-server QemuServer.pm `vmstatus`; pve-container LXC.pm `vmstatus`.
 */
export function shownName(vm: Vm): string {
  if (vm.kind === 'lxc') return (vm.values.hostname ?? `CT${vm.vmid}`).replaceAll(/\s/g, '');
  return vm.values.name ?? `VM ${vm.vmid}`;
}

/** The values that the next cold start would use. */
export function mergedValues(vm: Vm): Record<string, string> {
  const merged = { ...vm.values, ...vm.pending };
  for (const key of vm.pendingDelete.keys()) delete merged[key];
  return merged;
}

/** Makes pending changes real, as a cold start does. */
export function applyPending(vm: Vm): void {
  vm.values = mergedValues(vm);
  vm.pending = {};
  vm.pendingDelete.clear();
}

/** Throws `VM is locked (…)`, or `CT …`. Source: pve-guest-common AbstractConfig.pm `check_lock`. */
export function checkLock(vm: Vm): void {
  const lock = vm.values.lock;
  if (lock !== undefined) throw died(`${vm.kind === 'lxc' ? 'CT' : 'VM'} is locked (${lock})`);
}

/** SHA-1 of the configuration file, as `digest` says it. */
export function digestOf(vm: Vm): string {
  return createHash('sha1').update(configurationFile(vm)).digest('hex');
}

/** The text of the file: description as comments, sorted keys, then the pending section. */
function configurationFile(vm: Vm): string {
  const { description, ...values } = vm.values;
  const comments = (description ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `#${encodeURI(line)}\n`);
  const pending = Object.keys(vm.pending).length + vm.pendingDelete.size === 0 ? '' : pendingSection(vm);
  return `${comments.join('')}${lines(values)}${pending}`;
}

function pendingSection(vm: Vm): string {
  const deletes = [...vm.pendingDelete].map(([key, force]) => (force === 2 ? `!${key}` : key)).sort();
  const deleteLine = deletes.length === 0 ? '' : `delete: ${deletes.join(',')}\n`;
  return `\n[PENDING]\n${deleteLine}${lines(vm.pending)}`;
}

function lines(values: Readonly<Record<string, string>>): string {
  return Object.keys(values)
    .sort()
    .map((key) => `${key}: ${values[key]}\n`)
    .join('');
}

const properties = methodSchema('PUT', '/nodes/{node}/qemu/{vmid}/config')?.parameters.properties ?? {};

/** A configuration value as it goes out: integers and booleans as numbers, the rest (memory too) as text. */
export function typedValue(key: string, value: string): string | number {
  const type = properties[key]?.type;
  if (key === 'cipassword') return '**********';
  return type === 'integer' || type === 'boolean' || type === 'number' ? Number(value) : value;
}

/** Whether the schema of a configuration knows this key, `lock` and `template` included. */
export function isConfigurationKey(key: string): boolean {
  return Object.hasOwn(properties, key) || ['meta', 'parent', 'lock'].includes(key);
}
