import { describe, expect, it } from 'vitest';
import { restoreHostName, setStaticName, setTransientName } from '../../src/adapters/linux/set-names.ts';
import type { Restored, Shell } from '../../src/domain/ports.ts';

/** A guest whose names are set. */
interface GuestUnderTest {
  readonly shell: () => Shell;
  /** Runs a script in the guest as root, past the shell; its stdout. */
  readonly inGuest: (script: string) => Promise<string>;
}

/** What setting and putting back the names of a machine promises, with hostnamed and without. */
export function hostNamesContract(under: GuestUnderTest): void {
  describe('the host names of a guest', () => {
    const signal = () => AbortSignal.timeout(60_000);
    const { shell, inGuest } = under;
    const read = () =>
      inGuest('cat /etc/hostname 2>/dev/null; uname -n; ls -A /etc | grep hostname. || true');
    const staticName = { kind: 'static-name', was: 'before', wrote: 'alpha' } as const;
    const kernelName = { kind: 'transient-name', was: 'before', wrote: 'alpha' } as const;

    it('are set, and put back once', async () => {
      await inGuest('hostnamectl set-hostname before');

      await setStaticName(shell(), 'alpha', signal());
      const written = await read();
      const results: Restored[] = [];
      for (const write of [kernelName, staticName, staticName, kernelName])
        results.push(await restoreHostName(shell(), write, signal()));

      expect(written).toBe('alpha\nalpha');
      expect(results).toEqual(['restored', 'restored', 'restored', 'restored']);
      expect(await read()).toBe('before\nbefore');
    });

    it('are set and put back without hostnamed', async () => {
      await inGuest('hostnamectl set-hostname before; systemctl mask --runtime --now -q systemd-hostnamed');

      await setStaticName(shell(), 'alpha', signal());
      const written = await read();
      const result = await restoreHostName(shell(), staticName, signal());
      const back = await read();
      await inGuest('systemctl unmask --runtime -q systemd-hostnamed');

      expect([written, result, back]).toEqual(['alpha\nalpha', 'restored', 'before\nalpha']);
    });

    it('are left where somebody changed them, and where the static one is gone', async () => {
      await inGuest('hostnamectl set-hostname mine');
      const changed = [await restoreHostName(shell(), staticName, signal())];
      changed.push(await restoreHostName(shell(), kernelName, signal()));
      const left = await read();
      await inGuest('rm /etc/hostname');
      const gone = await restoreHostName(shell(), staticName, signal());

      expect([changed, left, gone]).toEqual([['changed', 'changed'], 'mine\nmine', 'gone']);
      await inGuest('hostnamectl set-hostname mine');
    });

    it('keep a link, which is somebody’s declaration', async () => {
      await inGuest(`systemctl mask --runtime --now -q systemd-hostnamed
echo declared >/run/declared; ln -sf /run/declared /etc/hostname`);

      await setStaticName(shell(), 'alpha', signal());
      const found = await inGuest('readlink /etc/hostname; cat /etc/hostname');
      await inGuest('rm /etc/hostname /run/declared; systemctl unmask --runtime -q systemd-hostnamed');

      expect(found).toBe('/run/declared\ndeclared');
    });

    it('of the kernel alone are set and put back', async () => {
      await inGuest('hostnamectl set-hostname before');

      await setTransientName(shell(), 'alpha', signal());
      const written = await read();
      const result = await restoreHostName(shell(), kernelName, signal());

      expect([written, result, await read()]).toEqual(['before\nalpha', 'restored', 'before\nbefore']);
    });
  });
}
