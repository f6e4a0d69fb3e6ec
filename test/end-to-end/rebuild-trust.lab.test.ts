import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateFiles } from '../../lab/certificate.ts';
import type { ConfigurationChanges } from '../../lab/configuration.ts';
import { checkout } from '../../lab/paths.ts';
import { labTokens } from '../../lab/templates.ts';
import { openStage, type Ran, type Stage } from './stage.ts';

let stage: Stage;

const vmid = 890;
const nix = '{ imports = [ /etc/nixos/plain.nix ]; networking.hostName = "trusted"; }\n';

beforeAll(async () => {
  stage = await openStage();
  await stage.clone(9001, vmid, 'trusted', 'mgmt');
  await stage.booted(vmid);
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

/** As the reference of the configuration says that it is read at the node, of a certificate file that is here. */
async function fingerprintOf(file: string): Promise<string> {
  const reference = await readFile(join(checkout, 'docs/reference/configuration.md'), 'utf8');
  const [program = '', ...args] = /`(openssl x509 [^`]+)`/.exec(reference)?.[1]?.split(' ') ?? [];
  const printed = execFileSync(
    program,
    args.map((word) => (word === '/etc/pve/local/pve-ssl.pem' ? file : word)),
    { encoding: 'utf8' },
  );
  return printed.trim().split('=')[1] ?? '';
}

async function rebuild(
  name: string,
  changes: ConfigurationChanges,
  extra: readonly string[] = [],
): Promise<Ran> {
  return stage.rebuild(await stage.folder(name, changes), 'trusted', vmid, nix, extra);
}

describe('the certificate of the API', () => {
  it('is trusted by the authority of the cluster', async () => {
    const { exitCode, report } = await rebuild('authority', {}, ['--dry-run']);

    expect([exitCode, report.outcome], JSON.stringify(report.error)).toEqual([0, 'planned']);
  });

  it('is trusted by its fingerprint as the node says it, through a whole rebuild', async () => {
    const fingerprint = await fingerprintOf(certificateFiles(stage.lab.paths).certificate);

    const { exitCode, report } = await rebuild('pinned', { trust: { fingerprint } });

    expect([exitCode, report.outcome], JSON.stringify(report.error)).toEqual([0, 'proven']);
    expect((await stage.lease(vmid, 'mgmt'))?.name).toBe('trusted');
  });

  it('is not trusted by the authorities of the system, and it is said what to give', async () => {
    const { exitCode, report } = await rebuild('system', { trust: 'system' });

    expect([exitCode, report.error?.code]).toEqual([1, 'tls-untrusted']);
    expect(report.error?.hint).toContain('/etc/pve/pve-root-ca.pem');
    expect(report.error?.hint).toContain('openssl x509');
  });
});

describe('another machine in place of the node', () => {
  const endpoint = 'https://127.0.0.1:8006';
  let impostor: ChildProcess;
  let lines: Interface;
  let certificate: string;

  beforeAll(async () => {
    const folder = await stage.folder('impostor');
    const key = join(folder, 'key.pem');
    certificate = join(folder, 'certificate.pem');
    execFileSync('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=tappaas1.mgmt.internal', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', key, '-out', certificate],
    ]);
    const program = [process.execPath, '--no-warnings', join(checkout, 'test/end-to-end/impostor.ts')];
    impostor = await stage.lab.controller.start([...program, key, certificate]);
    if (impostor.stdout === null) throw new Error('a child without pipes');
    lines = createInterface({ input: impostor.stdout });
    await once(lines, 'line');
  });

  afterAll(() => {
    impostor?.kill();
  });

  /** What the run sent, over the one connection that it opened. */
  async function sent(name: string, trust?: ConfigurationChanges['trust']) {
    const said = once(lines, 'line');
    const ran = await rebuild(name, { endpoint, ...(trust === undefined ? {} : { trust }) });
    const [line] = (await said) as [string];
    return { ...ran, ...(JSON.parse(line) as { received: string }) };
  }

  it('is sent nothing where the node’s certificate is pinned, and both are told apart', async () => {
    const fingerprint = await fingerprintOf(certificateFiles(stage.lab.paths).certificate);

    const { exitCode, report, received } = await sent('impostor-pinned', { fingerprint });

    expect([exitCode, report.error?.code, received]).toEqual([1, 'tls-untrusted', '']);
    expect(report.error?.message).toContain(await fingerprintOf(certificate));
    expect(report.error?.hint).toContain('what the node itself says');
    expect(report.steps.map(({ step }) => step)).toEqual(['configuration', 'find']);
  });

  it('would be sent the token by whoever pins its certificate', async () => {
    const { report, received } = await sent('impostor-taken', {
      fingerprint: await fingerprintOf(certificate),
    });

    expect(received).toContain(`PVEAPIToken=${labTokens.lab.id}=`);
    expect(report.error?.code).toBe('authentication-refused');
  });
});
