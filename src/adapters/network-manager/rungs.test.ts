import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { SourceError } from '../../domain/error.ts';
import type { Hostname } from '../../domain/name.ts';
import type { DhcpClientAction, DhcpClientRemedy } from '../../domain/remedy.ts';
import { networkManager } from './rungs.ts';

const { signal } = new AbortController();
const device = 'ens18';
const connection = '7e29ba7d-0f25-4e49-8b1e-5b7a3f0c9a11';
const name = 'alpha' as Hostname;

const remedies: readonly DhcpClientAction[] = [
  { kind: 'refresh-static-name', client: 'network-manager', device, name },
  { kind: 'clear-profile-name', client: 'network-manager', device, connection, stale: '$(id)' },
  { kind: 'force-renewal', client: 'network-manager', device },
  { kind: 'activate-connection', client: 'network-manager', device, connection },
];

async function apply(action: DhcpClientAction) {
  const shell = scriptedShell({ exitCode: 1 });
  const remedy: DhcpClientRemedy = { ...action, disruption: 'renew', reach: 'guest' };
  await networkManager.apply(shell, remedy, signal);
  const [given] = shell.given;
  if (given === undefined || shell.given.length !== 1) throw new Error('not one script');
  return given;
}

describe('a rung', () => {
  it.each(remedies)(
    '$kind is one script as root, with everything foreign in its arguments',
    async (action) => {
      const given = await apply(action);

      expect(given.root).toBe(true);
      for (const foreign of [device, connection, 'alpha', '$(id)'])
        expect(given.script).not.toContain(foreign);
    },
  );

  it.each(remedies)('$kind never takes the link down, for nothing would bring it back', async (action) => {
    expect((await apply(action)).script).not.toMatch(/disconnect|connection down/);
  });

  it('refreshes the static name before it asks for a renewal', async () => {
    const { script, args } = await apply({
      kind: 'refresh-static-name',
      client: 'network-manager',
      device,
      name,
    });
    const order = ['try-restart systemd-hostnamed', 'StaticHostname', 'device modify', 'device reapply'];
    const places = order.map((part) => script.indexOf(part));

    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places).not.toContain(-1);
    expect(args).toEqual([device, '46']);
  });

  it('forces a difference in a later rung that an earlier one has not left behind', async () => {
    const first = await apply({ kind: 'refresh-static-name', client: 'network-manager', device, name });
    const later = await apply({ kind: 'force-renewal', client: 'network-manager', device });

    expect(later.args?.[1]).not.toBe(first.args?.[1]);
  });

  it('takes the name out of the profile that it was told, by uuid', async () => {
    const { script, args } = await apply({
      kind: 'clear-profile-name',
      client: 'network-manager',
      device,
      connection,
      stale: 'old',
    });

    expect(script).toContain(`connection modify "$2" ipv4.dhcp-hostname ''`);
    expect(args).toEqual([device, connection]);
  });

  it('activates by uuid', async () => {
    const { script, args } = await apply({
      kind: 'activate-connection',
      client: 'network-manager',
      device,
      connection,
    });

    expect(script).toContain('connection up "$2"');
    expect(args).toEqual([device, connection]);
  });

  it('fails when its script could not be run, though no exit code counts', async () => {
    const broken = scriptedShell(new SourceError('unreachable', 'ssh', 'no session'));
    const remedy: DhcpClientRemedy = {
      kind: 'force-renewal',
      client: 'network-manager',
      device,
      disruption: 'renew',
      reach: 'guest',
    };

    await expect(networkManager.apply(broken, remedy, signal)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
