import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { SourceError } from '../../domain/error.ts';
import type { Hostname } from '../../domain/name.ts';
import type { DhcpClientAction, DhcpClientRemedy, NetworkManagerStep } from '../../domain/remedy.ts';
import { networkManager } from './rungs.ts';

const { signal } = new AbortController();
const device = 'ens18 $(id)';
const connection = '7e29ba7d-0f25-4e49-8b1e-5b7a3f0c9a11';
const name = 'alpha' as Hostname;
const profile = { device, connection, copy: 'saved' } as const;

const steps: readonly NetworkManagerStep[] = [
  { kind: 'refresh-static-name', device, name },
  { kind: 'set-profile-name', ...profile, name, was: '`id`' },
  { kind: 'set-profile-name', ...profile, copy: 'in-force', name, was: '`id`' },
  { kind: 'clear-profile-name', knowsStaticName: false, ...profile, stale: '`id`' },
  { kind: 'clear-profile-name', knowsStaticName: false, ...profile, copy: 'in-force', stale: '`id`' },
  { kind: 'silence-profile', ...profile },
  { kind: 'silence-profile', ...profile, copy: 'in-force' },
  { kind: 'force-renewal', device },
  { kind: 'activate-connection', device, connection },
  { kind: 'bounce-connection', device, connection },
];

function remedyOf(action: DhcpClientAction): DhcpClientRemedy {
  return { ...action, disruption: 'renew', reach: 'guest', lasts: 'request' };
}

async function apply(step: NetworkManagerStep) {
  const shell = scriptedShell({ exitCode: 1 });
  await networkManager.apply(shell, remedyOf({ ...step, client: 'network-manager' }), signal);
  const [given] = shell.given;
  if (given === undefined || shell.given.length !== 1) throw new Error('not one script');
  return given;
}

describe('a rung', () => {
  it.each(steps)(
    '$kind ($copy) is one script as root, with everything foreign in its arguments',
    async (step) => {
      const given = await apply(step);

      expect(given.root).toBe(true);
      for (const foreign of ['ens18', connection, 'alpha', '`id`'])
        expect(given.script).not.toContain(foreign);
    },
  );

  it.each(steps)('$kind ($copy) takes no link down, or leaves that to a unit', async (step) => {
    expect((await apply(step)).script).not.toMatch(/disconnect|connection down/);
  });

  it('refreshes the static name before it asks for a renewal', async () => {
    const { script, args } = await apply({ kind: 'refresh-static-name', device, name });
    const order = ['try-restart systemd-hostnamed', 'StaticHostname', 'device modify'];
    const places = order.map((part) => script.indexOf(part));

    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places).not.toContain(-1);
    expect(args).toEqual([device]);
  });

  it.each([
    ['saved', 'connection modify uuid "$2" ipv4.dhcp-hostname "$3"'],
    ['in-force', 'device modify "$1" ipv4.dhcp-hostname "$3"'],
  ] as const)('writes a name into the copy that is %s', async (copy, line) => {
    const set = await apply({ kind: 'set-profile-name', ...profile, copy, name, was: '' });
    const cleared = await apply({
      kind: 'clear-profile-name',
      knowsStaticName: false,
      ...profile,
      copy,
      stale: 'old',
    });

    expect(set.script).toContain(line);
    expect(set.script.includes('device reapply')).toBe(copy === 'saved');
    expect(set.args).toEqual([device, connection, 'alpha']);
    expect(cleared.script).toContain(line);
    expect(cleared.args).toEqual([device, connection, '']);
  });

  it('forces a renewal without taking the copy in force back to the profile', async () => {
    expect((await apply({ kind: 'force-renewal', device })).script).not.toContain('reapply');
  });

  it('bounces in a unit that brings the device up again, and starts no second one', async () => {
    const { script, args } = await apply({ kind: 'bounce-connection', device, connection });

    expect(script.indexOf('is-active')).toBeLessThan(script.indexOf('systemd-run --'));
    expect(args?.slice(0, 2)).toEqual([device, connection]);
    // systemd expands what looks so in the words of a command line, even inside of one.
    expect(args?.[2]).not.toMatch(/\$\{|^\$/);
    expect(args?.[2]).not.toContain(connection);
  });

  it('fails when its script could not be run, though no exit code counts', async () => {
    const broken = scriptedShell(new SourceError('unreachable', 'ssh', 'no session'));
    const remedy = remedyOf({ kind: 'force-renewal', client: 'network-manager', device });

    await expect(networkManager.apply(broken, remedy, signal)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('is none of another client', async () => {
    const remedy = remedyOf({ kind: 'restart-client', client: 'dhcpcd', device });

    await expect(networkManager.apply(scriptedShell(), remedy, signal)).rejects.toMatchObject({
      code: 'internal',
    });
  });
});
