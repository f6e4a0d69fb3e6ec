import { describe, expect, it } from 'vitest';
import { everyRemedy } from '../../../test/support/every-remedy.ts';
import type { RunEvent } from '../../domain/event.ts';
import { type ProgressOptions, showProgress } from './progress.ts';

const at = '2026-01-01T12:00:00.000Z';
const evil = '\u001b[2J\u202e';
const cost = { disruption: 'renew', reach: 'guest', lasts: 'always' } as const;

function shown(events: readonly RunEvent[], options: Partial<ProgressOptions> = {}): string {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const show = showProgress({ write, live: false, colour: false, verbose: false, ...options });
  for (const event of events) show(event);
  return text;
}

const started: RunEvent = { type: 'step-started', step: 'find', at };
const ended: RunEvent = {
  type: 'step-ended',
  step: 'find',
  at,
  seconds: 1.25,
  result: 'VM 610',
  passed: true,
};

describe('showProgress', () => {
  it('shows a step when it ended', () => {
    expect(shown([started, ended])).toBe('✓ find          VM 610 (1.3 s)\n');
  });

  it('shows the step under way on a terminal, and puts its result in the same line', () => {
    expect(shown([started, ended], { live: true })).toBe('… find\r\u001b[K✓ find          VM 610 (1.3 s)\n');
  });

  it('tells a step that failed, and one that showed what it should not', () => {
    expect(shown([{ type: 'step-failed', step: 'build', at, seconds: 2, code: 'build-failed' }])).toBe(
      '✗ build         build-failed (2.0 s)\n',
    );
    expect(shown([{ ...ended, passed: false }])).toContain('✗ find');
  });

  it('shows the output of the build only when asked to', () => {
    const output: RunEvent = { type: 'output', step: 'build', at, line: 'building' };

    expect(shown([output])).toBe('');
    expect(shown([output], { verbose: true })).toBe('  build         building\n');
  });

  it('shows what others wrote without doing what it says', () => {
    const remedy = {
      kind: 'clear-profile-name',
      knowsStaticName: false,
      client: 'network-manager',
      device: evil,
      connection: 'u',
      stale: evil,
      copy: 'saved',
      ...cost,
    } as const;
    const text = shown(
      [
        { ...ended, result: evil },
        { type: 'note', step: 'find', at, text: evil },
        { type: 'output', step: 'build', at, line: evil },
        { type: 'remedy', step: 'name', at, remedy },
      ],
      { verbose: true },
    );

    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text.match(/\\u\{1b\}/g)).toHaveLength(4);
  });

  it('paints where it may', () => {
    expect(shown([ended], { colour: true })).toContain('\u001b[32m✓');
  });
});

describe('a rung', () => {
  it.each(everyRemedy(evil))('says what $kind costs, in plain text', (remedy) => {
    const text = shown([{ type: 'remedy', step: 'name', at, remedy }]);

    expect(text).toContain('(disruption renew)');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});
