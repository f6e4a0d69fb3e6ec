import { describe, expect, it } from 'vitest';
import { readDhcpSettings } from './network-file.ts';

const main = '/etc/systemd/network/10-ethernet.network';
const system = { from: 'transient', cut: false, legalOnly: true };

function rule(...texts: readonly string[]) {
  const files = texts.map((text, index) => ({ path: index === 0 ? main : `${main}.d/${index}.conf`, text }));
  return readDhcpSettings(files).rule;
}

describe('what networkd sends', () => {
  it.each<[string, string]>([
    ['says nothing of it', '[Network]\nDHCP=yes\n'],
    ['names no host name', '[DHCPv4]\nHostname=under_score\n'],
    ['names one that begins with a hyphen', '[DHCPv4]\nHostname=-lead\n'],
    ['names two words', '[DHCPv4]\nHostname=two words\n'],
    ['quotes the name', '[DHCPv4]\nHostname="alpha"\n'],
    ['asks a shell', '[DHCPv4]\nHostname=$(reboot)\n'],
    ['names 8-bit letters', '[DHCPv4]\nHostname=na\u00efve\n'],
    ['has a label of 64 letters', `[DHCPv4]\nHostname=${'a'.repeat(64)}\n`],
    ['has 65 letters in all', `[DHCPv4]\nHostname=${'a'.repeat(60)}.bcde\n`],
    ['has a dot at the end', '[DHCPv4]\nHostname=alpha.\n'],
    ['takes the name back', '[DHCPv4]\nHostname=alpha\nHostname=\n'],
    ['names it in another section', '[DHCPv6]\nHostname=alpha\n'],
    ['names it in a comment', '[DHCPv4]\n#Hostname=alpha\n;Hostname=beta\n'],
    ['writes the section otherwise', '[dhcpv4]\nHostname=alpha\n'],
    ['does not end the section', '[DHCPv4\nHostname=alpha\n'],
  ])("is the kernel's name, whole, where the file %s", (_what, text) => {
    expect(rule(text)).toEqual(system);
  });

  it.each<[string, string, string]>([
    ['of the file', '[DHCPv4]\nHostname=alpha\n', 'alpha'],
    ['with several labels, whole', '[DHCPv4]\nHostname=Alpha.Beta.c\n', 'Alpha.Beta.c'],
    ['of the old section', '[DHCP]\nHostname = alpha \n', 'alpha'],
    ['over two lines', '[DHCPv4]\nHostname=\\\n# why\nalpha\n', 'alpha'],
    [
      'behind a byte order mark and with line ends of Windows',
      '\uFEFF[DHCPv4]\r\nHostname=alpha\r\n',
      'alpha',
    ],
    ['that is valid before one that is not', '[DHCPv4]\nHostname=alpha\nHostname=under_score\n', 'alpha'],
  ])('is the name %s', (_what, text, name) => {
    expect(rule(text)).toEqual({ from: 'profile', name, file: main });
  });

  it('is the name of the last text that has a valid one', () => {
    const sent = rule('[DHCPv4]\nHostname=a\n', '[DHCPv4]\nHostname=b\n', '[DHCPv4]\nHostname=not_this\n');

    expect(sent).toEqual({ from: 'profile', name: 'b', file: `${main}.d/1.conf` });
  });

  it('is nothing with SendHostname=no, whatever the name, until another line turns it on', () => {
    const off = '[DHCPv4]\nSendHostname=OFF\nHostname=alpha\n';

    expect(rule(off, '[DHCPv4]\nSendHostname=perhaps\n')).toEqual({
      from: 'nothing',
      why: `${main} sets SendHostname=no`,
    });
    expect(rule(off, '[DHCPv4]\nSendHostname=1\n')).toMatchObject({ from: 'profile', name: 'alpha' });
  });

  it.each([
    ['yes', true],
    ['ipv4', true],
    ['v4', true],
    ['ipv6', false],
    ['no', false],
    ['nonsense', false],
  ])('is on with DHCP=%s: %s', (word, enabled) => {
    expect(readDhcpSettings([{ path: main, text: `[Network]\nDHCP=${word}\n` }]).enabled).toBe(enabled);
  });
});
