import { describe, expect, it } from 'vitest';
import { readNameRule, sendsClientId } from './conf.ts';

const file = '/etc/dhcp/dhclient.conf';
const debian = `# Configuration file for /sbin/dhclient.
option rfc3442-classless-static-routes code 121 = array of unsigned integer 8;
send host-name = gethostname();
request subnet-mask, broadcast-address, host-name,
	dhcp6.name-servers, interface-mtu;
#send host-name "commented";
#lease {
#  interface "eth0";
#}
`;

function rule(text: string) {
  return readNameRule(text, file, 'eth0');
}

describe('what dhclient sends', () => {
  it("is the kernel's name, whole, by the file of Debian", () => {
    expect(rule(debian)).toEqual({ from: 'transient', cut: false, legalOnly: false });
  });

  it.each<[string, string, string]>([
    ['a string', 'send host-name "own.block_x";', 'own.block_x'],
    ['a string behind an equals sign', 'SEND Host-Name = "alpha" ;', 'alpha'],
    ['the last of two', 'send host-name "alpha"; send host-name "beta";', 'beta'],
    [
      'its own block, wherever it stands',
      'interface "eth0" { send host-name "own"; }\nsend host-name "all";',
      'own',
    ],
    ['not the block of another', 'send host-name "all"; interface "eth1" { send host-name "other"; }', 'all'],
    ['option 81 before option 12', 'send fqdn.fqdn "eighty.one.";\nsend host-name "twelve";', 'eighty.one'],
    ['escaped octets', 'send host-name "a\\102\\x43\\"\\n";', 'aBC"\n'],
    ['letters of eight bits, raw or escaped', 'send host-name "\u00e9\\303\\251";', '\u00e9\u00e9'],
    ['a hash within quotes', 'send host-name "a#b"; # "c"', 'a#b'],
    ['shell text', 'send host-name "$(reboot)";', '$(reboot)'],
  ])('is told by %s', (_what, text, name) => {
    expect(rule(text)).toEqual({ from: 'profile', name, file });
  });

  it.each<[string, string]>([
    ['no statement tells to', 'request host-name;\nsupersede host-name "alpha";'],
    ['the name is empty', 'send host-name "";'],
    ['the name is an expression', 'send host-name = pick-first-value(gethostname(), "x");'],
    ['the name is a bare word', 'send host-name alpha;'],
    ['the statement is not ended', 'send host-name "alpha"'],
    ['the string is not ended', 'send host-name "alpha;\n'],
    ['the block is not ended', 'interface "eth0" { send host-name "alpha";'],
    ['a lease holds the name', 'lease { interface "eth0"; option host-name "alpha"; }'],
  ])('is nothing where %s', (_what, text) => {
    expect(rule(text).from).toBe('nothing');
  });

  it('has a client identifier of its own where the file gives one', () => {
    expect(sendsClientId('send dhcp-client-identifier 1:aa:bb;', 'eth0')).toBe(true);
    expect(sendsClientId(debian, 'eth0')).toBe(false);
  });
});
