import { describe, expect, it } from 'vitest';
import { at, guest, mac } from '../../test/support/sample-snapshot.ts';
import { type ScriptedAnswer, scriptedShell } from '../../test/support/scripted-shell.ts';
import type { Address } from '../domain/address.ts';
import { SourceError } from '../domain/error.ts';
import type { GuestConfiguration, GuestSummary } from '../domain/guest.ts';
import type { MachineIdentity } from '../domain/guest-facts.ts';
import type { Mac } from '../domain/mac.ts';
import type { GuestProbe } from '../domain/ports.ts';
import { type EntryProbes, type EntrySubject, enterGuest } from './entry.ts';

const signal = new AbortController().signal;
const whole: ScriptedAnswer = { stdout: 'end=1\n' };
const silent = new SourceError('agent-silent', 'Proxmox VE', 'nobody answers');

type IdentityChanges = { readonly [Key in keyof MachineIdentity]?: MachineIdentity[Key] | undefined };

function constant<T>(section: string, value: T): GuestProbe<T> {
  return { section, script: 'true', parse: () => value };
}

function probes(identity: IdentityChanges = {}): EntryProbes {
  const seen = guest();
  return {
    identity: constant('id', { ...seen.identity, ...identity } as MachineIdentity),
    os: constant('os', seen.os),
    interfaces: constant('if', seen.interfaces),
    host: constant('host', seen.host),
    nixos: constant('nixos', seen.nixos),
    cloudInit: constant('ci', seen.cloudInit),
    networkManager: constant('nm', seen.client),
    networkd: constant('networkd', undefined),
    dhcpcd: constant('dhcpcd', undefined),
    dhclient: constant('dhclient', undefined),
    hostKeys: constant('keys', ['ssh-ed25519 AAAA']),
  };
}

interface Scene {
  readonly inside?: ScriptedAnswer | 'none';
  readonly ssh?: ScriptedAnswer;
  readonly address?: Address | undefined;
  readonly identity?: IdentityChanges;
  readonly summary?: Partial<GuestSummary>;
  readonly configuration?: Partial<GuestConfiguration>;
  readonly signal?: AbortSignal;
}

async function enter(scene: Scene = {}) {
  const { inside = whole, ssh = whole, signal: until = signal } = scene;
  const ref = { hypervisor: 'pve', node: 'pve1', vmid: 610 };
  const subject: EntrySubject = {
    guest: { ref, kind: 'vm', name: 'alpha', power: 'running', template: false, tags: [], ...scene.summary },
    configuration: {
      ref,
      name: 'alpha',
      template: false,
      uuid: 'uuid',
      nics: [],
      agentEnabled: true,
      cloudInit: true,
      ...scene.configuration,
    },
    mac,
    address: async () => ('address' in scene ? scene.address : ('10.2.10.5' as Address)),
  };
  const sources = {
    hypervisor: { inside: () => (inside === 'none' ? undefined : scriptedShell(inside)) },
    probes: probes(scene.identity),
    ssh: () => scriptedShell(ssh),
    now: () => at,
    bounded: () => until,
  };
  const entered = await enterGuest(sources, subject, until);
  return {
    ...entered,
    ways: entered.entry.tried.map(({ way, outcome, code }) => [way, outcome, code ?? null]),
  };
}

describe('enterGuest', () => {
  it('goes through the hypervisor first, and no further', async () => {
    const { ways, guest: seen, hostKeys } = await enter();

    expect(ways).toEqual([['agent', 'used', null]]);
    expect([seen.seen, hostKeys]).toEqual(['value', ['ssh-ed25519 AAAA']]);
  });

  it('calls the way into a container by its name', async () => {
    const { ways } = await enter({ summary: { kind: 'container' } });

    expect(ways).toEqual([['container-shell', 'used', null]]);
  });

  it.each<[string, Scene, (string | null)[]]>([
    ['the agent is silent', { inside: silent }, ['agent', 'failed', 'agent-silent']],
    [
      'the agent does not answer within its time',
      { inside: new DOMException('late', 'TimeoutError') },
      ['agent', 'failed', 'timeout'],
    ],
    ['its answer was cut short', { inside: { stdout: 'id=1\n' } }, ['agent', 'failed', 'bad-response']],
    [
      'the option is off',
      { configuration: { agentEnabled: false } },
      ['agent', 'passed-over', 'unsupported'],
    ],
    ['the hypervisor leads nowhere', { inside: 'none' }, ['agent', 'passed-over', 'unsupported']],
  ])('goes by ssh when %s', async (_what, scene, first) => {
    const { ways, guest: seen } = await enter(scene);

    expect(ways).toEqual([first, ['ssh', 'used', null]]);
    expect(seen.seen).toBe('value');
  });

  it.each<[string, Scene['identity']]>([
    ['another MAC address', { macs: ['bc:24:11:00:00:99' as Mac] }],
    ['another uuid', { uuid: 'another' }],
    ['a uuid that it does not show', { uuid: undefined }],
  ])('believes no word of a machine with %s', async (_what, identity = {}) => {
    const { guest: seen, hostKeys, ways } = await enter({ inside: silent, identity });

    expect(ways.at(-1)).toEqual(['ssh', 'failed', 'not-the-vm']);
    expect(seen).toMatchObject({ seen: 'not-observable', code: 'not-the-vm' });
    expect(hostKeys).toBeUndefined();
  });

  it('takes the MAC address for enough where the hypervisor has no uuid', async () => {
    const { ref, name, template, nics, agentEnabled, cloudInit } = {
      ref: { hypervisor: 'pve', node: 'pve1', vmid: 610 },
      ...{ name: 'alpha', template: false, nics: [], agentEnabled: false, cloudInit: true },
    };
    const entered = await enterGuest(
      {
        hypervisor: {},
        probes: probes(),
        ssh: () => scriptedShell(whole),
        now: () => at,
        bounded: () => signal,
      },
      {
        guest: { ref, kind: 'vm', power: 'running', template, tags: [] },
        configuration: { ref, name, template, nics, agentEnabled, cloudInit },
        mac,
        address: async () => '10.2.10.5' as Address,
      },
      signal,
    );

    expect(entered.guest.seen).toBe('value');
  });

  it('ends with an interrupted run', async () => {
    const interrupted = AbortSignal.abort(new Error('stop'));

    await expect(enter({ inside: silent, signal: interrupted })).rejects.toThrow('stop');
  });

  it('does not go by ssh without an address', async () => {
    const { ways, guest: seen } = await enter({ inside: silent, address: undefined });

    expect(ways).toEqual([
      ['agent', 'failed', 'agent-silent'],
      ['ssh', 'passed-over', 'address-not-found'],
    ]);
    expect(seen).toMatchObject({ seen: 'not-observable', code: 'agent-silent' });
  });

  it.each<[string, Scene, string]>([
    ['Windows', { configuration: { osType: 'win11' } }, 'unsupported'],
    ['a guest that is off', { summary: { power: 'stopped' } }, 'guest-off'],
  ])('does not try to enter %s', async (_what, scene, code) => {
    const { ways, guest: seen } = await enter(scene);

    expect([ways, seen.seen === 'not-observable' && seen.code]).toEqual([[], code]);
  });
});
