import { describe, expect, it } from 'vitest';
import { mac } from '../../test/support/sample-snapshot.ts';
import { scriptedShell } from '../../test/support/scripted-shell.ts';
import type { GuestProbe, ProbeValues } from '../domain/ports.ts';
import { gather, parseValues } from './gather.ts';

const { signal } = new AbortController();
const base64 = (text: string) => Buffer.from(text).toString('base64');

function probe(section: string): GuestProbe<ProbeValues> {
  return { section, script: `kv ${section}.a 1`, parse: (values) => values };
}

describe('gather', () => {
  it('asks every probe in one round trip as root', async () => {
    const shell = scriptedShell({ stdout: 'x.a=1\ny.a=2\nend=1\n' });

    await gather(shell, { one: probe('x'), two: probe('y') }, mac, signal);

    expect(shell.given).toMatchObject([{ args: [mac], root: true }]);
    expect(shell.given[0]?.script).toMatch(/kv x\.a 1[\s\S]*kv y\.a 1[\s\S]*kv end 1$/);
  });

  it('gives each probe its own values alone', async () => {
    const shell = scriptedShell({ stdout: 'x.a=1\nxy.a=3\ny.b=2\nend=1\n' });

    const { one, two } = await gather(shell, { one: probe('x'), two: probe('y') }, mac, signal);

    expect([[...one], [...two]]).toEqual([[['a', '1']], [['b', '2']]]);
  });

  it.each(['', 'x.a=1\n', 'x.a=1\nend=', 'end=0\n'])(
    'takes %j for an answer that was cut',
    async (stdout) => {
      await expect(gather(scriptedShell({ stdout }), { one: probe('x') }, mac, signal)).rejects.toMatchObject(
        {
          name: 'SourceError',
          code: 'bad-response',
          source: 'ssh root@scripted',
        },
      );
    },
  );

  it('says that a guest talks nonsense, not that Truename has a fault', async () => {
    const broken = { ...probe('x'), parse: () => new Date(Number.NaN).toISOString() };

    await expect(
      gather(scriptedShell({ stdout: 'end=1\n' }), { one: broken }, mac, signal),
    ).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('x'),
    });
  });
});

describe('parseValues', () => {
  it('undoes base64 where it is marked', () => {
    const foreign = 'a=b\nend=1\n$(id) ü';

    expect([...parseValues(`x.k=b:${base64(foreign)}\nx.l=${base64('plain')}\n`)]).toEqual([
      ['x.k', foreign],
      ['x.l', base64('plain')],
    ]);
  });

  it('lets foreign text set no key of its own', () => {
    expect(parseValues(`x.k=b:${base64('\nend=1\n')}\n`).has('end')).toBe(false);
  });

  it('passes over other lines; the last of two with one key wins', () => {
    expect([...parseValues('Last login: today\n=x\nX.a=1\nx.a=1\nx.a=2\n')]).toEqual([['x.a', '2']]);
  });

  it('keeps an empty value', () => {
    expect(parseValues('x.a=b:\nx.b=\n')).toEqual(
      new Map([
        ['x.a', ''],
        ['x.b', ''],
      ]),
    );
  });
});
