import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostEntriesScript } from './host-entries.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hosts $(id) '));
  await chmod(root, 0o755);
  await mkdir(join(root, 'more'));
  const files = {
    'main.conf': [
      'no-hosts',
      `addn-hosts=${root}/hosts # those of the site`,
      ` hostsdir = "${root}/more"`,
      'address=/mgmt.internal/10.2.10.9',
      'address=/ads.example/10.2.10.9',
      'host-record=alpha,10.2.10.8',
      'dhcp-host=alpha,10.2.10.7',
    ],
    hosts: ['10.2.10.9\tALPHA.mgmt.internal', '10.2.10.55 alphabet', '10.2.10.5 other # c', '#10.2.10.5 no'],
    'more/one': ['  10.2.10.6 alpha'],
    'more/two~': ['10.2.10.6 alpha'],
  };
  for (const [path, lines] of Object.entries(files))
    await writeFile(join(root, path), `${lines.join('\n')}\n`);
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs the script by a shell, as root or as nobody. */
async function collect(shell: readonly string[], ...files: readonly string[]): Promise<string[]> {
  const asked = ['10.2.10.5', 'alpha.mgmt.internal', ...files];
  const [program = '', ...args] = [...shell, '-s', '--', ...asked];
  return (await execa(program, args, { input: hostEntriesScript })).stdout.split('\n');
}

describe('hostEntriesScript', () => {
  it.each([[['sh']], [['bash', '--posix']]])(
    'prints what may speak of name or address: %s',
    async (shell) => {
      expect(await collect(shell, join(root, 'main.conf'))).toEqual([
        `C${root}/main.conf`,
        '=address=/mgmt.internal/10.2.10.9',
        '=host-record=alpha,10.2.10.8',
        `H${root}/hosts`,
        '=10.2.10.9\tALPHA.mgmt.internal',
        '=10.2.10.5 other # c',
        `H${root}/more/one`,
        '=  10.2.10.6 alpha',
        'end',
      ]);
    },
  );

  it('reads /etc/hosts where nothing says that it is not to be', async () => {
    await writeFile(join(root, 'bare.conf'), '');

    expect(await collect(['sh'], join(root, 'bare.conf'))).toContain('H/etc/hosts');
  });

  it('tells what it may not read, and prints 200 lines of a file at most', async () => {
    const [conf, closed, many] = ['closed.conf', 'closed', 'many'].map((each) => join(root, each)) as [
      string,
      string,
      string,
    ];
    await writeFile(conf, `no-hosts\naddn-hosts=${closed}\naddn-hosts=${many}\naddn-hosts=/gone\n`);
    await writeFile(closed, '', { mode: 0o000 });
    await writeFile(many, '10.2.10.5 x\n'.repeat(300));
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'sh'];

    const lines = await collect(nobody, conf);

    expect(lines.slice(0, 3)).toEqual([`C${conf}`, `!${closed}`, `H${many}`]);
    expect(lines).toHaveLength(3 + 200 + 1);
  });
});
