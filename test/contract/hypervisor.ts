import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepsCapabilities } from './capabilities.ts';
import { describeAgent, describeContainer, describeInside, describePort } from './hypervisor-entry.ts';
import {
  describeConfiguration,
  describeFind,
  describeGuests,
  describePending,
  describeSeed,
} from './hypervisor-guests.ts';
import type { Described, HypervisorSubject } from './hypervisor-subject.ts';

const { signal } = new AbortController();

/** What every `Hypervisor` must do; the same for all products and ways to reach them. */
export function hypervisorContract(name: string, create: () => Promise<HypervisorSubject>): void {
  describe(`hypervisor contract: ${name}`, () => {
    keepsCapabilities('Hypervisor', name);
    let created: HypervisorSubject;
    const ref = (vmid: number) => ({ hypervisor: created.hypervisor.id, node: created.nodeName, vmid });
    const subject = (): Described => ({
      ...created,
      ref,
      vm: (vmid) => ({ ref: ref(vmid), kind: 'vm' }),
      container: (vmid) => ({ ref: ref(vmid), kind: 'container' }),
    });

    beforeAll(async () => {
      created = await create();
    });

    afterAll(() => created.close());

    describeFind(subject);
    describeGuests(subject);
    describeConfiguration(subject);
    describePending(subject);
    describeAgent(subject);
    describeContainer(subject);
    describeInside(subject);
    describeSeed(subject);
    describePort(subject);
    describePower(subject);
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

    it('resolves when a VM under high availability runs, not when that was asked for', async () => {
      await subject().hypervisor.power(subject().ref(104), 'start', signal);

      expect(subject().starts(104)).toBe(1);
    });

    it('starts a stopped VM, and is content with one that runs', async () => {
      await subject().hypervisor.power(subject().ref(101), 'start', signal);
      await subject().hypervisor.power(subject().ref(101), 'start', signal);

      expect(subject().starts(101)).toBe(1);
    });
  });
}
