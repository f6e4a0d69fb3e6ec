import { describe, expect, it } from 'vitest';
import { cryptPassword } from './password.ts';

describe('cryptPassword', () => {
  it('equals the specification and crypt(3)', () => {
    expect(cryptPassword('Hello world!', 'saltstring')).toBe(
      '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5',
    );
    expect(cryptPassword('secret', 'abcdefgh')).toBe(
      '$5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.',
    );
  });

  it('keeps what is crypted', () => {
    expect(cryptPassword('$6$salt$hash', 'abcdefgh')).toBe('$6$salt$hash');
  });
});
