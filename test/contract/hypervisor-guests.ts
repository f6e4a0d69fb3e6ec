import { describe, expect, it } from 'vitest';
import type { Described } from './hypervisor-subject.ts';

const { signal } = new AbortController();

/** Guests by number. */
export function describeFind(subject: () => Described): void {
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

    it('knows containers', async () => {
      const { hypervisor } = subject();

      expect(await hypervisor.find(700, signal)).toMatchObject({
        ref: subject().ref(700),
        kind: 'container',
        name: 'ct-1',
        power: 'running',
      });
      expect(await hypervisor.find(701, signal)).toMatchObject({ name: 'ct-2', power: 'stopped' });
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

/** All guests at once. */
export function describeGuests(subject: () => Described): void {
  describe('guests', () => {
    it('lists VMs, containers and templates, each as find gives it', async () => {
      const { hypervisor } = subject();

      const guests = await hypervisor.guests(signal);

      expect(guests.map(({ ref }) => ref.vmid).sort((left, right) => left - right)).toEqual([
        101, 102, 103, 104, 700, 701, 9000,
      ]);
      for (const guest of guests) expect(await hypervisor.find(guest.ref.vmid, signal)).toEqual(guest);
    });
  });
}

/** What the next start will use. */
export function describeConfiguration(subject: () => Described): void {
  describe('configuration', () => {
    it('tells what the next start will use', async () => {
      const { hypervisor } = subject();

      expect(await hypervisor.configuration(subject().vm(102), signal)).toEqual({
        ref: subject().ref(102),
        name: 'web-2',
        template: false,
        nics: [{ slot: 'net0', mac: 'bc:24:11:00:01:02', bridge: 'vmbr0', vlan: 210 }],
        agentEnabled: true,
        cloudInit: true,
        searchDomain: 'srv.internal',
        osType: 'l26',
      });
      expect(await hypervisor.configuration(subject().vm(101), signal)).toMatchObject({
        uuid: '22222222-2222-4222-8222-222222222222',
        cloudInit: false,
      });
      expect(await hypervisor.configuration(subject().vm(9000), signal)).toMatchObject({ template: true });
    });

    it('tells what the hypervisor gives beside it: volumes for cloud-init, an address', async () => {
      expect(await subject().hypervisor.configuration(subject().vm(103), signal)).toMatchObject({
        customSeed: { user: 'local:snippets/web 3.yaml' },
        nics: [{ slot: 'net0', ipv4: { fixed: '10.2.10.30' } }],
      });
    });

    it('tells what a container is', async () => {
      expect(await subject().hypervisor.configuration(subject().container(700), signal)).toEqual({
        ref: subject().ref(700),
        name: 'ct-1',
        template: false,
        nics: [{ slot: 'net0', mac: 'bc:24:11:00:07:00', bridge: 'vmbr0', vlan: 210, ipv4: 'dhcp' }],
        agentEnabled: false,
        cloudInit: false,
        osType: 'debian',
      });
    });

    it('throws unsupported for a guest of the other kind', async () => {
      const { hypervisor, vm, container } = subject();

      await expect(hypervisor.configuration(vm(700), signal)).rejects.toMatchObject({ code: 'unsupported' });
      await expect(hypervisor.configuration(container(102), signal)).rejects.toMatchObject({
        code: 'unsupported',
      });
    });

    it('throws not-found for a guest that does not exist', async () => {
      await expect(subject().hypervisor.configuration(subject().vm(4711), signal)).rejects.toMatchObject({
        name: 'SourceError',
        code: 'not-found',
      });
    });
  });
}

/** What cloud-init will be given. */
export function describeSeed(subject: () => Described): void {
  describe('seed', () => {
    const seedOf = async (vmid: number) => {
      const { hypervisor, vm } = subject();
      return hypervisor.seed(await hypervisor.configuration(vm(vmid), signal), signal);
    };

    it('gives the generated texts', async () => {
      const { user, meta } = await seedOf(102);

      expect(user).toMatchObject({ custom: false, source: 'generated user-data of 102' });
      expect(user.text).toMatch(/^hostname: web-2$/m);
      expect(meta).toMatchObject({ custom: false, source: 'generated meta-data of 102' });
      expect(meta.text).toMatch(/^instance-id: [0-9a-f]{40}$/m);
    });

    it('gives the text of a volume in place of a generated one, or says what it takes to read it', async () => {
      if (!subject().entersNodes) {
        return expect(seedOf(103)).rejects.toMatchObject({
          code: 'unsupported',
          message: expect.stringContaining('local:snippets/web 3.yaml'),
        });
      }
      const { user, meta } = await seedOf(103);

      expect(user).toEqual({ text: 'hostname: own\n', custom: true, source: 'local:snippets/web 3.yaml' });
      expect(meta.custom).toBe(false);
    });

    it('throws not-found for a volume that does not exist', async () => {
      const { hypervisor, vm } = subject();
      if (!subject().entersNodes) return;
      const configuration = await hypervisor.configuration(vm(103), signal);
      const gone = { ...configuration, customSeed: { meta: 'local:snippets/gone' } };

      await expect(hypervisor.seed(gone, signal)).rejects.toMatchObject({ code: 'not-found' });
    });

    it('throws not-found for a guest without a cloud-init drive', async () => {
      await expect(seedOf(101)).rejects.toMatchObject({ name: 'SourceError', code: 'not-found' });
    });
  });
}

/** What waits for a cold start. */
export function describePending(subject: () => Described): void {
  describe('pending', () => {
    it('is nothing where nothing was changed', async () => {
      const { hypervisor, ref } = subject();

      expect(await hypervisor.pending({ ref: ref(102), kind: 'vm' }, signal)).toEqual([]);
    });
  });
}
