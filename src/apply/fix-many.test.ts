import { describe, expect, it } from 'vitest';
import { many, play, request, signals, template } from '../../test/support/fix-run.ts';
import { deeds, fixWorld } from '../../test/support/fix-world.ts';
import { fix } from './fix.ts';

describe('fix, of many guests', () => {
  it.each<[string, number, number]>([
    ['more than ten', 11, 0],
    ['more than a fifth of a fleet above twenty', 5, 16],
    ['more than ten of a large fleet', 11, 60],
  ])('refuses to change %s before anything is written', async (_what, wrongs, rights) => {
    const world = fixWorld([...many(wrongs), ...many(rights, {}, 150)], { beside: [template] });

    const refused = fix(request(world), world.sources, world.emit, signals());

    await expect(refused).rejects.toMatchObject({ code: 'too-many-guests' });
    expect(deeds(world)).toEqual([]);
  });

  it.each<[string, number, number]>([
    ['ten of a small fleet', 10, 0],
    ['a fifth of a fleet above twenty', 4, 17],
    ['any number of those that need nothing', 0, 30],
  ])('changes %s without being told to', async (_what, wrongs, rights) => {
    const { result } = await play([...many(wrongs), ...many(rights, {}, 150)]);

    expect(result.results.filter(({ outcome }) => outcome === 'mended')).toHaveLength(wrongs);
  });

  it('changes as many as there are where it was told to, and shows any number in a dry run', async () => {
    const { result } = await play(many(25), { yes: true });
    const { result: shown } = await play(many(25), { dryRun: true });

    expect(result.results.every(({ outcome }) => outcome === 'mended')).toBe(true);
    expect(shown.results.every(({ outcome }) => outcome === 'planned')).toBe(true);
  });
});
