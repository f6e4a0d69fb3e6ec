import { describe, expect, it } from 'vitest';
import type { GuestWrite } from '../../src/domain/journal.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { Restored } from '../../src/domain/ports.ts';
import { keepsCapabilities } from './capabilities.ts';

/** A guest whose names are set and put back. */
export interface HostNamesUnderTest {
  readonly setStatic: (name: Hostname) => Promise<void>;
  readonly setTransient: (name: Hostname) => Promise<void>;
  readonly restore: (
    write: Extract<GuestWrite, { kind: 'static-name' | 'transient-name' }>,
  ) => Promise<Restored>;
  /** The static name, none where there is no file, and the kernel's. */
  readonly read: () => Promise<readonly [string | undefined, string]>;
  /** Files that were made on the way. */
  readonly leftOver: () => Promise<string>;
  /** By hostnamed, past the steps. */
  readonly call: (name: string) => Promise<void>;
  /** Takes the file of the static name away. */
  readonly removeFile: () => Promise<void>;
  /** Keeps hostnamed from running, or lets it; absent where a guest is never without. */
  readonly maskHostnamed?: (masked: boolean) => Promise<void>;
  /** Makes of the file a link to one that says `declared`; gives what it is when the name was set, and undoes it. */
  readonly declared: (setName: () => Promise<void>) => Promise<string>;
}

const alpha = 'alpha' as Hostname;
const staticName = { kind: 'static-name', was: 'before', wrote: 'alpha' } as const;
const kernelName = { kind: 'transient-name', was: 'before', wrote: 'alpha' } as const;

/** What setting and putting back the names of a machine promises. */
export function hostNamesContract(name: string, under: HostNamesUnderTest): void {
  const { call, read, restore, setStatic, setTransient, maskHostnamed } = under;
  describe(`the host names of a guest: ${name}`, () => {
    keepsCapabilities('Host names of a guest', name);
    it('are set, and put back once', async () => {
      await call('before');

      await setStatic(alpha);
      const written = await read();
      const results: Restored[] = [];
      for (const write of [kernelName, staticName, staticName, kernelName])
        results.push(await restore(write));

      expect(written).toEqual(['alpha', 'alpha']);
      expect(results).toEqual(['restored', 'restored', 'restored', 'restored']);
      expect(await read()).toEqual(['before', 'before']);
      expect(await under.leftOver()).toBe('');
    });

    if (maskHostnamed !== undefined)
      it('are set and put back without hostnamed', async () => {
        await call('before');
        await maskHostnamed(true);

        await setStatic(alpha);
        const written = await read();
        const result = await restore(staticName);
        const back = await read();
        await maskHostnamed(false);

        expect([written, result, back]).toEqual([['alpha', 'alpha'], 'restored', ['before', 'alpha']]);
        expect(await under.leftOver()).toBe('');
      });

    it('are left where somebody changed them, and where the static one is gone', async () => {
      await call('mine');
      const changed = [await restore(staticName), await restore(kernelName)];
      const left = await read();
      await under.removeFile();
      const gone = await restore(staticName);

      expect([changed, left, gone]).toEqual([['changed', 'changed'], ['mine', 'mine'], 'gone']);
      await call('mine');
    });

    it('keep a link, which is somebody’s declaration', async () => {
      const found = await under.declared(() => setStatic(alpha));

      expect(found).toBe('declared');
    });

    it('of the kernel alone are set and put back', async () => {
      await call('before');

      await setTransient(alpha);
      const written = await read();
      const result = await restore(kernelName);

      expect([written, result, await read()]).toEqual([
        ['before', 'alpha'],
        'restored',
        ['before', 'before'],
      ]);
    });
  });
}
