import { describe, expect, it } from 'vitest';
import { decideHostKey, hostKeyAlias, parseHostKeys } from './host-key.ts';

const ed25519 = `ssh-ed25519 ${'A'.repeat(68)}`;
const rsa = `ssh-rsa ${'B'.repeat(372)}==`;
const pinned = {
  keys: [ed25519, rsa],
  learntBy: 'guest agent of pve1/610',
  learntAt: '2026-01-01T00:00:00.000Z',
};

describe('parseHostKeys', () => {
  it('takes type and key, without comment, each once', () => {
    expect(parseHostKeys(`${ed25519} root@template\n  ${rsa}\r\n${ed25519} again\n`)).toEqual([ed25519, rsa]);
  });

  it.each([
    ['another type', `ssh-dss ${'A'.repeat(68)}`],
    ['a certificate authority', `@cert-authority * ${ed25519}`],
    ['a pattern before the key', `* ${ed25519}`],
    ['a short key', 'ssh-ed25519 AAAA'],
    ['an endless key', `ssh-rsa ${'A'.repeat(4097)}`],
    ['a key with other letters', `ssh-ed25519 ${'A'.repeat(60)}$(id)`],
    ['nothing', ''],
  ])('passes over %s', (_what, text) => {
    expect(parseHostKeys(text)).toEqual([]);
  });

  it('reads 64 lines and no more', () => {
    expect(parseHostKeys(`${'\n'.repeat(64)}${ed25519}`)).toEqual([]);
  });
});

describe('decideHostKey', () => {
  it('pins what the agent shows when nothing was learnt before', () => {
    expect(decideHostKey(undefined, [ed25519])).toEqual({ action: 'pin', keys: [ed25519], changed: false });
  });

  it('uses the pin when the agent shows the same keys or fewer', () => {
    expect(decideHostKey(pinned, [rsa, ed25519])).toEqual({ action: 'use-pin' });
    expect(decideHostKey(pinned, [ed25519])).toEqual({ action: 'use-pin' });
  });

  it('pins anew, and says so, when the agent shows another key', () => {
    const other = `ssh-ed25519 ${'C'.repeat(68)}`;

    expect(decideHostKey(pinned, [ed25519, other])).toEqual({
      action: 'pin',
      keys: [ed25519, other],
      changed: true,
    });
  });

  it.each([undefined, []])('goes by the pin alone when the agent shows %j', (shown) => {
    expect(decideHostKey(pinned, shown)).toEqual({ action: 'use-pin' });
    expect(decideHostKey(undefined, shown)).toMatchObject({ action: 'refuse' });
  });
});

describe('hostKeyAlias', () => {
  it('differs between a VM and its clone', () => {
    expect(hostKeyAlias(610, 'uuid-a')).not.toBe(hostKeyAlias(611, 'uuid-a'));
    expect(hostKeyAlias(610, 'uuid-a')).not.toBe(hostKeyAlias(610, 'uuid-b'));
  });
});
