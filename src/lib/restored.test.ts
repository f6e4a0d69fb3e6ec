import { describe, expect, it } from 'vitest';
import { readRestored } from './restored.ts';

describe('readRestored', () => {
  it.each(['restored', 'changed', 'gone'])('knows the word %s', (word) => {
    expect(readRestored(`${word}\n`)).toBe(word);
  });

  it.each(['', 'restored gone', 'fades', 'Restored'])('takes nothing else for one: %j', (text) => {
    expect(readRestored(text)).toBeUndefined();
  });
});
