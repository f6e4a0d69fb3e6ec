import type { Remedy } from '../../domain/remedy.ts';
import { plainLine } from './plain-text.ts';

/** One rung, for people: what is done, and what it costs. */
export function describeRemedy(remedy: Remedy): string {
  return `${plainLine(actionOf(remedy))} (disruption ${remedy.disruption})`;
}

function actionOf(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'set-static-name':
      return `set the static host name to ${remedy.name}`;
    case 'set-transient-name':
      return `set the running host name to ${remedy.name}`;
    case 'reboot-guest':
      return 'restart the guest from its hypervisor';
    case 'refresh-static-name':
      return `let the DHCP client on ${remedy.device} read the static name anew and renew`;
    case 'set-profile-name':
      return remedy.copy === 'saved'
        ? `write ${remedy.name} into the connection profile of ${remedy.device} and renew`
        : `let the connection on ${remedy.device} send ${remedy.name} until the next boot, and renew`;
    case 'clear-profile-name':
      return `take the stale name ${remedy.stale} out of the connection profile and renew`;
    case 'silence-profile':
    case 'silence-link':
      return `let ${remedy.device} send no name, since another NIC carries it`;
    case 'force-renewal':
      return `force one renewal on ${remedy.device}`;
    case 'activate-connection':
      return `activate the connection on ${remedy.device} again`;
    case 'bounce-connection':
      return `disconnect ${remedy.device} and connect it again`;
    case 'write-drop-in':
      return `write ${remedy.name} into ${remedy.path} and reload`;
    case 'reload-link':
      return `let systemd-networkd set ${remedy.device} up with the name as it is now`;
    case 'reconfigure-link':
      return `let systemd-networkd give the lease of ${remedy.device} back and ask anew`;
    case 'rebind-lease':
      return `let dhcpcd ask once more on ${remedy.device}`;
    case 'clear-conf-name':
      return `take the stale name ${remedy.stale} out of ${remedy.file}`;
    case 'restart-client':
      return `restart the DHCP client on ${remedy.device}`;
  }
}
