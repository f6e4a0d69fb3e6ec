import type { DropIn, GuestWrite } from '../domain/journal.ts';
import type { ProfileCopy, Remedy } from '../domain/remedy.ts';
import type { GuestView } from '../domain/snapshot.ts';

/** What a rung writes into a guest, with what stands there as it was seen last: for the journal, before it is taken. */
export function writesOf(remedy: Remedy, view: GuestView | undefined): GuestWrite[] {
  switch (remedy.kind) {
    case 'set-static-name':
      return [{ kind: 'static-name', was: remedy.was, wrote: remedy.name }, ...transient(view, remedy.name)];
    case 'set-transient-name':
      return [{ kind: 'transient-name', was: remedy.was, wrote: remedy.name }];
    case 'set-profile-name': {
      const { connection, copy, name } = remedy;
      const was = profileName(view, copy) ?? remedy.was;
      const named = { kind: 'profile-name', connection, copy, was, wrote: name } as const;
      return [...(was === name ? [] : [named]), ...sendsAgain(view, remedy)];
    }
    case 'clear-profile-name': {
      const { connection, copy } = remedy;
      const was = profileName(view, copy) ?? remedy.stale;
      return was === '' ? [] : [{ kind: 'profile-name', connection, copy, was, wrote: '' }];
    }
    case 'silence-profile': {
      const { connection, copy } = remedy;
      return [{ kind: 'profile-sends-name', connection, copy, was: true, wrote: false }];
    }
    case 'write-drop-in':
      return [dropIn(remedy.path, remedy.was === '' ? null : { name: remedy.was }, { name: remedy.name })];
    case 'silence-link':
      return [dropIn(remedy.path, null, 'send-none')];
    case 'reload-link':
      return [dropIn(remedy.path, null, 'nothing')];
    case 'clear-conf-name':
      return [{ kind: 'conf-name', file: remedy.file, was: remedy.stale, wrote: '' }];
    default:
      return [];
  }
}

/** hostnamed sets the kernel's name along with the static one. */
function transient(view: GuestView | undefined, name: string): GuestWrite[] {
  const was = view?.host.transient ?? '';
  return was === name || was === '' ? [] : [{ kind: 'transient-name', was, wrote: name }];
}

/** The name in the very copy that is changed: the other one may hold another. */
function profileName(view: GuestView | undefined, copy: ProfileCopy): string | undefined {
  const client = view?.client;
  if (client?.kind !== 'network-manager') return undefined;
  return copy === 'saved' ? client.savedName : client.appliedName;
}

function sendsAgain(
  view: GuestView | undefined,
  { connection, copy }: Extract<Remedy, { kind: 'set-profile-name' }>,
): GuestWrite[] {
  const client = view?.client;
  if (client?.kind !== 'network-manager' || client.sendsName) return [];
  return [{ kind: 'profile-sends-name', connection, copy, was: false, wrote: true }];
}

function dropIn(path: string, was: DropIn | null, wrote: DropIn): GuestWrite {
  return { kind: 'drop-in', path, was, wrote };
}
