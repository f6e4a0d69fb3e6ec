import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuestRef } from '../../src/domain/guest.ts';
import type { Hypervisor } from '../../src/domain/ports.ts';

/**
 * A hypervisor with what the contract needs to find there:
 * - `running`: VM 102 `web-2`, running, with an agent that knows `ens18` = 10.2.10.5 and runs programs;
 *   NIC net0 with MAC bc:24:11:00:01:02 on bridge vmbr0, VLAN 210; cloud-init drive; no uuid;
 * - `stopped`: VM 101 `web-1`, stopped, agent on, uuid 22222222-2222-4222-8222-222222222222;
 * - `template`: VM 9000 `tappaas-nixos`;
 * - no guest 4711.
 */
export interface HypervisorSubject {
  readonly hypervisor: Required<Hypervisor>;
  readonly nodeName: string;
  /** How often the VM was switched on so far. */
  starts(vmid: number): number;
  close(): Promise<void>;
}

/** The subject with what the tests say again and again. */
interface Described extends HypervisorSubject {
  ref(vmid: number): GuestRef;
}

const { signal } = new AbortController();

/** What every `Hypervisor` must do; the same for all products and ways to reach them. */
export function hypervisorContract(name: string, create: () => Promise<HypervisorSubject>): void {
  describe(`hypervisor contract: ${name}`, () => {
    let created: HypervisorSubject;
    const subject = (): Described => ({
      ...created,
      ref: (vmid) => ({ hypervisor: created.hypervisor.id, node: created.nodeName, vmid }),
    });

    beforeAll(async () => {
      created = await create();
    });

    afterAll(() => created.close());

    describeFind(subject);
    describeConfiguration(subject);
    describeAgent(subject);
    describePower(subject);
  });
}

/** Guests by number. */
function describeFind(subject: () => Described): void {
  describe('find', () => {
    it('knows a running VM, a stopped one and a template', async () => {
      const { hypervisor } = subject();

      expect(await hypervisor.find(102, signal)).toMatchObject({
        ref: subject().ref(102),
        kind: 'vm',
        name: 'web-2',
        power: 'running',
        template: false,
        tags: ['nixos', 'web'],
      });
      expect(await hypervisor.find(101, signal)).toMatchObject({ name: 'web-1', power: 'stopped' });
      expect(await hypervisor.find(9000, signal)).toMatchObject({ template: true, power: 'stopped' });
    });

    it('knows no guest that does not exist', async () => {
      expect(await subject().hypervisor.find(4711, signal)).toBeUndefined();
    });

    it('throws cancelled when the caller gives up', async () => {
      const gone = AbortSignal.abort();

      await expect(subject().hypervisor.find(102, gone)).rejects.toMatchObject({
        name: 'SourceError',
        code: 'cancelled',
      });
    });
  });
}

/** What the next start will use. */
function describeConfiguration(subject: () => Described): void {
  describe('configuration', () => {
    it('tells what the next start will use', async () => {
      const { hypervisor } = subject();

      expect(await hypervisor.configuration(subject().ref(102), signal)).toEqual({
        ref: subject().ref(102),
        name: 'web-2',
        template: false,
        nics: [{ slot: 'net0', mac: 'bc:24:11:00:01:02', bridge: 'vmbr0', vlan: 210 }],
        agentEnabled: true,
        cloudInit: true,
        searchDomain: 'srv.internal',
      });
      expect(await hypervisor.configuration(subject().ref(101), signal)).toMatchObject({
        uuid: '22222222-2222-4222-8222-222222222222',
        cloudInit: false,
      });
      expect(await hypervisor.configuration(subject().ref(9000), signal)).toMatchObject({ template: true });
    });

    it('throws not-found for a guest that does not exist', async () => {
      await expect(subject().hypervisor.configuration(subject().ref(4711), signal)).rejects.toMatchObject({
        name: 'SourceError',
        code: 'not-found',
      });
    });
  });
}

/** The way into the guest that needs no network. */
function describeAgent(subject: () => Described): void {
  describe('agent', () => {
    it('tells the interfaces, with and without addresses', async () => {
      const interfaces = await subject().hypervisor.agent(subject().ref(102)).interfaces(signal);

      expect(interfaces).toContainEqual({
        name: 'ens18',
        mac: 'bc:24:11:00:01:02',
        addresses: ['10.2.10.5'],
      });
      expect(interfaces).toContainEqual(expect.objectContaining({ name: 'ens19', addresses: [] }));
    });

    it('runs a program without a shell and gives its output as it was written', async () => {
      const agent = subject().hypervisor.agent(subject().ref(102));
      const text = `$(id) 'Zürich' "€" 漢字`;

      expect(await agent.run(['echo', '-n', 'plain; text'], signal)).toEqual({
        exitCode: 0,
        stdout: 'plain; text',
        stderr: '',
      });
      expect(await agent.run(['cat', '/text'], signal)).toMatchObject({ stdout: text });
      expect(await agent.run(['false'], signal)).toMatchObject({ exitCode: 1 });
    });

    it('throws command-failed for a program that the guest does not have', async () => {
      await expect(
        subject().hypervisor.agent(subject().ref(102)).run(['/gone'], signal),
      ).rejects.toMatchObject({
        code: 'command-failed',
      });
    });

    it('throws agent-silent where nobody answers', async () => {
      const agent = subject().hypervisor.agent(subject().ref(101));

      await expect(agent.interfaces(signal)).rejects.toMatchObject({ code: 'agent-silent' });
      await expect(agent.run(['true'], signal)).rejects.toMatchObject({ code: 'agent-silent' });
    });
  });
}

/** Start and cold reboot. */
function describePower(subject: () => Described): void {
  describe('power', () => {
    it('does not start a template', async () => {
      await expect(subject().hypervisor.power(subject().ref(9000), 'start', signal)).rejects.toMatchObject({
        name: 'SourceError',
        code: 'command-failed',
      });
    });

    it('does not reboot a stopped VM', async () => {
      await expect(subject().hypervisor.power(subject().ref(101), 'reboot', signal)).rejects.toMatchObject({
        code: 'command-failed',
      });
    });

    it('reboots cold, and resolves when the VM runs again', async () => {
      const before = subject().starts(102);

      await subject().hypervisor.power(subject().ref(102), 'reboot', signal);

      expect(subject().starts(102)).toBe(before + 1);
      expect(await subject().hypervisor.find(102, signal)).toMatchObject({ power: 'running' });
    });

    it('starts a stopped VM, and is content with one that runs', async () => {
      await subject().hypervisor.power(subject().ref(101), 'start', signal);
      await subject().hypervisor.power(subject().ref(101), 'start', signal);

      expect(subject().starts(101)).toBe(1);
    });
  });
}
