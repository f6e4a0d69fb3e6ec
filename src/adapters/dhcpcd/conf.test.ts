import { describe, expect, it } from 'vitest';
import { readConf } from './conf.ts';

const file = '/etc/dhcpcd.conf';

function rule(text: string) {
  return readConf(text, file, 'eth0').rule;
}

function named(name: string) {
  return { from: 'profile', name, file };
}

const whole = { from: 'transient', cut: false, legalOnly: false };
const cut = { from: 'transient', cut: true, legalOnly: false };

describe('what dhcpcd sends', () => {
  it.each<[string, string, unknown]>([
    ['hostname', 'hostname\n', whole],
    ['hostname and hostname_short', 'hostname\nhostname_short\n', cut],
    ['hostname_short alone', 'hostname_short\n', cut],
    ['hostname NAME', 'hostname kern.dom\n', named('kern.dom')],
    ['hostname NAME with an underscore', 'hostname under_score\n', named('under_score')],
    ['hostname NAME, shortened', 'hostname_short\nhostname kern.dom\n', named('kern')],
    ['a quoted name, blanks and a comment', ' \thostname \t"a b" # c\n', named('a b')],
    ['an escaped mark', 'hostname a\\#b\n', named('a#b')],
    ['hostname after hostname NAME', 'hostname alpha\nhostname\n', named('alpha')],
    ['two names', 'hostname alpha\nhostname beta\n', named('beta')],
    ['fqdn both, which needs no hostname line', 'fqdn both\n', whole],
    ['fqdn ptr with a name', 'hostname alpha\nfqdn ptr\n', named('alpha')],
    ['fqdn disable', 'hostname\nfqdn disable\n', whole],
    ['a value of fqdn that is none', 'hostname alpha\nfqdn maybe\n', named('alpha')],
    ['a name too long, after another', `hostname alpha\nhostname ${'a'.repeat(251)}\n`, named('alpha')],
    ['a name that begins with a dot, after another', 'hostname alpha\nhostname .b\n', named('alpha')],
    ['a block of another interface', 'hostname\ninterface eth1\nhostname other\n', whole],
    [
      'a block of this interface',
      'hostname\ninterface eth1\nhostname o\ninterface eth0\nhostname own\n',
      named('own'),
    ],
    [
      'blocks of a network and of a profile',
      'hostname\nssid eth0\nhostname o\nprofile eth0\nhostname p\n',
      whole,
    ],
  ])('is told by %s', (_what, text, expected) => {
    expect(rule(text)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['no line tells to', '# hostname\n;hostname alpha\noption host_name\n'],
    ['fqdn is turned off again', 'fqdn both\nfqdn disable\n'],
    ['the name is empty', 'hostname ""\n'],
    ['the name is that of every machine', 'hostname localhost\n'],
    ['the name begins like that of every machine', 'hostname localhost.localdomain\n'],
    ['only another interface has a line', 'interface eth1\nhostname\n'],
  ])('is nothing where %s', (_what, text) => {
    expect(rule(text).from).toBe('nothing');
  });

  it.each([
    ['duid\n', 'duid'],
    ['clientid\n', 'mac'],
    ['duid\nclientid\n', 'duid'],
    ['clientid 01:02\n', 'unknown'],
    ['duid\niaid 5\n', 'unknown'],
    ['duid\nanonymous\n', 'unknown'],
    ['', 'none'],
  ])('has the client identifier of %j: %s', (text, expected) => {
    expect(readConf(text, file, 'eth0').clientId).toBe(expected);
  });
});
