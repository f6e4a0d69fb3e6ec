import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrapErrors, withoutEndMarker, wrapScript } from './script.ts';

const text = fc.string({ unit: 'binary', maxLength: 60 });

describe('wrapScript', () => {
  it('lets no byte of an argument stand where a shell could read it', () => {
    const bare = wrapScript('true', ['']);

    fc.assert(
      fc.property(text, (argument) => {
        const wrapped = wrapScript('true', [argument]);

        expect(wrapped.replace(/(?:\\0[0-3][0-7]{2})+/, '')).toBe(bare);
      }),
    );
  });

  it('carries every byte of UTF-8', () => {
    fc.assert(
      fc.property(text, (argument) => {
        const codes = [...wrapScript('true', [argument]).matchAll(/\\0([0-3][0-7]{2})/g)];
        const bytes = Buffer.from(codes.map(([, digits]) => Number.parseInt(digits as string, 8)));

        expect(bytes).toEqual(Buffer.from(argument, 'utf8'));
      }),
    );
  });

  it('puts the script into a subshell of its own that cannot read what comes behind it', () => {
    expect(wrapScript('exit 3', [])).toBe(
      `set --\nunset word\n(\nexit 3\n) </dev/null\nprintf '\\ntruename-end %s\\n' "$?" >&2\n`,
    );
  });
});

describe('unwrapErrors', () => {
  it('reads code and errors', () => {
    expect(unwrapErrors('a warning\n\ntruename-end 3\n')).toEqual({ exitCode: 3, stderr: 'a warning\n' });
    expect(unwrapErrors('\ntruename-end 0\n')).toEqual({ exitCode: 0, stderr: '' });
  });

  it('passes over what ssh says afterwards', () => {
    expect(unwrapErrors('\ntruename-end 0\nConnection closed.\n')).toEqual({ exitCode: 0, stderr: '' });
  });

  it('believes the last marker, not one that the script printed', () => {
    expect(unwrapErrors('\ntruename-end 0\nreally\n\ntruename-end 7\n')).toMatchObject({ exitCode: 7 });
  });

  it.each(['', 'Connection reset\n', '\ntruename-end 0', 'x truename-end 0\n', '\ntruename-end \n'])(
    'takes %j for a script that did not end',
    (stderr) => {
      expect(unwrapErrors(stderr)).toBeUndefined();
    },
  );
});

describe('withoutEndMarker', () => {
  it('passes on every line but the marker and the empty line before it', () => {
    const told: string[] = [];
    const listen = withoutEndMarker((line) => told.push(line));

    for (const line of ['one', '', '', 'building truename-end 0', '', 'truename-end 0']) listen(line);

    expect(told).toEqual(['one', '', '', 'building truename-end 0']);
  });
});
