import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { createFacade } from '../../facades/opnsense/facade.ts';
import { startOpnsenseFacade } from '../../facades/opnsense/server.ts';
import { type Faults, noFaults, type OpnsenseState } from '../../facades/opnsense/state.ts';
import type { World } from '../../facades/opnsense/world.ts';

/** The API of an OPNsense before a world of real parts. */
export interface ListeningOpnsense {
  readonly state: OpnsenseState;
  readonly faults: Faults;
  /** For this process, on loopback. */
  readonly url: string;
  /** A unix socket that leads to the same, for who is elsewhere. */
  readonly socket: string;
  /** SHA-256 of its certificate, which names no IP address. */
  readonly fingerprint: string;
  /** What it was asked, such as `POST dnsmasq/service/reconfigure`. */
  asked(): readonly string[];
  /** Posts as a person does in the web interface, which is not counted among what it was asked; throws where it is refused. */
  post(path: string, body?: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Key and secret that it accepts. */
export const opnsenseKey = { key: 'key', secret: 'c2VjcmV0/of+the/key==' } as const;

/** Starts it; `folder` is for its certificate and socket. */
export async function listeningOpnsense(
  state: OpnsenseState,
  world: World,
  folder: string,
): Promise<ListeningOpnsense> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  await execa('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=OPNsense.internal', '-addext', 'subjectAltName=DNS:OPNsense.internal'],
    ...['-keyout', key, '-out', certificate],
  ]);
  const pem = await readFile(certificate, 'utf8');
  const faults = noFaults();
  const options = { state, world, faults, certificate: { key: await readFile(key, 'utf8'), cert: pem } };
  const socket = join(folder, 'api.sock');
  const [here, there] = [
    await startOpnsenseFacade(options),
    await startOpnsenseFacade({ ...options, socket }),
  ];
  const authorization = `Basic ${Buffer.from(`${opnsenseKey.key}:${opnsenseKey.secret}`).toString('base64')}`;
  return {
    ...{ state, faults, socket, url: here.url, fingerprint: new X509Certificate(pem).fingerprint256 },
    asked: () => [...here.asked, ...there.asked],
    async post(path, body) {
      const { status, body: said } = await createFacade({ state, world }).handle({
        ...{ method: 'POST', target: `/api/${path}` },
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (status !== 200 || !/"(?:saved|deleted|ok)"/.test(said)) throw new Error(`${path}: ${said}`);
    },
    close: async () => {
      await Promise.all([here.close(), there.close()]);
    },
  };
}
