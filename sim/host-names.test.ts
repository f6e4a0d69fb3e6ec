import { describe, expect, it } from 'vitest';
import { type SimHostNames, simHostNames } from './host-names.ts';

const staticName = { kind: 'static-name', was: 'before', wrote: 'alpha' } as const;
const kernelName = { kind: 'transient-name', was: 'before', wrote: 'alpha' } as const;

function named(name: string, store = false): SimHostNames {
  return simHostNames({ name, store });
}

describe('simHostNames', () => {
  it('sets file, kernel and hostnamed as one, and puts each back once', () => {
    const names = named('before');

    names.setStatic('alpha');
    const written = names.read();
    const results = [kernelName, staticName, staticName, kernelName].map((write) => names.restore(write));

    expect(written).toEqual({ static: 'alpha', believedStatic: 'alpha', transient: 'alpha' });
    expect(results).toEqual(['restored', 'restored', 'restored', 'restored']);
    expect(names.read()).toEqual({ static: 'before', believedStatic: 'before', transient: 'before' });
  });

  it('leaves what somebody changed, and says where there is no file any more', () => {
    const names = named('before');
    names.setStatic('mine');

    expect([names.restore(staticName), names.restore(kernelName)]).toEqual(['changed', 'changed']);
    names.writeFile(undefined);

    expect(names.restore(staticName)).toBe('gone');
    expect(names.read().transient).toBe('mine');
  });

  it('sets nothing where the file lies in a store', () => {
    const names = named('declared', true);

    names.setStatic('alpha');

    expect(names.read()).toEqual({ static: 'declared', believedStatic: 'declared', transient: 'declared' });
  });

  it('tells nobody of a file that a switch wrote, until hostnamed starts anew', () => {
    const names = named('template', true);
    const told: string[] = [];
    names.onStatic((name) => told.push(name));

    names.writeFile('alpha');
    const before = names.read();
    names.restartHostnamed();

    expect(before).toEqual({ static: 'alpha', believedStatic: 'template', transient: 'template' });
    expect(names.read()).toEqual({ static: 'alpha', believedStatic: 'alpha', transient: 'template' });
    expect(told).toEqual(['alpha']);
  });

  it('gives the name of the file to the kernel at boot', () => {
    const names = named('template');
    names.writeFile('alpha');

    names.boot();

    expect(names.read().transient).toBe('alpha');
  });
});
