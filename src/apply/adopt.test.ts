import { describe, expect, it } from 'vitest';
import type { GivenGuest } from '../../test/support/fix-guest.ts';
import { outcomes, play } from '../../test/support/fix-run.ts';
import { policy } from '../../test/support/fix-subject.ts';
import { deeds } from '../../test/support/fix-world.ts';

/** Somebody called it `web7` inside, on Debian; at the hypervisor it is `alpha` still. */
const web: GivenGuest = {
  vmid: 610,
  name: 'alpha',
  lease: 'web7',
  debian: true,
  host: { static: 'web7', believedStatic: 'web7', transient: 'web7' },
};
const adopting = { policy: policy({ adoptGuest: true }) };

describe('fix, which adopts the name that a guest was given', () => {
  it('renames the guest at its hypervisor, and touches nothing in it that is right', async () => {
    const { result, log, guest } = await play([web], adopting, { renames: true });

    expect(outcomes(result)).toEqual([[610, 'right']]);
    expect(deeds({ log })).toEqual(['rename 610 web7']);
    expect(guest(610).configuration.name).toBe('web7');
  });

  it('goes on to mend what is still wrong under the new name', async () => {
    const { result, log } = await play([{ ...web, lease: 'template' }], adopting, { renames: true });

    expect(outcomes(result)).toEqual([[610, 'mended']]);
    expect(deeds({ log })[0]).toBe('rename 610 web7');
    expect(result.results[0]).toMatchObject({ taken: [{ lease: 'web7' }] });
  });

  it('only says so in a dry run', async () => {
    const { result, log } = await play([web], { ...adopting, dryRun: true }, { renames: true });

    expect(result.results).toMatchObject([
      {
        outcome: 'planned',
        why: expect.stringContaining('would be called web7 at the hypervisor') as unknown,
      },
    ]);
    expect(deeds({ log })).toEqual([]);
  });

  it('leaves the guest as it is where the name is another’s, or nobody can rename it', async () => {
    const taken = await play([web, { vmid: 611, name: 'web7', lease: 'absent' }], adopting, {
      renames: true,
    });
    const cannot = await play([web], adopting);

    expect(taken.result.results[0]).toMatchObject({ outcome: 'failed', error: { code: 'name-taken' } });
    expect(cannot.result.results).toMatchObject([{ outcome: 'failed', error: { code: 'unsupported' } }]);
    expect(deeds(taken).filter((each) => each.startsWith('rename'))).toEqual([]);
  });
});
