import type { NetworkManagerState } from '../../src/domain/dhcp-client.ts';
import type { GuestWrite } from '../../src/domain/journal.ts';
import type { Restored } from '../../src/domain/ports.ts';
import { notOfKind } from './client.ts';

/** A connection profile as a template holds it. */
export interface SimProfile {
  readonly uuid: string;
  readonly id: string;
  readonly file: string;
  /** `ipv4.dhcp-hostname`; empty for none. */
  readonly name: string;
  /** `ipv4.dhcp-send-hostname`. */
  readonly sends: boolean;
  /** A NixOS system writes it anew whenever it is activated or booted, as `ensureProfiles` does. */
  readonly declared: boolean;
}

/** What of a profile can be in force otherwise than it is saved. */
export interface ProfileValues {
  readonly name: string;
  readonly sends: boolean;
  /** `ipv4.dhcp-timeout` in seconds; 0 for the default. */
  readonly timeout: number;
}

/** A profile, saved and in force. */
export interface ProfileCopies {
  readonly saved: () => ProfileValues;
  readonly applied: () => ProfileValues;
  /** What a look at it shows. */
  state(): Pick<
    NetworkManagerState,
    | 'connection'
    | 'savedName'
    | 'appliedName'
    | 'appliedVersion'
    | 'appliedTimeout'
    | 'sendsName'
    | 'appliedSendsName'
  >;
  /** `nmcli connection modify`: into the file, which it gets where it had none that lasts. */
  modify(change: Partial<Omit<ProfileValues, 'timeout'>>): void;
  /** Puts values in force, and says whether they were other ones: with the same a reapply does nothing, and succeeds. */
  put(values: ProfileValues): boolean;
  /** The connection is activated: what is saved is in force. */
  activate(): void;
  /** What a NixOS system declares is written anew. It lies below /run, and wins over a file of the same uuid in /etc. */
  declare(): void;
  /** As `truename undo` has it; what is in force alone fades, as nothing may ask the server. */
  restore(write: GuestWrite): Restored;
}

/** Both copies of a profile of which nothing is in force yet. */
export function profileCopies(profile: SimProfile): ProfileCopies {
  const { uuid, id, declared } = profile;
  const first: ProfileValues = { name: profile.name, sends: profile.sends, timeout: 0 };
  let { file } = profile;
  let saved = first;
  let applied = first;
  let version = 1;
  return {
    saved: () => saved,
    applied: () => applied,
    state: () => ({
      connection: { uuid, id, file, storage: storageOf(file) },
      savedName: saved.name,
      appliedName: applied.name,
      appliedVersion: version,
      appliedTimeout: applied.timeout,
      sendsName: saved.sends,
      ...(applied.sends === saved.sends ? {} : { appliedSendsName: applied.sends }),
    }),
    modify(change) {
      saved = { ...saved, ...change };
      if (!file.startsWith('/etc/')) file = `/etc/NetworkManager/system-connections/${id}.nmconnection`;
    },
    put(values) {
      if (sameValues(values, applied)) return false;
      applied = values;
      version += 1;
      return true;
    },
    activate() {
      applied = saved;
      version += 1;
    },
    declare() {
      if (declared) [file, saved] = [profile.file, first];
    },
    restore(write) {
      if (write.kind !== 'profile-name' && write.kind !== 'profile-sends-name')
        throw notOfKind('NetworkManager', write.kind);
      if (write.connection !== uuid) return 'gone';
      const { copy, was, wrote } = write;
      const key = write.kind === 'profile-name' ? 'name' : 'sends';
      const now = (copy === 'saved' ? saved : applied)[key];
      if (now === was) return 'restored';
      if (now !== wrote) return 'changed';
      if (copy === 'in-force') return 'fades';
      saved = { ...saved, [key]: was };
      return 'restored';
    },
  };
}

function sameValues(left: ProfileValues, right: ProfileValues): boolean {
  return left.name === right.name && left.sends === right.sends && left.timeout === right.timeout;
}

function storageOf(file: string): NetworkManagerState['connection']['storage'] {
  return file.startsWith('/etc/') ? 'etc' : 'run';
}
