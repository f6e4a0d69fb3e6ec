import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dhcpcd } from '../../src/adapters/dhcpcd/rungs.ts';
import { restoreHostName, setStaticName } from '../../src/adapters/linux/set-names.ts';
import { networkManager } from '../../src/adapters/network-manager/rungs.ts';
import { networkd } from '../../src/adapters/networkd/rungs.ts';
import type { GuestWrite } from '../../src/domain/journal.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { Shell } from '../../src/domain/ports.ts';
import type { DhcpClientAction, DhcpClientRemedy } from '../../src/domain/remedy.ts';
import { unwrapErrors, wrapScript } from '../../src/lib/script.ts';

/** Runs scripts as this user on this machine, with the shells that are here. */
function localShell(program: string): Shell {
  return {
    via: program,
    async run(script, { args = [], timeoutMs }) {
      const options = { timeout: timeoutMs, reject: false, stripFinalNewline: false } as const;
      const input = wrapScript(script, args);
      const [file = '', ...words] = program.split(' ');
      const { stdout, stderr } = await execa(file, [...words, '-s'], { ...options, input });
      const ended = unwrapErrors(stderr);
      if (ended === undefined) throw new Error(stderr);
      return { stdout, ...ended };
    },
  };
}

const signal = AbortSignal.timeout(120_000);
const clients = { 'network-manager': networkManager, networkd, dhcpcd };

function remedyOf(action: DhcpClientAction): DhcpClientRemedy {
  return { ...action, disruption: 'renew', reach: 'guest', lasts: 'request' };
}

const manager = { client: 'network-manager', device: 'eth0', connection: 'x' } as const;
const name = 'alpha' as Hostname;
const path = '/x/y.conf';
const actions: readonly DhcpClientAction[] = [
  { kind: 'refresh-static-name', ...manager, name },
  { kind: 'set-profile-name', ...manager, copy: 'saved', name, was: '' },
  { kind: 'set-profile-name', ...manager, copy: 'in-force', name, was: '' },
  { kind: 'clear-profile-name', knowsStaticName: false, ...manager, copy: 'saved', stale: '' },
  { kind: 'silence-profile', ...manager, copy: 'saved' },
  { kind: 'force-renewal', ...manager },
  { kind: 'activate-connection', ...manager },
  { kind: 'bounce-connection', ...manager },
  { kind: 'write-drop-in', client: 'networkd', device: 'eth0', path, name, was: '' },
  { kind: 'reconfigure-link', client: 'networkd', device: 'eth0' },
  { kind: 'rebind-lease', client: 'dhcpcd', device: 'eth0' },
  { kind: 'clear-conf-name', client: 'dhcpcd', device: 'eth0', file: path, stale: 'x' },
  { kind: 'restart-client', client: 'dhcpcd', device: 'eth0' },
];

describe('the scripts', () => {
  /** Every script that is given, and what they are given to run elsewhere. */
  async function collected(): Promise<string[]> {
    const found: string[] = [];
    const shell: Shell = {
      via: 'nowhere',
      async run(script, { args = [] }) {
        found.push(script, ...args.filter((arg) => arg.includes('\n')));
        return { exitCode: 0, stdout: 'gone', stderr: '' };
      },
    };
    for (const action of actions) await clients[action.client].apply(shell, remedyOf(action), signal);
    const profile = { connection: 'x', copy: 'saved' } as const;
    await networkManager.restore(
      shell,
      { kind: 'profile-name', ...profile, was: '', wrote: 'alpha' },
      signal,
    );
    await networkManager.restore(
      shell,
      { kind: 'profile-sends-name', ...profile, was: true, wrote: false },
      signal,
    );
    await networkd.restore(shell, { kind: 'drop-in', path, was: null, wrote: 'nothing' }, signal);
    await dhcpcd.restore(shell, { kind: 'conf-name', file: path, was: 'x', wrote: '' }, signal);
    await setStaticName(shell, 'alpha', signal);
    await restoreHostName(shell, { kind: 'static-name', was: 'x', wrote: 'alpha' }, signal);
    return found;
  }

  it.each(['dash', 'bash --posix'])('can be read by %s', async (program) => {
    const [file = '', ...words] = program.split(' ');
    for (const script of await collected()) {
      const { exitCode, stderr } = await execa(file, [...words, '-n'], { input: script, reject: false });
      expect([exitCode, stderr], script).toEqual([0, '']);
    }
  });
});

