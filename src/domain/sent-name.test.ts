import { describe, expect, it } from 'vitest';
import { client, guest, system } from '../../test/support/sample-snapshot.ts';
import { rivalNames, sentAtNextBoot, sentNow } from './sent-name.ts';

describe('the name that is sent', () => {
  it('is none without a client, or when the profile says so', () => {
    for (const view of [guest({ client: 'none' }), guest({ client: { sendsName: false } })]) {
      expect(sentNow(view).from).toBe('nothing');
      expect(sentAtNextBoot(view).from).toBe('nothing');
    }
  });

  it('is that of the applied copy now, and that of the saved profile after a boot', () => {
    const view = guest({ client: { appliedName: 'now', savedName: 'then' } });

    expect(sentNow(view)).toEqual({ from: 'profile', name: 'now' });
    expect(sentAtNextBoot(view)).toEqual({ from: 'profile', name: 'then' });
  });

  it('is that of the saved profile where the applied copy could not be read', () => {
    expect(sentNow(guest({ client: { appliedName: undefined, savedName: 'then' } }))).toEqual({
      from: 'profile',
      name: 'then',
    });
  });

  it('is what NetworkManager believes the static name to be, now and not after the next boot', () => {
    const view = guest({ client: { believedStatic: 'old' }, host: { static: 'alpha' } });

    expect(sentNow(view)).toEqual({ from: 'static', name: 'old' });
    expect(sentAtNextBoot(view)).toEqual({ from: 'static', name: 'alpha' });
  });

  it('is the static one without a name in the profile, after a boot as the next system declares it', () => {
    const view = guest({ host: { static: 'now' }, nixos: { next: system('then') } });

    expect(sentNow(view)).toEqual({ from: 'static', name: 'now' });
    expect(sentAtNextBoot(view)).toEqual({ from: 'static', name: 'then' });
    expect(sentAtNextBoot(guest({ host: { static: 'now' }, nixos: { next: undefined } }))).toEqual({
      from: 'static',
      name: 'now',
    });
  });

  it.each(['', 'localhost', 'localhost.localdomain', '.x'])('is none when the static one is %j', (name) => {
    expect(sentNow(guest({ host: { static: name } })).from).toBe('nothing');
  });

  it('ends at the first dot of the static one', () => {
    expect(sentNow(guest({ host: { static: 'alpha.example' } }))).toEqual({ from: 'static', name: 'alpha' });
  });
});

describe('rivalNames', () => {
  it('are those of other profiles that bear another name', () => {
    const same = { file: '/etc/a', name: 'Alpha' };
    const other = { file: '/etc/b', name: 'template' };

    expect(rivalNames(client({ otherNames: [same, other] }), 'alpha')).toEqual([other]);
  });
});
