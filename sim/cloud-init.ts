import type { CloudInitState } from '../src/domain/guest-facts.ts';
import type { SimHostNames } from './host-names.ts';
import type { SimTemplate } from './templates.ts';

/** cloud-init in a machine, as far as the host name goes. */
export interface SimCloudInit {
  state(): CloudInitState;
  /** Before the client asks for a lease. */
  early(): void;
  /** Last of all at a boot. */
  late(): void;
}

/** What cloud-init does with the name that it is given, read anew at each boot. */
export function simCloudInit(
  manner: SimTemplate['cloudInit'],
  names: SimHostNames,
  givenName: () => string,
): SimCloudInit {
  let state: CloudInitState = { status: 'not-started', errors: [] };
  return {
    state: () => state,
    early() {
      state = { status: 'running', errors: [], givenName: givenName() };
      if (manner === 'before-client') names.setStatic(givenName());
    },
    late() {
      const name = givenName();
      if (manner !== 'leaves-name') names.setStatic(name);
      const failed = manner === 'fails' && names.file() !== name;
      state = failed
        ? { status: 'error', errors: [readOnly(name)], givenName: name }
        : { status: 'done', errors: [], givenName: name };
    },
  };
}

/** As cloud-init 25.1 says it of a file in the store. */
function readOnly(name: string): string {
  return `('set_hostname', SetHostnameError("Failed to set the hostname to ${name} (${name}): [Errno 30] Read-only file system: '/etc/hostname'"))`;
}
