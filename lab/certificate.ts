import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command.ts';
import type { LabPaths } from './paths.ts';
import { nodeHost } from './segments.ts';

/** Where the facade's certificate and the authority that signed it are. */
export interface CertificateFiles {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** The certificate files of a lab; nothing is created. */
export function certificateFiles(paths: LabPaths): CertificateFiles {
  const folder = join(paths.root, 'tls');
  return {
    authority: join(folder, 'pve-root-ca.pem'),
    certificate: join(folder, 'pve-ssl.pem'),
    key: join(folder, 'pve-ssl.key'),
  };
}

/** Makes a cluster authority and the node's certificate as `pvecm updatecerts` does, by the openssl of a tree. */
export async function makeCertificates(paths: LabPaths, tree: string): Promise<CertificateFiles> {
  const files = certificateFiles(paths);
  const folder = join(paths.root, 'tls');
  await mkdir(folder, { mode: 0o700 });
  const scratch = join(tree, 'tmp');
  const work = (await command('mktemp', ['-d', '-p', scratch])).stdout;
  const inside = work.slice(tree.length);
  const names = `DNS:localhost,IP:127.0.0.1,DNS:${nodeHost.name},DNS:${nodeHost.name}.mgmt.internal,IP:${nodeHost.address}`;
  await writeFile(join(work, 'leaf.ext'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  const openssl = (...args: string[]) => command('chroot', [tree, 'openssl', ...args]);
  const at = (name: string) => join(inside, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '30',
    '-subj',
    '/CN=Proxmox Virtual Environment',
  );
  await openssl(
    'req',
    ...newKey,
    '-keyout',
    at('leaf.key'),
    '-out',
    at('leaf.csr'),
    '-subj',
    `/CN=${nodeHost.name}.mgmt.internal`,
  );
  await openssl(
    'x509',
    '-req',
    '-in',
    at('leaf.csr'),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-days',
    '30',
    '-extfile',
    at('leaf.ext'),
    '-out',
    at('leaf.pem'),
  );
  await copyFile(join(work, 'ca.pem'), files.authority);
  await copyFile(join(work, 'leaf.pem'), files.certificate);
  await copyFile(join(work, 'leaf.key'), files.key);
  await command('rm', ['-rf', work]);
  return files;
}
