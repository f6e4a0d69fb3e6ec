import { describe, expect, it } from 'vitest';
import { fixedGuests } from '../../demo/guests.ts';
import { demoReport, storyOf } from '../../demo/story.ts';
import { documentedKeys, keysOf } from './report-keys.ts';

const document = 'docs/reference/demo-report.md';

function keysOfReport(): string[] {
  const [guest] = fixedGuests;
  if (guest === undefined) throw new Error('the demo mends nobody');
  const look = { lease: guest.name, dns: '10.2.10.5', agrees: true };
  const mended = { guest, granted: guest.leasesAs, before: look, proven: true, seconds: { clone: 1 } };
  const story = storyOf(mended, look, { look, reproof: { proven: true, at: 2000 }, from: 1000 });
  return keysOf(demoReport('sim', [story])).filter((key) => !key.includes('.seconds.'));
}

describe(document, () => {
  it('has a row for every key, once, and none for a key that there is not', () => {
    expect(documentedKeys(document).sort()).toEqual([...new Set(keysOfReport())].sort());
  });
});
