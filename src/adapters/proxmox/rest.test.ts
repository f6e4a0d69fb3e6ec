import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../lib/http.ts';
import { HttpError } from '../../lib/http-error.ts';
import { createRestApi } from './rest.ts';

const { signal } = new AbortController();
const secret = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const refused = new HttpError('unreachable', 'no connection (ECONNREFUSED)', { sent: false });
const lost = new HttpError('unreachable', 'no connection (ECONNRESET)', { sent: true });

type Answer = HttpResponse | HttpError;

/** A REST client on servers that answer from lists, the last answer for ever. */
function rest(...servers: Answer[][]) {
  const requests: (HttpRequest & { readonly server: string })[] = [];
  const headers: Readonly<Record<string, string>>[] = [];
  const api = createRestApi({
    endpoints: servers.map((_answers, index) => `https://pve${index + 1}:8006/`),
    tokenId: 'ops@pve!truename',
    tokenSecret: secret,
    trust: { kind: 'system' },
    timeoutMs: 1000,
    connect: (server, sent) => {
      headers.push(sent);
      const answers = servers[Number(/\d/.exec(server)?.[0]) - 1] ?? [];
      return {
        request(request) {
          requests.push({ ...request, server });
          const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? refused;
          return answer instanceof HttpError ? Promise.reject(answer) : Promise.resolve(answer);
        },
        close: () => Promise.resolve(),
      };
    },
  });
  return { api, requests, headers };
}

function answer(data: unknown): HttpResponse {
  return { status: 200, reason: 'OK', body: JSON.stringify({ data }) };
}

describe('createRestApi', () => {
  it('sends the token, the path percent-encoded, and parameters where the method takes them', async () => {
    const { api, requests, headers } = rest([answer('x')]);

    await api.get({ path: ['nodes', 'pve1', 'tasks', 'UPID:a:b@c!d:'], params: { limit: 5 }, signal });
    await api.post({ path: ['nodes', 'pve1'], params: { command: ['sh', '-c', 'a b'] }, signal });
    await api.delete({ path: ['nodes', 'pve1', 'qemu', 300], params: { purge: 1 }, signal });

    expect(headers).toEqual([{ authorization: `PVEAPIToken=ops@pve!truename=${secret}` }]);
    expect(requests).toMatchObject([
      {
        server: 'https://pve1:8006/api2/json',
        method: 'GET',
        path: '/nodes/pve1/tasks/UPID%3Aa%3Ab%40c!d%3A',
        query: [['limit', '5']],
      },
      {
        method: 'POST',
        form: [
          ['command', 'sh'],
          ['command', '-c'],
          ['command', 'a b'],
        ],
      },
      { method: 'DELETE', path: '/nodes/pve1/qemu/300', query: [['purge', '1']] },
    ]);
    expect(requests[2]).not.toHaveProperty('form');
  });

  it.each(['..', '.', '', 'a/b', 'a?b', 'a b', '%2e'])('never sends the path part %j', async (part) => {
    const { api, requests } = rest([answer('x')]);

    await expect(api.get({ path: ['nodes', part], signal })).rejects.toMatchObject({ code: 'bad-response' });
    expect(requests).toEqual([]);
  });

  it.each([
    [401, 'No ticket', '', 'authentication-refused', 'No ticket'],
    [403, 'Permission check failed (/vms/1, VM.Audit)', '', 'permission-refused', '(/vms/1, VM.Audit)'],
    [
      500,
      'x',
      '{"data":null,"message":"QEMU guest agent is not running\\n"}',
      'command-failed',
      'not running',
    ],
    [400, 'x', '{"errors":{"upid":"no such task\\n"},"data":null}', 'command-failed', 'upid: no such task'],
    [501, "Method 'GET /x' not implemented", '{"data":null}', 'unsupported', 'not implemented'],
    [595, 'No route to host', '', 'unreachable', 'No route to host'],
    [596, 'Connection timed out', '', 'unreachable', 'timed out'],
    [418, '', '', 'bad-response', 'status 418'],
    [301, 'Moved', '', 'bad-response', 'Moved'],
    [200, 'OK', '<html>', 'bad-response', 'not one of Proxmox VE'],
    [200, 'OK', '{}', 'bad-response', 'not one of Proxmox VE'],
  ])('reads status %i %j with body %j as %s', async (status, reason, body, code, message) => {
    const { api } = rest([{ status, reason, body }]);

    await expect(api.get({ path: ['version'], signal })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      where: 'https://pve1:8006/',
    });
  });

  it('asks the next endpoint when one is dead, and stays with the one that answers', async () => {
    const { api, requests } = rest([refused], [answer(1)], [answer(1)]);

    await api.get({ path: ['version'], signal });
    await api.post({ path: ['version'], signal });

    expect(requests.map((request) => request.server.slice(8, 12))).toEqual(['pve1', 'pve2', 'pve2']);
  });

  it('never sends a write twice once it may have arrived', async () => {
    const { api, requests } = rest([lost], [answer(1)]);

    await expect(api.post({ path: ['version'], signal })).rejects.toMatchObject({ code: 'unreachable' });
    expect(requests).toHaveLength(1);
    await expect(api.get({ path: ['version'], signal })).resolves.toBe(1);
  });

  it('does not go round an endpoint whose certificate is not trusted', async () => {
    const { api } = rest([new HttpError('tls-untrusted', 'no', { sent: false })], [answer(1)]);

    await expect(api.get({ path: ['version'], signal })).rejects.toMatchObject({
      code: 'tls-untrusted',
      hint: expect.stringContaining('fingerprint'),
    });
  });

  it('keeps the secret out of its errors', async () => {
    const { api } = rest([{ status: 401, reason: 'invalid token value!', body: '' }]);

    const error: unknown = await api.get({ path: ['version'], signal }).catch((thrown: unknown) => thrown);

    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret);
  });
});
