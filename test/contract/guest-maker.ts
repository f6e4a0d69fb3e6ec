import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuestRef } from '../../src/domain/guest.ts';
import type { CloneRequest, GuestMaker, StandingGuest } from '../../src/domain/guest-maker.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { Hypervisor } from '../../src/domain/ports.ts';
import { keepsCapabilities } from './capabilities.ts';

/** A hypervisor that makes guests: with a template, whose copies have one NIC and may be moved to another bridge. */
export interface GuestMakerSubject {
  readonly hypervisor: Hypervisor;
  readonly template: GuestRef;
  /** From it on twenty numbers are free. */
  readonly firstNumber: number;
  /** One that the template is not on. */
  readonly bridge: string;
  close(): Promise<void>;
}

const { signal } = new AbortController();

/** The subject with what the tests say again and again. */
interface Stage {
  readonly subject: GuestMakerSubject;
  readonly maker: GuestMaker;
  /** Of a linked copy under the next number. */
  request(changes?: Partial<CloneRequest>): CloneRequest;
  /** A VM that was just made. */
  made(): Promise<StandingGuest>;
}

/** What every `GuestMaker` must do; the same for all products and ways to reach them. */
export function guestMakerContract(name: string, create: () => Promise<GuestMakerSubject>): void {
  describe(`guest maker contract: ${name}`, () => {
    keepsCapabilities('Guest maker', name);
    let subject: GuestMakerSubject;
    let last = 0;

    beforeAll(async () => {
      subject = await create();
      last = subject.firstNumber - 1;
    });

    afterAll(() => subject.close());

    function request(changes: Partial<CloneRequest> = {}): CloneRequest {
      last += 1;
      const own = { vmid: last, name: `c-${last}` as Hostname, description: 'made by the contract, run 1' };
      return { source: subject.template, disks: 'linked', ...own, ...changes };
    }

    const stage = (): Stage => {
      const { making: maker } = subject.hypervisor;
      if (maker === undefined) throw new Error('it makes no guests');
      const made = async () => maker.standing((await maker.clone(request(), signal)).ref, signal);
      return { subject, maker, request, made };
    };
    describeNumbers(stage);
    describeClone(stage);
    describeRace(stage);
    describeConfigure(stage);
    describeSeedAnew(stage);
    describeRemove(stage);
  });
}

/** Numbers that nobody has. */
function describeNumbers(stage: () => Stage): void {
  describe('freeNumber', () => {
    it('gives free numbers, but for those that somebody is about to take', async () => {
      const { subject, maker } = stage();
      const from = subject.firstNumber + 15;

      expect(await maker.freeNumber({ from }, signal)).toBe(from);
      expect(await maker.freeNumber({ from, besides: new Set([from, from + 1]) }, signal)).toBe(from + 2);
      const lowest = await maker.freeNumber({}, signal);
      expect(await subject.hypervisor.find(lowest, signal)).toBeUndefined();
    });

    it('gives no number that a guest has', async () => {
      const { maker, made } = stage();
      const { vmid } = (await made()).ref;

      expect(await maker.freeNumber({ from: vmid }, signal)).toBeGreaterThan(vmid);
    });
  });
}

/** A copy, and its end. */
function describeClone(stage: () => Stage): void {
  describe('clone', () => {
    it('makes a VM that is off, with a name, a description and an identity of its own', async () => {
      const { subject, maker, request, made } = stage();
      const wanted = request();
      const { ref, warnings } = await maker.clone(wanted, signal);

      const guest = await maker.standing(ref, signal);
      const other = await made();

      expect(warnings).toEqual([]);
      expect(ref).toEqual({ ...subject.template, vmid: wanted.vmid });
      expect(guest).toMatchObject({ name: wanted.name, description: wanted.description, template: false });
      expect(guest).not.toHaveProperty('lock');
      expect(guest.nics).toHaveLength(1);
      expect(guest.uuid).not.toBe(other.uuid);
      expect(guest.nics[0]?.mac).not.toBe(other.nics[0]?.mac);
      expect(await subject.hypervisor.find(ref.vmid, signal)).toMatchObject({ power: 'stopped' });
    });

    it('throws cancelled when the caller gives up', async () => {
      const { maker, request } = stage();
      const gone = AbortSignal.abort();

      await expect(maker.clone(request(), gone)).rejects.toMatchObject({ code: 'cancelled' });
      await expect(maker.freeNumber({}, gone)).rejects.toMatchObject({ code: 'cancelled' });
    });
  });
}

