import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  at,
  blind,
  fullName,
  type SnapshotChanges,
  snapshot,
} from '../../../test/support/sample-snapshot.ts';
import { chainOf } from '../../observe/chain.ts';
import { renderChain } from './chain.ts';

function render(changes: SnapshotChanges, colour = false): string {
  return renderChain(chainOf(snapshot(changes), 'alpha', fullName), { colour }).join('\n');
}

describe('renderChain', () => {
  it('shows one line a link, with mark, name and note', () => {
    expect(render({})).toBe(
      [
        '  ✓ hypervisor         alpha',
        '  ✓ cloud-init         alpha',
        '  ✓ declaration        alpha',
        '  ✓ static             alpha',
        '  ✓ transient          alpha',
        '  ✓ dhcp-client        alpha  [the static name]',
        '  ✓ next-boot          alpha  [the static name]',
        '  ✓ lease              alpha  [10.2.10.5]',
        '  ✓ forward (unbound)  10.2.10.5  [alpha.mgmt.internal]',
        '  ✓ reverse (unbound)  alpha.mgmt.internal',
      ].join('\n'),
    );
  });

  it('tells wrong, absent, not to be seen and not served apart without colour', () => {
    const text = render({
      guest: { host: { static: 'old', transient: '' } },
      lease: blind('no answer'),
      reverse: { status: 'not-served', why: 'empty zone' },
    });

    expect(text).toMatch(/✗ static +old/);
    expect(text).toMatch(/– transient +none/);
    expect(text).toMatch(/\? lease +could not look: no answer/);
    expect(text).toMatch(/· reverse \(unbound\) +not served here {2}\[empty zone\]/);
  });

  it('shows what others wrote without doing what it says', () => {
    const evil = '\u001b[2Jalpha\u202e';
    const client = {
      savedName: 'x',
      connection: { uuid: 'u', id: 'i', file: evil, storage: 'etc' as const },
    };

    const text = render({ lease: { name: evil }, guest: { host: { static: evil }, client } });

    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).toContain('\\u{1b}[2Jalpha\\u{202e}');
  });

  it('shows the name of a resolver as text too, as a bundle may give any', () => {
    const { wanted, links } = chainOf(snapshot(), 'alpha', fullName);
    const evil = links.map((each) => (each.of === undefined ? each : { ...each, of: '\u001b[2J\nunbound' }));

    const text = renderChain({ wanted, links: evil }, { colour: false }).join('\n');

    expect(text).toMatch(/✓ forward \(\\u\{1b\}\[2J\\u\{a\}unbound\) {2}10/);
  });

  it('says the same in colour', () => {
    const changes = { lease: { seen: 'empty', source: 'x', at } as const };

    expect(render(changes, true)).toContain('\u001b[');
    expect(stripVTControlCharacters(render(changes, true))).toBe(render(changes));
  });
});
