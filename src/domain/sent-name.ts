import type { DhcpClientState, NameRule, NetworkManagerState, SentName } from './dhcp-client.ts';
import { parseHostname, sameName } from './name.ts';
import type { GuestView } from './snapshot.ts';

const noClient: SentName = {
  from: 'nothing',
  why: 'no DHCP client that Truename knows holds the interface',
};

/** What the client would send if it asked now. */
export function sentNow({ client, host }: Pick<GuestView, 'client' | 'host'>): SentName {
  if (client === undefined) return noClient;
  return resolve(ruleNow(client), { static: believed(client) ?? host.static, transient: host.transient });
}

/**
 * What the client would send after the next boot. On NixOS the name that the next system declares is the
 * static one by then; the kernel's name comes from the static one at boot, whatever it is now.
 */
export function sentAtNextBoot({
  client,
  host,
  nixos,
}: Pick<GuestView, 'client' | 'host' | 'nixos'>): SentName {
  if (client === undefined) return noClient;
  const name = nixos.next === undefined ? host.static : nixos.next.declaredName;
  return resolve(ruleAtNextBoot(client), { static: name, transient: name });
}

/** From where the client takes its name now, and the file that says so. */
export function ruleNow(client: DhcpClientState): NameRule {
  if (client.kind !== 'network-manager') return client.now;
  const { appliedName, savedName, appliedSendsName, sendsName } = client;
  return networkManagerRule(client, {
    named: appliedName ?? savedName,
    sends: appliedSendsName ?? sendsName,
  });
}

/** From where the client takes its name at the next boot. */
export function ruleAtNextBoot(client: DhcpClientState): NameRule {
  if (client.kind !== 'network-manager') return client.nextBoot;
  return networkManagerRule(client, { named: client.savedName, sends: client.sendsName });
}

/** Names in other profiles that the next boot could choose for the same device. */
export function rivalNames(client: DhcpClientState, wanted: string): NetworkManagerState['otherNames'] {
  if (client.kind !== 'network-manager') return [];
  return client.otherNames.filter((other) => !sameName(other.name, wanted));
}

/** NetworkManager sends the static name that it believes in, which after a NixOS switch may be an old one. */
function believed(client: DhcpClientState): string | undefined {
  return client.kind === 'network-manager' ? client.believedStatic || undefined : undefined;
}

/**
 * The profile's name, else the static one cut at the first dot; a name that is none is not sent at all
 * (NetworkManager src/core/dhcp/nm-dhcp-client.c and nm-dhcp-nettools.c). With `dhcp-fqdn` option 81 goes out
 * in place of option 12, and servers take its first label.
 */
function networkManagerRule(
  client: NetworkManagerState,
  { named, sends }: { readonly named: string; readonly sends: boolean },
): NameRule {
  const { file } = client.connection;
  if (!sends) return { from: 'nothing', why: 'the connection profile is set to send no name' };
  if (named !== '') return legalProfile(named, file);
  if (client.fqdn !== '') return legalProfile(client.fqdn.split('.')[0] ?? '', file);
  return { from: 'static', cut: true, legalOnly: true };
}

function legalProfile(name: string, file: string): NameRule {
  if (name.split('.').every((label) => parseHostname(label) !== undefined))
    return { from: 'profile', name, file };
  return {
    from: 'nothing',
    why: `the profile's name ${JSON.stringify(name)} is no host name, so none is sent`,
  };
}

function resolve(rule: NameRule, host: { readonly static: string; readonly transient: string }): SentName {
  if (rule.from === 'nothing') return rule;
  if (rule.from === 'profile') return { from: 'profile', name: rule.name };
  const whole = host[rule.from];
  const name = rule.cut ? (whole.split('.')[0] ?? '') : whole;
  if (name === '' || name === 'localhost')
    return { from: 'nothing', why: `the machine has no ${rule.from} name` };
  if (rule.legalOnly && !name.split('.').every((label) => parseHostname(label) !== undefined)) {
    return {
      from: 'nothing',
      why: `the ${rule.from} name ${JSON.stringify(name)} is no host name, so none is sent`,
    };
  }
  return { from: rule.from, name };
}
