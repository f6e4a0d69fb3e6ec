import { describe, expect, it } from 'vitest';
import { answerOf, networkManagerTexts, nixosTexts } from '../../test/support/raw-guest.ts';
import { type ScriptedAnswer, scriptedShell } from '../../test/support/scripted-shell.ts';
import { templateLeftoversProbe } from '../adapters/linux/template-leftovers.ts';
import { guestProbes } from '../cli/wire-probes.ts';
import { SourceError } from '../domain/error.ts';
import type { GuestConfiguration, GuestSummary } from '../domain/guest.ts';
import type { Mac } from '../domain/mac.ts';
import { lookAtTemplate, type TemplateLook } from './look-at-template.ts';

const guest: GuestSummary = {
  ref: { hypervisor: 'pve', node: 'pve1', vmid: 610 },
  kind: 'vm',
  name: 'image',
  power: 'running',
  template: false,
  tags: [],
};

const configuration: GuestConfiguration = {
  ref: guest.ref,
  name: 'image',
  template: false,
  nics: [{ slot: 'net0', mac: 'bc:24:11:00:00:01' as Mac, bridge: 'lan', ipv4: 'dhcp' }],
  agentEnabled: true,
  cloudInit: true,
};

const clean = {
  ...nixosTexts,
  ...networkManagerTexts(),
  'left.machine-id': 'uninitialized\n',
  'left.hostname': '',
  'left.end': '1',
};

interface Given {
  readonly configuration?: Partial<GuestConfiguration>;
  readonly power?: GuestSummary['power'];
  readonly inside?: ScriptedAnswer | 'no way';
}

function look(given: Given = {}): { readonly seen: Promise<TemplateLook>; readonly scripts: unknown[] } {
  const { inside = { stdout: answerOf(clean) } } = given;
  const shell = scriptedShell(inside === 'no way' ? {} : inside);
  const sources = {
    hypervisor: {
      id: 'pve',
      find: async () => ({ ...guest, power: given.power ?? guest.power }),
      guests: async () => [guest],
      configuration: async () => ({ ...configuration, ...given.configuration }),
      inside: () => (inside === 'no way' ? undefined : shell),
    },
    probes: guestProbes,
    leftovers: templateLeftoversProbe,
    now: () => '2026-01-01T12:00:00.000Z',
  };
  return {
    seen: lookAtTemplate(sources, guest, new AbortController().signal),
    scripts: shell.given as unknown[],
  };
}

describe('a VM that is to become a template', () => {
  it('has no fault where its configuration and its disk are clean, and it is said who looked', async () => {
    expect(await look().seen).toEqual({
      faults: [],
      inside: {
        seen: 'value',
        value: 'ssh root@scripted',
        source: 'inside pve1/610',
        at: expect.any(String),
      },
    });
  });

  it('has the faults of both, those of the configuration first', async () => {
    const stdout = answerOf({ ...clean, 'left.machine-id': '0123456789abcdef0123456789abcdef\n' });
    const nics = [{ ...configuration.nics[0], ipv4: { fixed: '10.2.10.9' } }] as never;
    const { faults } = await look({ configuration: { nics }, inside: { stdout } }).seen;
    expect(faults.map(({ id }) => id)).toEqual(['fixed-address', 'machine-id-baked']);
  });

  it.each<[string, Given, string]>([
    ['is a template already', { configuration: { template: true } }, 'vm-is-template'],
    ['does not run', { power: 'stopped' }, 'guest-off'],
    ['has its option agent off', { configuration: { agentEnabled: false } }, 'unsupported'],
    ['cannot be entered', { inside: 'no way' }, 'unsupported'],
    ['has no network interface', { configuration: { nics: [] } }, 'unsupported'],
  ])('is looked at from outside where it %s, and nothing runs in it', async (_, given, code) => {
    const { seen, scripts } = look(given);
    expect((await seen).inside).toMatchObject({ seen: 'not-observable', code });
    expect(scripts).toEqual([]);
  });

  it.each<[string, ScriptedAnswer, string]>([
    ['nobody answers', new SourceError('agent-silent', 'pve', 'no answer'), 'agent-silent'],
    ['the answer is cut', { stdout: answerOf(clean).replace('end=1', '') }, 'bad-response'],
    ['the disk was not looked through', { stdout: answerOf({ ...clean, 'left.end': '' }) }, 'bad-response'],
  ])('is never called clean inside where %s', async (_, inside, code) => {
    const { seen } = look({ inside, configuration: { cloudInit: false } });
    expect(await seen).toMatchObject({
      faults: [{ id: 'no-seed-drive' }],
      inside: { seen: 'not-observable', code },
    });
  });
});
