import { isSince, type Release } from './release.ts';
import type { ApiKey } from './state.ts';

/** Patterns of privileges (opnsense/core M/Dnsmasq, M/Core, ACL/ACL.xml); camel case up to 25.1, snake case since 25.7. */
function patternsOf(privilege: string, release: Release): readonly string[] {
  const snake = isSince(release, '25.7');
  switch (privilege) {
    case 'page-all':
      return ['*'];
    case 'page-services-dnsforwarder':
      return ['api/dnsmasq/*'];
    case 'page-dhcp-kea-v4':
      return ['api/kea/dhcpv4/*', 'api/kea/leases4/*', 'api/kea/service/*'];
    case 'page-system-firmware-manualupdate':
      return ['api/core/firmware/*'];
    case 'page-system-login-logout':
      return [`api/diagnostics/system/${snake ? 'system_information' : 'systemInformation'}`];
    default:
      return [];
  }
}

/** Whether a key may use this target: its raw text is matched, case and query string included (M/Core/ACL.php). */
export function mayUse(key: ApiKey, target: string, release: Release): boolean {
  return key.privileges
    .flatMap((each) => patternsOf(each, release))
    .some((pattern) => {
      const parts = pattern.split('*').map((part) => part.replaceAll(/[.?]/g, '\\$&'));
      return new RegExp(`^/${parts.join('.*')}$`).test(target);
    });
}

/**
 * The key of an Authorization header. The scheme's word is not looked at, only what follows it, which is split at its colons
 * (C/Base/ApiControllerBase.php).
 */
export function keyOf(header: string, keys: readonly ApiKey[]): ApiKey | undefined {
  const [key, secret, ...more] = Buffer.from(header.split(' ')[1] ?? '', 'base64')
    .toString('utf8')
    .split(':');
  if (more.length > 0) return undefined;
  return keys.find((each) => each.key === key && each.secret === secret);
}
