import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import type { DhcpcdStep } from '../../domain/remedy.ts';
import { readConf } from './conf.ts';
import { quoted } from './conf-name.ts';
import { dhcpcd } from './rungs.ts';

const { signal } = new AbortController();
const device = 'eth0';
const file = '/etc/dhcpcd `id`.conf';

const steps: readonly DhcpcdStep[] = [
  { kind: 'rebind-lease', device: '$(id)' },
  { kind: 'rebind-lease', device: '$(id)', family: '4' },
  { kind: 'clear-conf-name', device: '$(id)', file, stale: '"; system("id") "' },
  { kind: 'restart-client', device: '$(id)' },
];

async function apply(step: DhcpcdStep) {
  const shell = scriptedShell({ exitCode: 1 });
  await dhcpcd.apply(
    shell,
    { ...step, client: 'dhcpcd', disruption: 'renew', reach: 'guest', lasts: 'request' },
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
    for (const foreign of ['$(id)', '`id`', 'system(']) expect(given.script).not.toContain(foreign);
  });

  it('repeats the family flag of the daemon, and calls none that has no socket', async () => {
    const both = await apply({ kind: 'rebind-lease', device });
    const one = await apply({ kind: 'rebind-lease', device, family: '4' });

    expect([both.args, one.args]).toEqual([
      [device, ''],
      [device, '-4'],
    ]);
    expect(one.script.indexOf('-S "$socket"')).toBeLessThan(one.script.indexOf('dhcpcd -N $2 "$1"'));
  });

  it('never asks for a rebind, which gives the address up after 5 s', async () => {
    const scripts = await Promise.all(steps.map(async (step) => (await apply(step)).script));

    expect(scripts.filter((script) => /dhcpcd -[nkx]/.test(script))).toEqual([]);
  });

  it('tells nobody of an edit', async () => {
    const { script, args } = await apply({ kind: 'clear-conf-name', device, file, stale: 'old' });

    expect(script).not.toMatch(/systemctl|dhcpcd -/);
    expect(args).toEqual([file, device, 'old']);
  });

  it('is none of another client', async () => {
    const remedy = { kind: 'reconfigure-link', client: 'networkd', device, lasts: 'request' } as const;

    await expect(
      dhcpcd.apply(scriptedShell(), { ...remedy, disruption: 'renew', reach: 'guest' }, signal),
    ).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('a name that was taken out of the file', () => {
  const write = { kind: 'conf-name', file, was: 'two words', wrote: '' } as const;

  it.each(['restored', 'changed', 'gone'] as const)('is %s by the word of the guest', async (word) => {
    const shell = scriptedShell({ stdout: `${word}\n` });

    expect(await dhcpcd.restore(shell, write, signal)).toBe(word);
    expect(shell.given).toMatchObject([{ root: true, args: [file, 'two words', '"two words"'] }]);
    expect(shell.given[0]?.script).not.toMatch(/systemctl|dhcpcd -|two words/);
  });

  it('fails when the guest says neither', async () => {
    await expect(dhcpcd.restore(scriptedShell({ exitCode: 1 }), write, signal)).rejects.toMatchObject({
      code: 'command-failed',
    });
  });

  it.each(['alpha', 'a.b-c_d', 'two words', 'a"b', 'back\\slash', 'a#b', ' both '])(
    '%j is written so that it is read again',
    (name) => {
      expect(readConf(`hostname ${quoted(name)}\n`, file, device).rule).toMatchObject({ name });
    },
  );
});