const text = `# a file of Debian's
hostname
duid
hostname web.example # by hand
interface eth1
hostname web
interface eth0
  hostname "web"
	hostname web2
ssid home
hostname web
`;
const cleared = `# a file of Debian's
hostname
duid
# Truename took the name out of the next line.
hostname
interface eth1
hostname web
interface eth0
# Truename took the name out of the next line.
hostname
	hostname web2
ssid home
hostname web
`;

describe.each(['dash', 'bash --posix'])('dhcpcd.conf, by %s', (program) => {
  let folder: string;
  let file: string;
  const shell = localShell(program);
  const clear = (stale: string, at = file) =>
    dhcpcd.apply(
      shell,
      remedyOf({ kind: 'clear-conf-name', client: 'dhcpcd', device: 'eth0', file: at, stale }),
      signal,
    );
  const writeOf = (was: string): GuestWrite => ({ kind: 'conf-name', file, was, wrote: '' });
  const read = () => readFile(file, 'utf8');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conf `id` '));
    file = join(folder, 'dhcpcd.conf');
    await writeFile(file, text);
    await chmod(file, 0o640);
  });

  afterEach(async () => {
    expect(await readdir(folder)).not.toContain('dhcpcd.conf.truename-new');
    await rm(folder, { recursive: true });
  });

  it('loses the name where it holds for the interface, and nothing else', async () => {
    await clear('web');

    expect(await read()).toBe(cleared);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
  });

  it('is not touched when the name is not in it', async () => {
    const before = (await stat(file)).mtimeMs;

    await clear('.*');

    expect([await read(), (await stat(file)).mtimeMs]).toEqual([text, before]);
  });

  it('gets the name back where it was taken from, once', async () => {
    await clear('web');

    const first = await dhcpcd.restore(shell, writeOf('web'), signal);
    const back = await read();

    expect([first, await dhcpcd.restore(shell, writeOf('web'), signal)]).toEqual(['restored', 'restored']);
    expect(back).toBe(
      cleared.replaceAll('# Truename took the name out of the next line.\nhostname\n', 'hostname web\n'),
    );
    expect(await read()).toBe(back);
  });

  it.each(['two words', '$(touch odd)', `a"b\\c'`, '&', 'x#y'])('gets back %j', async (odd) => {
    const line = `hostname "${odd.replaceAll(/["\\]/g, '\\$&')}"\n`;
    await writeFile(file, line);

    await clear(odd);
    const bare = await read();
    const result = await dhcpcd.restore(shell, writeOf(odd), signal);

    expect(bare).toBe('# Truename took the name out of the next line.\nhostname\n');
    expect([result, await read()]).toEqual(['restored', line]);
  });

  it('is left when somebody wrote another name there since', async () => {
    await clear('web');
    const mine = (await read()).replaceAll(/line\.\nhostname\n/g, 'line.\nhostname mine\n');
    await writeFile(file, mine.replaceAll('hostname web\n', ''));

    expect(await dhcpcd.restore(shell, writeOf('web'), signal)).toBe('changed');
    expect(await read()).toBe(mine.replaceAll('hostname web\n', ''));
  });

  it('is left where it is a link', async () => {
    const link = join(folder, 'link.conf');
    await symlink(file, link);

    await clear('web', link);

    expect(await read()).toBe(text);
  });

  it('may be gone', async () => {
    await rm(file);

    expect(await dhcpcd.restore(shell, writeOf('web'), signal)).toBe('gone');
  });
});
