import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import type { GuestWrite } from '../../domain/journal.ts';
import type { Hostname } from '../../domain/name.ts';
import type { NetworkdStep } from '../../domain/remedy.ts';
import { dropInText } from './drop-in.ts';
import { readDhcpSettings } from './network-file.ts';
import { networkd } from './rungs.ts';

const { signal } = new AbortController();
const device = 'eth0 $(id)';
const path = '/etc/systemd/network/10 odd `id`.network.d/zz-truename.conf';
const name = 'alpha' as Hostname;

const steps: readonly NetworkdStep[] = [
  { kind: 'write-drop-in', device, path, name, was: '' },
  { kind: 'silence-link', device, path },
  { kind: 'reload-link', device, path },
  { kind: 'reconfigure-link', device },
];

async function apply(step: NetworkdStep) {
  const shell = scriptedShell({ exitCode: 1 });
  await networkd.apply(
    shell,
    { ...step, client: 'networkd', disruption: 'renew', reach: 'guest', lasts: 'always' },
    signal,
  );
  const [given] = shell.given;
  if (given === undefined || shell.given.length !== 1) throw new Error('not one script');
  return given;
}

describe('a rung', () => {
  it.each(steps)('$kind is one script as root, with everything foreign in its arguments', async (step) => {
    const given = await apply(step);

    expect(given.root).toBe(true);
    for (const foreign of ['$(id)', '`id`', 'alpha']) expect(given.script).not.toContain(foreign);
  });

  it('gives the lease back only where it is told to', async () => {
    const scripts = await Promise.all(steps.map(async (step) => (await apply(step)).script));

    expect(scripts.map((script) => /reconfigure/.test(script))).toEqual([false, false, false, true]);
    expect(scripts.map((script) => /networkctl reload/.test(script))).toEqual([true, true, true, false]);
  });

  it('is none of another client', async () => {
    const remedy = { kind: 'restart-client', client: 'dhcpcd', device, lasts: 'request' } as const;

    await expect(
      networkd.apply(scriptedShell(), { ...remedy, disruption: 'renew', reach: 'guest' }, signal),
    ).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('a drop-in of Truename’s own', () => {
  const read = (text: string) => readDhcpSettings([{ path, text }]).rule;

  it('says what networkd is to send, by the reading of the probe', () => {
    expect(read(dropInText({ name: 'alpha' }))).toMatchObject({ from: 'profile', name: 'alpha' });
    expect(read(dropInText('send-none')).from).toBe('nothing');
    expect(read(dropInText('nothing')).from).toBe('transient');
  });

  it('lets a name be sent that the file before it keeps back', () => {
    const quiet = { path: '/etc/a.network', text: '[DHCPv4]\nSendHostname=no\n' };

    expect(readDhcpSettings([quiet, { path, text: dropInText({ name: 'alpha' }) }]).rule).toMatchObject({
      name: 'alpha',
    });
  });

  it.each(['restored', 'changed', 'gone'] as const)('is %s by the word of the guest', async (word) => {
    const shell = scriptedShell({ stdout: `${word}\n` });
    const write: GuestWrite = { kind: 'drop-in', path, was: null, wrote: { name: 'alpha' } };

    expect(await networkd.restore(shell, write, signal)).toBe(word);
    expect(shell.given).toMatchObject([{ root: true, args: [path, '', dropInText({ name: 'alpha' })] }]);
    expect(shell.given[0]?.script).not.toMatch(/networkctl|alpha|`id`/);
  });

  it('fails when the guest says neither', async () => {
    const write: GuestWrite = { kind: 'drop-in', path, was: { name: 'beta' }, wrote: 'send-none' };

    await expect(networkd.restore(scriptedShell({ exitCode: 1 }), write, signal)).rejects.toMatchObject({
      code: 'command-failed',
    });
  });
});
