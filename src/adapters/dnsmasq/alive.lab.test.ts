import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookAlive, readLife } from './alive.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alive-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A machine whose ps says one of these at each look, the last one for ever. */
async function look(...states: readonly string[]) {
  const count = join(folder, 'count');
  await writeFile(count, '0');
  const lines = states.map((state, index) => `${index === states.length - 1 ? '*' : index}) s='${state}' ;;`);
  const ps = `#!/bin/sh\nn=$(cat ${count}); echo $((n + 1)) >${count}\ncase $n in ${lines.join(' ')} esac\n[ -z "$s" ] || echo "$s /usr/sbin/dnsmasq"\necho "S sshd"\n`;
  for (const [name, text] of Object.entries({
    ps,
    sockstat: '#!/bin/sh\necho "nobody dnsmasq 1 4 udp4 *:67 *:*"\n',
  })) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  const { stdout } = await execa('/bin/sh', ['-s'], {
    input: lookAlive,
    env: { PATH: `${folder}:${process.env.PATH}` },
    stripFinalNewline: false,
  });
  return { life: readLife(stdout), looks: Number(await readFile(count, 'utf8')) };
}

describe('a look whether dnsmasq would answer', () => {
  it('takes a process that waits for its disk for a moment for alive', async () => {
    expect(await look('D', 'D', 'Ss')).toMatchObject({ life: { alive: true }, looks: 3 });
  });

  it('takes one that stays blocked for dead, after a bounded number of looks', async () => {
    expect(await look('D')).toEqual({ life: { alive: false, why: 'dnsmasq is in state D' }, looks: 11 });
  });

  it.each(['T', 'Zs', 'Ss'])('knows at the first look where it is %s', async (state) => {
    expect(await look(state)).toMatchObject({ life: { alive: state === 'Ss' }, looks: 1 });
  });

  it('knows at the first look that none is there', async () => {
    expect(await look('')).toMatchObject({ life: { alive: false }, looks: 1 });
  });
});
