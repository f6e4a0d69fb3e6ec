import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import type { Address } from '../../domain/address.ts';
import type { Fqdn } from '../../domain/name.ts';
import { hostEntriesScript, parseHostEntries } from './host-entries.ts';
import { dnsmasqServer } from './server.ts';

const about = { fqdn: 'alpha.mgmt.internal' as Fqdn, address: '10.2.10.5' as Address };
const { signal } = new AbortController();

/** What is read of a line in a configuration file. */
function configured(line: string) {
  return parseHostEntries(`C/c\n=${line}\nend\n`, about)?.entries.map(({ address, names }) => [
    address,
    ...names,
  ]);
}

/** What is read of a line in a file of hosts. */
function hosts(line: string) {
  return parseHostEntries(`C/c\nH/h\n=${line}\nend\n`, about)?.entries.map(({ address, names }) => [
    address,
    ...names,
  ]);
}

describe('the host entries of a dnsmasq', () => {
  it.each([
    ['10.2.10.9\talpha.mgmt.internal alpha # once', ['10.2.10.9', 'alpha.mgmt.internal', 'alpha']],
    ['  10.2.10.9 www Alpha.MGMT.internal', ['10.2.10.9', 'www', 'Alpha.MGMT.internal']],
    ['10.2.10.9 alpha', ['10.2.10.9', 'alpha']],
    ['10.2.10.5 other.example', ['10.2.10.5', 'other.example']],
  ])('are read from a file of hosts: %s', (line, expected) => {
    expect(hosts(line)).toEqual([expected]);
  });

  it.each([
    '10.2.10.55 alphabet',
    '10.2.10.9 alpha.example',
    '10.2.10.5',
    '# 10.2.10.5 alpha',
    'fd00::5 alpha',
    '',
  ])('pass over a line that says nothing of name and address: %s', (line) => {
    expect(hosts(line)).toEqual([]);
  });

  it.each([
    [
      'host-record=alpha.mgmt.internal,alpha,10.2.10.9,fd00::9,60',
      ['10.2.10.9', 'alpha.mgmt.internal', 'alpha'],
    ],
    [' host-record = other , 10.2.10.5 # c', ['10.2.10.5', 'other']],
    ['address=/alpha.mgmt.internal/10.2.10.9', ['10.2.10.9', 'alpha.mgmt.internal']],
    ['address=/example/Internal/10.2.10.9', ['10.2.10.9', 'Internal']],
    ['address=/#/10.2.10.9', ['10.2.10.9', '#']],
  ])('are read from a configuration file: %s', (line, expected) => {
    expect(configured(line)).toEqual([expected]);
  });

  it.each([
    'host-record=beta,10.2.10.9',
    'address=/beta.mgmt.internal/10.2.10.9',
    'address=/alpha.mgmt.internal/',
    'address=/alpha.mgmt.internal/fd00::9',
    'address=/beta.internal/10.2.10.5',
    'dhcp-host=alpha,10.2.10.9',
    '# address=/#/10.2.10.9',
  ])('pass over an option that says nothing of name and address: %s', (line) => {
    expect(configured(line)).toEqual([]);
  });

  it('have the file in which they stand', () => {
    const text = 'C/c\n=host-record=alpha,10.2.10.9\nH/h\n=10.2.10.8 alpha\nend\n';

    expect(parseHostEntries(text, about)?.entries.map(({ file }) => file)).toEqual(['/c', '/h']);
  });

  it('are not taken from an answer that was cut, and never throw', () => {
    expect(parseHostEntries('C/c\nH/h\n=10.2.10.8 alpha\n', about)).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void parseHostEntries(`${text}\nend\n`, about)),
    );
  });
});

describe('reading them on the server', () => {
  const found = 'P\n=conf-file=/a b\nC/a b\n=conf-dir=/d,*.conf\nC/d/x.conf\nC/d/x.old\nend\n';
  const server = (answer: { stdout?: string; exitCode?: number }) =>
    scriptedShell(({ script }) => (script === hostEntriesScript ? answer : { stdout: found }));
  const read = (shell: ReturnType<typeof scriptedShell>) =>
    dnsmasqServer({ id: 'firewall', shell, leaseFile: '/l' }).hostEntries?.(about, signal);

  it('looks into the configuration files that are read; all it is told are arguments', async () => {
    const shell = server({ stdout: 'C/a b\nH/h\n=10.2.10.9 alpha\nend\n' });

    expect(await read(shell)).toEqual([{ address: '10.2.10.9', names: ['alpha'], file: '/h' }]);
    expect(shell.given[1]?.args).toEqual(['10.2.10.5', 'alpha.mgmt.internal', '/a b', '/d/x.conf']);
    expect(shell.given[1]?.script).not.toContain('/a b');
  });

  it.each([
    ['the answer is cut', { stdout: 'C/a b\n' }, 'bad-response'],
    ['the script fails', { stdout: 'C/a b\nend\n', exitCode: 2 }, 'bad-response'],
    ['a file may not be read', { stdout: 'C/a b\n!/h\nend\n' }, 'not-found'],
  ])('is an error and not an empty list when %s', async (_what, answer, code) => {
    await expect(read(server(answer))).rejects.toMatchObject({ name: 'SourceError', code });
  });
});
