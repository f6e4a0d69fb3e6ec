import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askKea, freezeKea, keaFile } from '../../lab/kea.ts';
import { type KeaBench, openKeaBench } from '../../lab/kea-bench.ts';
import { keaSuites } from '../../lab/tree/packages.ts';
import { keaServer } from '../../src/adapters/kea/server.ts';
import { openSshShell } from '../../src/adapters/openssh/shell.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { Shell } from '../../src/domain/ports.ts';
import { runProcess } from '../../src/lib/process.ts';
import { dhcpServerContract } from './dhcp-server.ts';
import { reservationWriterContract } from './reservation-writer.ts';

const holder = '52:54:00:00:02:01' as Mac;
const signal = () => AbortSignal.timeout(30_000);

/** Right into the container, in place of ssh. */
function shellIn({ kea }: KeaBench): Shell {
  const run: typeof runProcess = async (_file, _args, options) => {
    const leader = String(await kea.container.leader());
    return runProcess('nsenter', ['-t', leader, '-a', '--', '/bin/sh', '-s'], options);
  };
  return openSshShell({ name: 'kea', user: 'root' }, { run });
}

function serverOn(bench: KeaBench, socket = '/run/kea/kea4-ctrl-socket') {
  return keaServer({
    id: 'kea',
    shell: shellIn(bench),
    sockets: { 4: socket, 6: '/run/kea/kea6-ctrl-socket' },
    configurationFile: keaFile,
    ipv6: false,
  });
}

/** Reserves by the product's own means, and has it write its file. */
async function reserve({ kea }: KeaBench, mac: string, hostname: string): Promise<void> {
  const { arguments: running } = await askKea(kea, { command: 'config-get' });
  const { hash: _, ...rest } = running as {
    hash?: unknown;
    Dhcp4: { subnet4: { reservations: unknown[] }[] };
  };
  rest.Dhcp4.subnet4[0]?.reservations.push({ 'hw-address': mac, hostname });
  expect(await askKea(kea, { command: 'config-set', arguments: rest })).toMatchObject({ result: 0 });
  expect(await askKea(kea, { command: 'config-write' })).toMatchObject({ result: 0 });
}

const fileOf = ({ kea }: KeaBench) => readFile(join(kea.root, keaFile), 'utf8');

describe.each(Object.keys(keaSuites) as (keyof typeof keaSuites)[])('Kea %s', (version) => {
  let bench: KeaBench;
  const server = () => serverOn(bench);

  beforeAll(async () => {
    bench = await openKeaBench(version);
    await bench.lease(holder, 'holder');
  });

  afterAll(() => bench?.down());

  dhcpServerContract(`Kea ${version} by its control socket`, {
    server,
    holder: () => ({ mac: holder, address: '10.2.30.100', name: 'holder' }),
    freeze: (frozen) => freezeKea(bench.kea, frozen),
    reserve: (mac, name) => reserve(bench, mac, name),
  });

  describe('a Kea that somebody else changes too', () => {
    const change = [{ mac: holder, was: null, becomes: { mac: holder, name: 'mine' as Hostname } }];

    it('is not written where its file says something else than what runs', async () => {
      const path = join(bench.kea.root, keaFile);
      const before = await readFile(path, 'utf8');
      const standing = await server().reserving?.standing(signal());
      await writeFile(path, before.replace('3600', '3601'));

      const late = server().reserving?.write(change, standing as NonNullable<typeof standing>, signal());

      await expect(late).rejects.toMatchObject({ code: 'reservations-changed' });
      await expect(server().reserving?.standing(signal())).rejects.toMatchObject({ code: 'unsupported' });
      await writeFile(path, before);
      await expect(server().reserving?.standing(signal())).resolves.toMatchObject({ own: [] });
    });

    it('is told from one that is not there', async () => {
      const none = serverOn(bench, '/run/kea/none');

      await expect(none.leases(signal())).rejects.toMatchObject({ code: 'unreachable' });
      expect(await none.alive(signal())).toMatchObject({ alive: false });
    });
  });

  // The last one: it gives the holder's lease another name.
  reservationWriterContract(`Kea ${version} by its control socket`, {
    server,
    holder: () => holder,
    reserve: (mac, name) => reserve(bench, mac, name),
    everything: () => fileOf(bench),
  });
});

describe('a Kea without the library of lease commands', () => {
  let bench: KeaBench;
  const server = () => serverOn(bench);

  beforeAll(async () => {
    bench = await openKeaBench('2.6', { 'hooks-libraries': [] });
  });

  afterAll(() => bench?.down());

  it('says what is to be loaded, and reads no leases as none', async () => {
    await expect(server().leases(signal())).rejects.toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('libdhcp_lease_cmds.so'),
    });
  });

  it('is known to leave living leases their names', async () => {
    await expect(server().reserving?.standing(signal())).resolves.toMatchObject({
      renamesLeases: false,
      registersNames: false,
    });
  });

  it('is not alive while its DHCP service is disabled, though it answers', async () => {
    await askKea(bench.kea, { command: 'dhcp-disable' });
    const disabled = await server().alive(signal());
    await askKea(bench.kea, { command: 'dhcp-enable' });
    const again = await server().alive(signal());

    expect([disabled.alive, again.alive]).toEqual([false, true]);
  });

  it('is not written where its file has comments, which would be lost', async () => {
    const path = join(bench.kea.root, keaFile);
    const before = await fileOf(bench);
    await writeFile(path, `// of the operator\n${before}`);

    const standing = server().reserving?.standing(signal());

    await expect(standing).rejects.toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('config-write'),
    });
    await writeFile(path, before);
  });

  it('is written to only by the file that it was started with', async () => {
    const other = keaServer({
      id: 'kea',
      shell: shellIn(bench),
      sockets: { 4: '/run/kea/kea4-ctrl-socket', 6: '/run/kea/kea6-ctrl-socket' },
      configurationFile: '/etc/kea/lab-agent.conf',
      ipv6: false,
    });

    await expect(other.reserving?.standing(signal())).rejects.toMatchObject({
      code: 'configuration-invalid',
    });
  });
});
