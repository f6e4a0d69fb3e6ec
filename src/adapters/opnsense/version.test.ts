import { describe, expect, it } from 'vitest';
import { response, scriptedOpnsense } from '../../../test/support/scripted-opnsense.ts';
import { isSince, parseRelease, readRelease } from './version.ts';

const { signal } = new AbortController();

describe('parseRelease', () => {
  it.each([
    ['OPNsense 26.7.2-amd64', [26, 7, 2]],
    ['OPNsense 25.1.12_1-amd64', [25, 1, 12]],
    ['OPNsense 25.7-amd64', [25, 7, 0]],
    ['OPNsense 27.1.a_161-amd64', [27, 1, 0]],
    ['FreeBSD 15.1-RELEASE', undefined],
    ['OPNsense', undefined],
    ['', undefined],
  ])('reads %j', (text, release) => {
    expect(parseRelease(text)).toEqual(release);
  });
});

describe('isSince', () => {
  it.each([
    [[25, 1, 8], true],
    [[25, 1, 10], true],
    [[25, 7, 0], true],
    [[26, 1, 0], true],
    [[25, 1, 7], false],
    [[24, 7, 12], false],
  ] as const)('%j', (release, since) => {
    expect(isSince([...release], [25, 1, 8])).toBe(since);
  });
});

describe('readRelease', () => {
  const told = { body: { name: 'fw.lan', versions: ['OPNsense 25.1.7-amd64', 'FreeBSD 14.2'] } };
  const forbidden = response(403, { status: 403 });

  it('asks as versions up to 25.1 allow it, where the other spelling is refused', async () => {
    const { api } = scriptedOpnsense((key) => (key.endsWith('systemInformation') ? told : forbidden));

    expect(await readRelease(api, signal)).toEqual([25, 1, 7]);
  });

  it('is not known to whom it may not be told', async () => {
    expect(await readRelease(scriptedOpnsense(() => forbidden).api, signal)).toBeUndefined();
  });

  it('is not guessed where nobody answers', async () => {
    const { api } = scriptedOpnsense(() => response(502, ''));

    await expect(readRelease(api, signal)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
