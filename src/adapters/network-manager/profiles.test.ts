import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readList, readSaved } from './profiles.ts';

const uuid = '7e29ba7d-0f25-4e49-8b1e-5b7a3f0c9a11';
const other = '11111111-1111-4111-8111-111111111111';

/** As `nmcli -e no -g` prints the saved fields of one profile. */
function record(own: string, head: readonly [string, string, string], free: readonly string[]): string {
  return [own, ...head, ...free.flatMap((value) => [own, value]), own].join('\n');
}

/** What people write into a profile: anything without a zero byte, line ends among it. */
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('a:b', '-rf', '$(id)', `'"`, ' ', '\n', '\n\n', 'x\ny', '::\\:', 'naïve', other, 'end=1'),
);

describe('the list of profiles', () => {
  it('is read by uuid, whatever the names of files hold', () => {
    const text = [
      `${uuid}:802-3-ethernet:yes:/etc/NetworkManager/system-connections/a:b 'x' $(id)`,
      `${other}:bridge:no:/etc/n`,
      'l.nmconnection',
    ].join('\n');

    expect([...readList(text)]).toEqual([
      [
        uuid,
        {
          type: '802-3-ethernet',
          autoconnect: true,
          file: "/etc/NetworkManager/system-connections/a:b 'x' $(id)",
        },
      ],
      [other, { type: 'bridge', autoconnect: false, file: '/etc/n\nl.nmconnection' }],
    ]);
  });

  it('comes to an end with any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readList(text).size).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
  });
});

describe('a saved profile', () => {
  it('is read whatever people wrote into it and into the ones around it', () => {
    const five = fc.tuple(value, value, value, value, value);
    fc.assert(
      fc.property(five, five, (mine, theirs) => {
        const before = record(other, ['auto', 'yes', ''], theirs);
        const text = `${before}\n\n${record(uuid, ['manual', '0', 'AA:BB:CC:00:11:22'], mine)}`;
        const [name, fqdn, clientId, interfaceName, id] = mine;

        expect(readSaved(text, uuid)).toEqual({
          method: 'manual',
          sendsName: false,
          macAddress: 'aa:bb:cc:00:11:22',
          name,
          fqdn,
          clientId,
          interfaceName,
          id,
        });
      }),
    );
  });

  it('is that of a port when it has no IPv4 settings', () => {
    expect(readSaved(record(uuid, ['', '', ''], ['', '', '', '', 'port']), uuid)).toMatchObject({
      method: '',
      id: 'port',
    });
  });

  it.each([
    ['no', false],
    ['yes', true],
    ['0', false],
    ['1', true],
    ['-1', true],
  ])('sends a name with dhcp-send-hostname %s as the version means it', (printed, sends) => {
    const text = record(uuid, ['auto', printed, ''], ['', '', '', '', '']);

    expect(readSaved(text, uuid)?.sendsName).toBe(sends);
  });

  it('still shows what is in force when its id holds its own uuid as a line', () => {
    const text = record(uuid, ['auto', 'yes', ''], ['alpha', '', '', '', `x\n${uuid}\ny`]);

    expect(readSaved(text, uuid)).toMatchObject({ name: 'alpha', id: 'x' });
  });

  it('is not there when the text was cut, or is of something else', () => {
    const text = record(uuid, ['auto', 'yes', ''], ['alpha', '', '', '', 'x']);

    for (let length = 0; length < text.length; length += 1) {
      expect(readSaved(text.slice(0, length), uuid)).toBeUndefined();
    }
    expect(readSaved(record(uuid, ['auto', 'maybe', ''], ['', '', '', '', '']), uuid)).toBeUndefined();
    expect(readSaved(text, other)).toBeUndefined();
  });

  it('comes to an end with any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\n', uuid, 'auto', 'yes', '')), (parts) => {
        expect(() => readSaved(parts.join(''), uuid)).not.toThrow();
      }),
    );
  });
});
