import { describe, expect, it } from 'vitest';
import { everyRemedy } from '../../../test/support/every-remedy.ts';
import { describeRemedy } from './remedy.ts';

const evil = '\u001b[2J\u202eeth0\n✓ mended';

describe('describeRemedy', () => {
  it.each(everyRemedy(evil))(
    'says of $kind what is done and what it costs, in one harmless line',
    (remedy) => {
      const line = describeRemedy(remedy);

      expect(line).toMatch(/^[a-z].+ \(disruption renew\)$/);
      expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    },
  );

  it('tells the rungs apart, those aside that silence another NIC', () => {
    const rungs = everyRemedy('eth0').filter(({ kind }) => kind !== 'silence-link');

    expect(new Set(rungs.map(describeRemedy)).size).toBe(rungs.length);
  });

  it('tells a profile that is changed for good from one that is changed until the next boot', () => {
    const [saved] = everyRemedy('eth0').filter(({ kind }) => kind === 'set-profile-name');
    if (saved?.kind !== 'set-profile-name') throw new Error('there is no such rung');

    expect(describeRemedy(saved)).toBe(
      'write alpha into the connection profile of eth0 and renew (disruption renew)',
    );
    expect(describeRemedy({ ...saved, copy: 'in-force' })).toContain('until the next boot');
  });
});
