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

/** The units before which both stages are ordered, as systemd tells of the lab's guests. */
const ordering = {
  debian: {
    orderedBefore: [
      'network-pre.target',
      'sysinit.target',
      'cloud-init-network.service',
      'cloud-config.target',
    ],
    networkStageBefore: ['network-online.target', 'ssh.service', 'sysinit.target', 'cloud-config.target'],
  },
  nixos: {
    orderedBefore: ['dhcpcd.service', 'systemd-networkd.service', 'cloud-init.service', 'multi-user.target'],
    networkStageBefore: ['sshd.service', 'cloud-config.service', 'multi-user.target'],
  },
} as const;

/** What cloud-init does with the name that it is given, read anew at each boot. */
export function simCloudInit(
  { os, cloudInit: manner }: Pick<SimTemplate, 'os' | 'cloudInit'>,
  names: SimHostNames,
  givenName: () => string,
): SimCloudInit {
  const always = { errors: [], ...ordering[os] };
  let state: CloudInitState = { ...always, status: 'not-started' };
  return {
    state: () => state,
    early() {
      state = { ...always, status: 'running', givenName: givenName() };
      if (manner === 'before-client') names.setStatic(givenName());
    },
    late() {
      const name = givenName();
      if (manner !== 'leaves-name') names.setStatic(name);
      const failed = manner === 'fails' && names.file() !== name;
      state = failed
        ? { ...always, status: 'error', errors: [readOnly(name)], givenName: name }
        : { ...always, status: 'done', givenName: name };
    },
  };
}

/** As cloud-init 25.1 says it of a file in the store. */
function readOnly(name: string): string {
  return `('set_hostname', SetHostnameError("Failed to set the hostname to ${name} (${name}): [Errno 30] Read-only file system: '/etc/hostname'"))`;
}
