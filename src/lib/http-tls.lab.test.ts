import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TlsTrust } from '../domain/tls-trust.ts';
import { createHttpClient } from './http.ts';

const { signal } = new AbortController();
const directory = mkdtempSync(join(tmpdir(), 'http-tls-'));
/** Bodies longer than `ok`, by path. */
const sizes: Readonly<Record<string, number>> = {
  '/big': 100_000,
  '/whole': 32 * 1024 * 1024,
  '/over': 32 * 1024 * 1024 + 1,
};
let server: Server;
let certificate: string;
let requests: string[] = [];
let connections = 0;

beforeAll(async () => {
  const [key, pem] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', pem],
  ]);
  certificate = readFileSync(pem, 'utf8');
  server = createServer({ key: readFileSync(key), cert: certificate }, (request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    // As Proxmox VE does after an error, so that each request needs a handshake of its own.
    response.writeHead(200, { connection: 'close' }).end('x'.repeat(sizes[request.url ?? ''] ?? 0) || 'ok');
  });
  server.on('secureConnection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

function client(
  trust: TlsTrust,
  host = 'localhost',
  bound: { maxBodyBytes?: number } = { maxBodyBytes: 50_000 },
) {
  requests = [];
  connections = 0;
  const { port } = server.address() as AddressInfo;
  const headers = { authorization: 'secret' };
  return createHttpClient({ baseUrl: `https://${host}:${port}`, trust, headers, ...bound });
}

const get = { method: 'GET', path: '/', signal } as const;

describe('trust', () => {
  it('accepts the pinned certificate on every new connection, whatever its host name', async () => {
    const sha256 = new X509Certificate(certificate).fingerprint256;
    const http = client({ kind: 'fingerprint', sha256 }, '127.0.0.1');

    for (let round = 0; round < 3; round++) {
      await expect(http.request(get)).resolves.toMatchObject({ status: 200, body: 'ok' });
    }

    expect(connections).toBe(3);
  });

  it('sends nothing to a server with another certificate than the pinned one', async () => {
    const sha256 = Array.from({ length: 32 }, () => '00').join(':');
    const http = client({ kind: 'fingerprint', sha256 });

    await expect(http.request(get)).rejects.toMatchObject({
      code: 'tls-untrusted',
      sent: false,
      message: expect.stringContaining(new X509Certificate(certificate).fingerprint256),
    });
    expect(requests).toEqual([]);
  });

  it('accepts what the given authority signed, for its host name only', async () => {
    const named = client({ kind: 'authority', pem: certificate });
    await expect(named.request(get)).resolves.toMatchObject({ status: 200 });

    const other = client({ kind: 'authority', pem: certificate }, '127.0.0.1');
    await expect(other.request(get)).rejects.toMatchObject({ code: 'tls-untrusted' });
    expect(requests).toEqual([]);
  });

  it('refuses by the authorities of the system', async () => {
    const http = client({ kind: 'system' });

    await expect(http.request(get)).rejects.toMatchObject({ code: 'tls-untrusted', sent: false });
    expect(requests).toEqual([]);
  });

  it('refuses a body above the bound', async () => {
    const http = client({ kind: 'authority', pem: certificate });

    await expect(http.request({ ...get, path: '/big' })).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('takes 32 MiB where no bound is given, and no byte more', async () => {
    const http = client({ kind: 'authority', pem: certificate }, 'localhost', {});

    const { body } = await http.request({ ...get, path: '/whole' });

    expect(body.length).toBe(32 * 1024 * 1024);
    await expect(http.request({ ...get, path: '/over' })).rejects.toMatchObject({ code: 'bad-response' });
  });
});
