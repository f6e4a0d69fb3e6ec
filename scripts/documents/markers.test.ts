import { describe, expect, it } from 'vitest';
import { regenerate } from './markers.ts';

const generators = { one: () => 'first\n', two: () => Promise.resolve('second') };
const document = (body: string) =>
  `# Title\n\n<!-- generated: one -->\n${body}<!-- /generated -->\n\nText.\n`;

describe('regenerate', () => {
  it('replaces what is between the markers, and nothing else', async () => {
    expect(await regenerate(document('old\nolder\n'), generators)).toBe(document('\nfirst\n\n'));
  });

  it('changes nothing the second time', async () => {
    const once = await regenerate(document(''), generators);

    expect(await regenerate(once, generators)).toBe(once);
  });

  it('makes several parts', async () => {
    const text = `${document('')}<!-- generated: two -->\n<!-- /generated -->\n`;

    expect(await regenerate(text, generators)).toContain('\nsecond\n');
  });

  it('leaves a document without markers as it is', async () => {
    expect(await regenerate('Speaks of `<!-- generated: one -->` in a line.\n', generators)).toContain(
      'Speaks of',
    );
  });

  it.each([
    ['no end', '<!-- generated: one -->\n', /has no/],
    ['an end too many', '<!-- /generated -->\n', /ends nothing/],
    [
      'a start within a part',
      '<!-- generated: one -->\n<!-- generated: two -->\n<!-- /generated -->\n',
      /has no/,
    ],
    [
      'an unknown name',
      '<!-- generated: three -->\n<!-- /generated -->\n',
      /nothing generates "three".*one, two/,
    ],
    ['a name of every object', '<!-- generated: toString -->\n<!-- /generated -->\n', /nothing generates/],
  ])('refuses %s', async (_what, text, message) => {
    await expect(regenerate(text, generators)).rejects.toThrow(message);
  });
});