/** Who has a number keeps it. */
function describeRace(stage: () => Stage): void {
  describe('a number that is taken', () => {
    it('makes nothing under a number that is taken, and leaves who has it', async () => {
      const { maker, request, made } = stage();
      const before = await made();

      const again = maker.clone(request({ vmid: before.ref.vmid, name: 'other' as Hostname }), signal);

      await expect(again).rejects.toMatchObject({ name: 'SourceError', code: 'guest-number-taken' });
      expect(await maker.standing(before.ref, signal)).toEqual(before);
    });

    it('lets one of two have a number that both take at once', async () => {
      const { subject, maker, request } = stage();
      const one = request({ description: 'one' });
      const two = request({ description: 'two', vmid: one.vmid });

      const ends = await Promise.allSettled([maker.clone(one, signal), maker.clone(two, signal)]);

      const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
      expect(lost).toMatchObject([{ code: 'guest-number-taken' }]);
      const winner = ends[0]?.status === 'fulfilled' ? 'one' : 'two';
      const standing = await maker.standing({ ...subject.template, vmid: one.vmid }, signal);
      expect(standing.description).toBe(winner);
    });
  });
}

/** Changes of the configuration. */
function describeConfigure(stage: () => Stage): void {
  describe('configure', () => {
    it('puts a MAC address on a NIC, and a name and a domain beside', async () => {
      const { subject, maker, made } = stage();
      const before = await made();
      const mac = 'bc:24:11:5e:00:01' as Mac;
      const nics = [{ slot: 'net0', mac, bridge: subject.bridge, ipv4: 'dhcp' as const }];

      const after = await maker.configure(
        before,
        { name: 'renamed' as Hostname, searchDomain: 'srv.internal', nics, tags: ['made', 'truename'] },
        signal,
      );

      expect(after).toEqual(await maker.standing(before.ref, signal));
      expect(after).toMatchObject({ name: 'renamed', searchDomain: 'srv.internal', uuid: before.uuid });
      expect(after.nics).toMatchObject([{ slot: 'net0', mac, bridge: subject.bridge, ipv4: 'dhcp' }]);
      expect([...after.tags].sort()).toEqual(['made', 'truename']);
      expect(after.version).not.toBe(before.version);
    });

    it('writes nothing over what somebody changed meanwhile', async () => {
      const { maker, made } = stage();
      const before = await made();
      const after = await maker.configure(before, { description: 'somebody else' }, signal);

      const late = maker.configure(before, { name: 'late' as Hostname }, signal);

      await expect(late).rejects.toMatchObject({ name: 'SourceError', code: 'guest-changed' });
      expect(await maker.standing(before.ref, signal)).toEqual(after);
    });
  });
}

/** The cloud-init disc. */
function describeSeedAnew(stage: () => Stage): void {
  describe('regenerateSeed', () => {
    it('makes the cloud-init disc anew of one that is off as of one that runs', async () => {
      const { subject, maker, made } = stage();
      const guest = await made();

      await maker.regenerateSeed(guest.ref, signal);
      await subject.hypervisor.power?.(guest.ref, 'start', signal);
      await maker.regenerateSeed(guest.ref, signal);
      await maker.stop(guest.ref, signal);
    });
  });
}

/** The end of a VM. */
function describeRemove(stage: () => Stage): void {
  describe('stop and remove', () => {
    it('removes a VM that is off, and is content with one that is gone', async () => {
      const { subject, maker, made } = stage();
      const guest = await made();
      await subject.hypervisor.power?.(guest.ref, 'start', signal);

      await expect(maker.remove(guest, signal)).rejects.toMatchObject({ code: 'guest-on' });
      await maker.stop(guest.ref, signal);
      await maker.stop(guest.ref, signal);
      await maker.remove(guest, signal);
      await maker.remove(guest, signal);

      expect(await subject.hypervisor.find(guest.ref.vmid, signal)).toBeUndefined();
      await expect(maker.standing(guest.ref, signal)).rejects.toMatchObject({ code: 'not-found' });
      expect(await maker.freeNumber({ from: guest.ref.vmid }, signal)).toBe(guest.ref.vmid);
    });

    it('removes neither a template nor another VM than was looked at', async () => {
      const { subject, maker, made } = stage();
      const guest = await made();
      const { template } = subject;
      const { uuid } = await subject.hypervisor.configuration({ ref: template, kind: 'vm' }, signal);
      const removing = (ref: GuestRef, id: string | undefined) =>
        maker.remove({ ref, ...(id === undefined ? {} : { uuid: id }) }, signal);

      await expect(removing(template, uuid)).rejects.toMatchObject({ code: 'vm-is-template' });
      await expect(removing(guest.ref, '00000000-0000-4000-8000-00000000dead')).rejects.toMatchObject({
        code: 'guest-changed',
      });
      expect(await maker.standing(guest.ref, signal)).toEqual(guest);
    });
  });
}
