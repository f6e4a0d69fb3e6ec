import { describe, expect, it } from 'vitest';
import type { GuestWrite } from '../../src/domain/journal.ts';
import type { DhcpClient, Shell } from '../../src/domain/ports.ts';
import type { DhcpClientAction, DhcpClientRemedy } from '../../src/domain/remedy.ts';
import { keepsCapabilities } from './capabilities.ts';

/** A client under test on a guest of its own; made anew for each test file, asked only inside tests. */
export interface DhcpClientUnderTest<Scene> extends ClientScenes<Scene> {
  readonly client: DhcpClient;
  readonly shell: () => Shell;
  /** The server's line on the guest: time of the lease's end, address, name. */
  readonly lease: () => Promise<ServedLease>;
  /** Makes a scene in the guest, past the client's steps. */
  readonly make: (scene: Scene) => Promise<void>;
  /** All that the client's steps may write, as text. */
  readonly written: () => Promise<string>;
  /** Files that a step makes on its way, and units of its own, which are gone when it is. */
  readonly leftOver: () => Promise<string>;
  /** Lets so many milliseconds pass. */
  readonly wait: (ms: number) => Promise<void>;
}

/** What is tried of one kind of client; a scene is whatever makes one in the world that it is tried in. */
export interface ClientScenes<Scene> {
  /** Steps after which the lease bears another name, each from a scene that is made before. */
  readonly renames: readonly Rename<Scene>[];
  /** Steps that write, and how the write is known. */
  readonly writes: readonly Write<Scene>[];
}

/** A lease as the server has it. */
export interface ServedLease {
  readonly address: string;
  readonly name: string;
  /** Seconds since 1970; moves at each acknowledgement. */
  readonly expires: number;
}

/** A step that renames the lease. */
export interface Rename<Scene> {
  readonly kind: string;
  readonly scene: Scene;
  readonly steps: () => readonly DhcpClientAction[];
  readonly to: string;
}

/** A step that writes something, what it is, and how somebody else would change it or take it away. */
export interface Write<Scene> {
  readonly kind: string;
  readonly scene: Scene;
  readonly step: () => DhcpClientAction;
  readonly write: () => GuestWrite;
  readonly elsewise?: Scene;
  readonly takenAway?: Scene;
}

/** What every {@link DhcpClient} with a ladder promises. */
export function dhcpClientContract<Scene>(name: string, under: DhcpClientUnderTest<Scene>): void {
  describe(`DHCP client contract: ${name}`, () => {
    keepsCapabilities(`DHCP client ${under.client.kind}`, name);
    const signal = () => AbortSignal.timeout(60_000);
    const apply = async (action: DhcpClientAction) => {
      const remedy: DhcpClientRemedy = { ...action, disruption: 'renew', reach: 'guest', lasts: 'always' };
      await under.client.apply(under.shell(), remedy, signal());
    };
    const restore = (write: GuestWrite) => under.client.restore(under.shell(), write, signal());
    const read = under.written;

    it.each(under.renames)('$kind renames the lease, keeps its address and leaves nothing', async (each) => {
      await under.make(each.scene);
      const before = await settled(under);
      expect(before.name).not.toBe(each.to);

      for (const step of each.steps()) await apply(step);

      const after = await leasedAs(under, each.to);
      expect(after).toMatchObject({ name: each.to, address: before.address });
      expect(await under.leftOver()).toBe('');
    });

    it.each(under.renames)('$kind taken twice is $kind taken once', async (each) => {
      await under.make(each.scene);
      for (const step of each.steps()) await apply(step);
      const once = await read();

      for (const step of each.steps()) await apply(step);

      expect(await read()).toBe(once);
      expect((await leasedAs(under, each.to)).name).toBe(each.to);
      expect(await under.leftOver()).toBe('');
    });

    it.each(under.writes)('what $kind wrote is put back once, and the server is not asked', async (each) => {
      await under.make(each.scene);
      const before = await read();
      await apply(each.step());
      const after = await read();
      const asked = await settled(under);

      const first = await restore(each.write());
      const back = await read();
      const second = await restore(each.write());

      expect(after).not.toBe(before);
      expect([first, second]).toEqual(['restored', 'restored']);
      expect([back, await read()]).toEqual([before, before]);
      expect(await settled(under)).toEqual(asked);
      expect(await under.leftOver()).toBe('');
    });

    it.each(under.writes.filter(({ elsewise }) => elsewise !== undefined))(
      'what somebody made of $kind since is left',
      async (each) => {
        await under.make(each.scene);
        await apply(each.step());
        await under.make(each.elsewise as Scene);
        const found = await read();

        expect(await restore(each.write())).toBe('changed');
        expect(await read()).toBe(found);
      },
    );

    it.each(under.writes.filter(({ takenAway }) => takenAway !== undefined))(
      'what $kind wrote may be gone',
      async (each) => {
        await under.make(each.scene);
        await apply(each.step());
        await under.make(each.takenAway as Scene);

        expect(await restore(each.write())).toBe('gone');
      },
    );
  });
}

type Served = Pick<DhcpClientUnderTest<unknown>, 'lease' | 'wait'>;

/** The lease when it has not moved for two seconds. */
async function settled(under: Served): Promise<ServedLease> {
  let last = await under.lease();
  for (let quiet = 0; quiet < 10; quiet += 1) {
    await under.wait(200);
    const now = await under.lease();
    if (now.expires !== last.expires || now.name !== last.name) quiet = 0;
    last = now;
  }
  return last;
}

/** The lease when it bears the name, or as it is after ten seconds. */
async function leasedAs(under: Served, name: string): Promise<ServedLease> {
  for (let looks = 0; looks < 50; looks += 1) {
    const lease = await under.lease();
    if (lease.name === name) return lease;
    await under.wait(200);
  }
  return under.lease();
}
