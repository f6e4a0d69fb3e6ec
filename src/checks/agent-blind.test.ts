import { describe, expect, it } from 'vitest';
import { type RawSources, rawFindings, refusal, rulesThatFire } from '../../test/support/raw-evidence.ts';

const notRunning = refusal('command-failed', 'QEMU guest agent is not running');
const silent: RawSources = { agent: notRunning, inside: notRunning };
const noWayIn = { ssh: refusal('unreachable') };

async function found(changes: RawSources) {
  return (await rawFindings(changes)).find(({ rule }) => rule === 'agent-blind');
}

describe('agent-blind', () => {
  it('fires for an agent that does not answer: a fault when there is no other way in', async () => {
    const finding = await found({ ...silent, ...noWayIn });

    expect(finding).toMatchObject({
      severity: 'fault',
      link: 'static',
      summary: 'The guest agent of 610 is switched on, and nobody answers in the guest.',
    });
    expect(finding?.evidence).toMatchObject([
      { what: 'option agent', value: 'on' },
      { what: 'answer of the guest agent', value: expect.stringContaining('not running') },
    ]);
    expect(finding?.remedies.map(({ kind }) => kind)).toEqual(['install-agent']);
  });

  it('is worth a notice when ssh leads inside', async () => {
    expect(await found(silent)).toMatchObject({ severity: 'notice' });
  });

  it('is worth a notice in Windows, into which nobody tries to look', async () => {
    expect(await found({ ...silent, configuration: { ostype: 'win11' } })).toMatchObject({
      severity: 'notice',
    });
  });

  it('says that the option is off', async () => {
    const finding = await found({ configuration: { agent: 'enabled=0' }, agent: notRunning, ...noWayIn });

    expect(finding).toMatchObject({ severity: 'fault', summary: expect.stringContaining('switched off') });
    expect(finding?.remedies).toMatchObject([{ kind: 'enable-agent', disruption: 'reboot' }]);
  });

  it.each([
    [
      '9',
      'VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted',
      'VM.GuestAgent.Audit or VM.GuestAgent.Unrestricted',
    ],
    ['8', 'VM.Monitor', 'VM.Monitor'],
  ])('names the privilege that Proxmox VE %s misses', async (_version, privileges, named) => {
    const refused = refusal('permission-refused', `Permission check failed (/vms/610, ${privileges})`);

    const finding = await found({ agent: refused, inside: refused });

    expect(finding?.summary).toBe(
      `The hypervisor does not let Truename use the guest agent of 610: ${named} is missing.`,
    );
    expect(finding?.evidence[0]?.value).toContain(privileges);
    expect(finding?.remedies).toMatchObject([{ kind: 'grant-privilege', reach: 'site', disruption: 'none' }]);
  });

  it('fires when the agent may be asked but runs nothing', async () => {
    const refused = refusal(
      'permission-refused',
      'Permission check failed (/vms/610, VM.GuestAgent.Unrestricted)',
    );

    expect((await found({ inside: refused }))?.remedies.map(({ kind }) => kind)).toEqual(['grant-privilege']);
  });

  it('fires when the agent refuses the call itself', async () => {
    const agent = {
      error: { class: 'CommandNotFound', desc: 'Command guest-network-get-interfaces has been disabled' },
    };

    expect((await found({ agent }))?.remedies.map(({ kind }) => kind)).toEqual(['edit-agent-configuration']);
  });

  it.each(['bad-response', 'timeout', 'agent-silent'] as const)(
    'fires when it shows its interfaces and what it runs comes to nothing: %s',
    async (code) => {
      const finding = await found({ inside: refusal(code, 'test says why') });

      expect(finding?.remedies.map(({ kind }) => kind)).toEqual(['restart-agent']);
      expect(finding?.evidence[0]?.value).toBe('test says why');
    },
  );

  it('fires when only bridges of containers are shown', async () => {
    const agent = [
      {
        name: 'docker0',
        'hardware-address': '02:42:00:00:00:01',
        'ip-addresses': [{ 'ip-address': '172.17.0.1', 'ip-address-type': 'ipv4' }],
      },
    ];

    const finding = await found({ agent });

    expect(finding?.summary).toBe(
      'The guest agent of 610 shows no interface with bc:24:11:00:00:01, the MAC address of net0.',
    );
    expect(finding?.evidence[0]).toMatchObject({ value: 'docker0 (02:42:00:00:00:01)' });
  });

  it('is silent about a guest that is off, about a container, and about an agent that works', async () => {
    expect(await rulesThatFire({ ...silent, row: { status: 'stopped' } })).not.toContain('agent-blind');
    expect(await rulesThatFire({ ...silent, row: { status: 'paused' } })).not.toContain('agent-blind');
    expect(await rulesThatFire({ row: { type: 'lxc' } })).not.toContain('agent-blind');
    expect(await rulesThatFire()).toEqual([]);
  });

  it('is silent when it may be the hypervisor that does not answer', async () => {
    const away = refusal('unreachable');
    const slow = refusal('timeout');

    expect(await found({ configuration: slow, agent: slow, inside: slow, ...noWayIn })).toBeUndefined();
    expect(await found({ agent: slow, inside: slow, ...noWayIn })).toBeDefined();
    expect(await found({ configuration: away, agent: away, inside: away, ...noWayIn })).toBeUndefined();
    expect(await found({ agent: away, inside: away, ...noWayIn })).toBeUndefined();
  });
});
