import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { everyRemedy } from '../../../test/support/every-remedy.ts';
import type { EventGuest, FixEvent } from '../../domain/fix-event.ts';
import { showFix } from './fix-progress.ts';

const at = '2026-01-01T12:00:00.000Z';
const evil = '\u001b[2J\u202eold\nstopped: all';

/** One event of each type, with a text of others wherever one may stand. */
function everyEvent(text: string): readonly FixEvent[] {
  const guest: EventGuest = { name: text, ref: { hypervisor: 'pve', node: 'pve1', vmid: 610 } };
  const [remedy] = everyRemedy(text);
  if (remedy === undefined) throw new Error('there is no rung');
  const all: { readonly [Type in FixEvent['type']]: Extract<FixEvent, { type: Type }> } = {
    'run-started': { type: 'run-started', at, run: 'run-1', guests: 2 },
    'guest-examined': { type: 'guest-examined', at, guest, verdict: text },
    'guest-started': { type: 'guest-started', at, guest },
    'rung-started': { type: 'rung-started', at, guest, remedy },
    writing: { type: 'writing', at, guest, kind: 'static-name' },
    'lease-read': { type: 'lease-read', at, guest, lease: text },
    'rung-ended': { type: 'rung-ended', at, guest, kind: remedy.kind, seconds: 1.25, lease: text },
    note: { type: 'note', at, guest, text },
    'guest-ended': { type: 'guest-ended', at, guest, outcome: 'mended', seconds: 1, why: text },
    'run-stopped': { type: 'run-stopped', at, why: text },
    'run-ended': { type: 'run-ended', at, run: 'run-1' },
  };
  return Object.values(all);
}

function shown(events: readonly FixEvent[], colour = false): string {
  let text = '';
  const progress = (more: string) => {
    text += more;
  };
  const show = showFix({ colour, progress });
  for (const event of events) show(event);
  return text;
}

describe('showFix', () => {
  it('tells what is looked at, done, seen and stopped, a line each, with the guest in front', () => {
    expect(shown(everyEvent('alpha')).split('\n')).toEqual([
      'run run-1: looking at 2 guests',
      'alpha (610): alpha',
      'alpha (610): set the static host name to alpha (disruption renew)',
      'alpha (610): the lease bears alpha (1.3 s)',
      'alpha (610): alpha',
      'stopped: alpha',
      '',
    ]);
  });

  it('says that a lease bears no name, and speaks of one guest as of one', () => {
    const [started, ended] = everyEvent('alpha').filter(
      ({ type }) => type === 'run-started' || type === 'rung-ended',
    ) as [FixEvent, FixEvent];
    const text = shown([{ ...started, guests: 1 } as FixEvent, { ...ended, lease: null } as FixEvent]);

    expect(text).toBe('run run-1: looking at 1 guest\nalpha (610): the lease bears no name (1.3 s)\n');
  });

  it('says a note that is about no guest, and names a guest without a name by its number', () => {
    expect(shown([{ type: 'note', at, text: 'nothing can be undone' }])).toBe('nothing can be undone\n');
    expect(shown(everyEvent('').filter(({ type }) => type === 'rung-ended'))).toContain('(no name) (610):');
  });

  it('shows what others wrote without doing what it says, and on the line of its guest', () => {
    const text = shown(everyEvent(evil));

    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).not.toMatch(/^stopped: all/m);
    expect(text.trim().split('\n')).toHaveLength(6);
  });

  it('paints only where it may, and says the same then', () => {
    const coloured = shown(everyEvent('alpha'), true);

    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(shown(everyEvent('alpha')));
  });
});
