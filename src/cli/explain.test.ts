import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { rules } from '../checks/rules.ts';
import { addExplain } from './explain.ts';

async function explain(...args: string[]) {
  const printed = { result: '', progress: '' };
  const to = (stream: keyof typeof printed) => (text: string) => {
    printed[stream] += text;
  };
  const endings: number[] = [];
  const program = new Command().exitOverride();
  const output = {
    result: to('result'),
    progress: to('progress'),
    live: false,
    colour: false,
  };
  addExplain(program, output, (ending) => endings.push(ending));
  await program.parseAsync(['explain', ...args], { from: 'user' });
  return { ...printed, endings };
}

describe('truename explain', () => {
  it('lists every rule with its link and title, one a line, when no rule is given', async () => {
    const { result, endings } = await explain();

    const lines = result.trimEnd().split('\n');
    expect(lines.map((line) => line.split(/\s+/)[0])).toEqual(rules.map(({ id }) => id));
    expect(lines).toContainEqual(
      expect.stringMatching(/^agent-blind +static +The guest agent cannot be used\.$/),
    );
    expect(endings).toEqual([0]);
  });

  it.each(rules.map(({ id }) => id))('prints the page of %s as it is', async (id) => {
    const { result, progress, endings } = await explain(id);

    expect(result.startsWith(`# ${id}\n`)).toBe(true);
    expect(result).toContain('\n## What was seen\n');
    expect(result).toContain('\n## What to do\n');
    expect(progress).toBe('');
    expect(endings).toEqual([0]);
  });

  it('keeps the links of a page', async () => {
    const { result } = await explain('overlay-not-applied');

    expect(result).toContain('(hostname-pending-reboot.md)');
  });

  it('is one document with --json', async () => {
    const { result } = await explain('--json');

    expect(JSON.parse(result)).toEqual({
      schema: 'truename/explain/1',
      rules: rules.map(({ id, link, title, follows }) => ({
        id,
        link,
        title,
        follows,
        page: `docs/rules/${id}.md`,
      })),
    });
  });

  it('shows one rule only with --json and an id', async () => {
    const { result } = await explain('agent-blind', '--json');

    expect(JSON.parse(result)).toMatchObject({
      rules: [{ id: 'agent-blind', page: 'docs/rules/agent-blind.md' }],
    });
  });

  it.each([
    [
      'one that is nearly right',
      'agent-blimd',
      /there is no rule "agent-blimd"\. Did you mean “agent-blind”\?/,
    ],
    ['a number', 'D16', /there is no rule "D16"\.$/],
    ['a path', '../../package', /there is no rule/],
    ['a name of every object', 'constructor', /there is no rule/],
  ])('refuses %s, and prints nothing', async (_what, id, message) => {
    await expect(explain(id)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
  });
});
