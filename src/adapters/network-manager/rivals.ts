import type { NetworkManagerState } from '../../domain/dhcp-client.ts';
import type { ListedProfile, SavedProfile } from './profiles.ts';
import type { DeviceDetails } from './terse.ts';

/** The device in question and the profile that is active on it. */
export interface Holder extends Pick<DeviceDetails, 'uuid' | 'mac'> {
  readonly device: string;
  /** Type of the profile, which every other one for this device has too. */
  readonly type: string;
}

/** Profiles that the next boot could activate on the same device in place of this one, with a name of their own. */
export function rivals(
  profiles: ReadonlyMap<string, ListedProfile>,
  saved: (uuid: string) => SavedProfile | undefined,
  holder: Holder,
): NetworkManagerState['otherNames'] {
  const found: { file: string; name: string }[] = [];
  for (const [uuid, { type, autoconnect, file }] of profiles) {
    if (uuid === holder.uuid || type !== holder.type || !autoconnect) continue;
    const profile = saved(uuid);
    if (profile === undefined || !fits(profile, holder)) continue;
    const name = sentBy(profile);
    if (name !== '') found.push({ file, name });
  }
  return found;
}

function fits({ method, interfaceName, macAddress }: SavedProfile, { device, mac }: Holder): boolean {
  return method === 'auto' && ['', device].includes(interfaceName) && ['', mac].includes(macAddress);
}

/** Of option 81, which `dhcp-fqdn` makes, servers take the first label. */
function sentBy({ sendsName, name, fqdn }: SavedProfile): string {
  if (!sendsName) return '';
  return name === '' ? (fqdn.split('.')[0] ?? '') : name;
}
