import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectScript, parseCollected } from './collect.ts';
import { configuredHosts } from './configured-hosts.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dnsmasq $(id) '));
  await chmod(root, 0o755);
  const files = {
    'main.conf': [
      'port=0',
      'server=/secret.example/192.0.2.1',
      'dhcp-range=10.9.0.2,10.9.0.9',
      '  dhcp-lease-max = 70 # more',
      '  dhcp-host = bc:24:11:00:00:01, main # comment',
      '#dhcp-host=bc:24:11:00:00:01,comment',
      `conf-dir=${root}/conf.d,*.conf`,
      `conf-file="${root}/more.conf" # quoted`,
      `dhcp-hostsfile="${root}/hosts file"`,
      `dhcp-hostsdir=${root}/hosts.d/`,
    ],
    'more.conf': [`conf-file=${root}/main.conf`, 'dhcp-host=bc:24:11:00:00:01,more'],
    'conf.d/b.conf': ['dhcp-host=bc:24:11:00:00:01,b'],
    'conf.d/a c.conf': ['dhcp-host=bc:24:11:00:00:01,ac'],
    'conf.d/x.old': ['dhcp-host=bc:24:11:00:00:01,old'],
    'hosts file': ['bc:24:11:00:00:01,hosts-file', '# nothing'],
    'hosts.d/one': ['bc:24:11:00:00:01,hosts-dir'],
  };
  for (const [path, lines] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `${lines.join('\n')}\n`);
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** What dnsmasq would read, by name. */
const all = ['ac', 'b', 'more', 'hosts-file', 'hosts-dir'];

/** The names that are reserved, read from the script's answer. */
function names(stdout: string): (string | undefined)[] {
  const collected = parseCollected(stdout);
  if (collected === undefined) throw new Error(`not whole: ${stdout}`);
  return configuredHosts(collected).reservations.map(({ name }) => name);
}

/** Runs the script among the processes of its own that `before` starts; nothing else of the machine is seen. */
async function collectAmong(before: string, ...args: string[]): Promise<string> {
  const script = `${before}\n(\n${collectScript}\n) </dev/null`;
  const own = ['--pid', '--fork', '--kill-child', '--mount-proc', '--net', 'sh', '-c', script, 'sh', ...args];
  return (await execa('unshare', own, { stripFinalNewline: false, timeout: 60_000 })).stdout;
}

/** Starts a real dnsmasq on the files in the folder `$2`, and waits until it runs. */
const startDnsmasq = `
dnsmasq --keep-in-foreground --pid-file= --user=root "--conf-file=$2/main.conf" -G bc:24:11:00:00:01,line -F 10.9.1.2,10.9.1.9 --dhcp-lease-max 60 </dev/null >/dev/null 2>&1 &
until pgrep -x dnsmasq >/dev/null; do sleep 0.05; done`;

describe('collectScript', () => {
  it('follows a named file through all that it names, each once, and takes no other line along', async () => {
    const stdout = await collectAmong('', join(root, 'main.conf'));

    expect(names(stdout)).toEqual(['main', ...all]);
    expect(stdout).not.toContain('secret');
  });

  it('finds the configuration of a running dnsmasq by its command line', async () => {
    expect(names(await collectAmong(startDnsmasq, '', root))).toEqual(['line', 'main', ...all]);
  });

  it('finds how much it leases, on its command line and in its files', async () => {
    const collected = parseCollected(await collectAmong(startDnsmasq, '', root));

    expect(collected?.processes[0]).toContain('dhcp-lease-max=60');
    expect(configuredHosts(collected as never).processes[0]?.limits).toMatchObject({
      ranges: [{ from: '10.9.1.2' }, { from: '10.9.0.2' }],
      most: { leases: 70, file: join(root, 'main.conf') },
    });
  });

  it('reads a last line that has no end', async () => {
    const [main, hosts] = [join(root, 'cut.conf'), join(root, 'cut hosts')];
    await writeFile(hosts, 'bc:24:11:00:00:01,cut-hosts');
    await writeFile(main, `dhcp-hostsfile=${hosts}\ndhcp-host=bc:24:11:00:00:01,cut`);

    expect(names(await collectAmong('', main))).toEqual(['cut', 'cut-hosts']);
  });

  it('finds nothing where there is nothing, and tells that a named file is not there', async () => {
    expect(parseCollected(await collectAmong('', '/gone.conf'))?.missing).toEqual(new Set(['/gone.conf']));
  });

  it('tells what it may not read', async () => {
    const path = join(root, 'conf.d/b.conf');
    await chmod(path, 0o000);
    const asNobody = [
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      'sh',
      '-s',
      '--',
      join(root, 'main.conf'),
    ];

    const { stdout } = await execa('setpriv', asNobody, { input: collectScript, stripFinalNewline: false });

    expect(configuredHosts(parseCollected(stdout) as never).unreadable).toEqual([path]);
  });
});
