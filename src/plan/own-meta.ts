import type { GuestConfiguration } from '../domain/guest.ts';
import type { Hostname } from '../domain/name.ts';

/** The volume of Truename's meta-data in any storage of snippets, and the uuid of the VM that it is for. */
const ownVolume = /^[^:/]+:snippets\/truename-([0-9a-f-]{36})\.yaml$/;

/** What Truename's meta-data of a VM is called; by the uuid, since a number may be another VM's tomorrow. */
export function ownMetaFile(uuid: string): string {
  return `truename-${uuid}.yaml`;
}

/** The uuid of the VM that Truename wrote this meta-data for; undefined for a volume of somebody else's. */
export function ownerOfMeta(volume: string): string | undefined {
  return ownVolume.exec(volume)?.[1];
}

/** What stands in for generated cloud-init data, without meta-data that Truename wrote for another VM: a copy of that VM has it. */
export function withoutForeignMeta({
  uuid,
  customSeed,
}: Pick<GuestConfiguration, 'uuid' | 'customSeed'>): GuestConfiguration['customSeed'] {
  if (customSeed?.meta === undefined) return customSeed;
  const owner = ownerOfMeta(customSeed.meta);
  if (owner === undefined || owner === uuid) return customSeed;
  const { meta: _, ...others } = customSeed;
  return others;
}

/**
 * Meta-data that tells a name before the network is up, in the form of the generated one: lines for `nocloud`, an object for
 * `configdrive2`, of which all else is kept. The instance-id is the uuid: each clone's own, so that cloud-init takes it for
 * a new machine once, and the same whatever is changed of the VM later, so that it never does again.
 * Keys: cloudinit/sources/helpers/openstack.py `KEY_COPIES`; cloudinit/sources/DataSourceNoCloud.py.
 */
export function ownMeta(generated: string, name: Hostname, uuid: string): string {
  const object = objectIn(generated);
  if (object !== undefined) return `${JSON.stringify({ ...object, uuid, hostname: name })}\n`;
  return `# Made by Truename for the VM with this uuid.\ninstance-id: ${uuid}\nlocal-hostname: ${name}\n`;
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
