import { MockAgent } from 'undici';
import { describe, expect, it } from 'vitest';
import { parseFingerprint } from '../domain/tls-trust.ts';
import { createHttpClient } from './http.ts';

const { signal } = new AbortController();
const origin = 'https://pve1.mgmt.internal:8006';

function client() {
  const dispatcher = new MockAgent();
  dispatcher.disableNetConnect();
  const http = createHttpClient({ baseUrl: `${origin}/api/`, headers: { authorization: 'x' }, dispatcher });
  return { http, server: dispatcher.get(origin) };
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('createHttpClient', () => {
  it('sends query, headers and form, and gives status, reason and body', async () => {
    const { http, server } = client();
    const seen: unknown[] = [];
    server.intercept({ path: '/api/a?b=c+d&b=%26', method: 'POST' }).reply((options) => {
      seen.push(options.headers, options.body);
      return { statusCode: 599, data: 'ü' };
    });

    const query = [
      ['b', 'c d'],
      ['b', '&'],
    ] as const;
    const answer = await http.request({ method: 'POST', path: '/a', query, form: [['x', 'y=z']], signal });

    expect(answer).toMatchObject({ status: 599, body: 'ü' });
    expect(seen).toMatchObject([
      { authorization: 'x', 'content-type': 'application/x-www-form-urlencoded' },
      'x=y%3Dz',
    ]);
  });

  it.each([
    ['Fri, 27 Nov 2026 04:05:06 GMT', '2026-11-27T04:05:06.000Z'],
    ['yesterday', undefined],
  ])('tells when the server says it answered: %s', async (date, expected) => {
    const { http, server } = client();
    server.intercept({ path: '/api/a' }).reply(200, '', { headers: { date } });

    const answer = await http.request({ method: 'GET', path: '/a', signal });

    expect(answer.date).toBe(expected);
  });

  it('sends JSON when asked to', async () => {
    const { http, server } = client();
    server.intercept({ path: '/api/a', method: 'PUT', body: '{"a":1}' }).reply(204, '');

    const answer = await http.request({ method: 'PUT', path: '/a', json: { a: 1 }, signal });

    expect(answer.status).toBe(204);
  });

  it('does not follow a redirect', async () => {
    const { http, server } = client();
    server.intercept({ path: '/api/a' }).reply(302, '', { headers: { location: `${origin}/api/b` } });
    server.intercept({ path: '/api/b' }).reply(200, 'followed');

    await expect(http.request({ method: 'GET', path: '/a', signal })).resolves.toMatchObject({ status: 302 });
  });

  it('sends a GET again when the server had closed the connection, twice at most', async () => {
    const { http, server } = client();
    server.intercept({ path: '/api/a' }).replyWithError(systemError('ECONNRESET')).times(2);
    server.intercept({ path: '/api/a' }).reply(200, 'third');
    server.intercept({ path: '/api/b' }).replyWithError(systemError('ECONNRESET')).times(3);
    server.intercept({ path: '/api/b' }).reply(200, 'fourth');

    await expect(http.request({ method: 'GET', path: '/a', signal })).resolves.toMatchObject({
      body: 'third',
    });
    await expect(http.request({ method: 'GET', path: '/b', signal })).rejects.toMatchObject({
      code: 'unreachable',
      sent: true,
    });
  });

  it('never sends a POST again', async () => {
    const { http, server } = client();
    server.intercept({ path: '/api/a', method: 'POST' }).replyWithError(systemError('ECONNRESET'));
    server.intercept({ path: '/api/a', method: 'POST' }).reply(200, 'again');

    await expect(http.request({ method: 'POST', path: '/a', signal })).rejects.toMatchObject({ sent: true });
  });

  it.each([
    ['ECONNREFUSED', 'unreachable', false],
    ['ENOTFOUND', 'unreachable', false],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', false],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-untrusted', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-untrusted', false],
    ['HPE_INVALID_CONSTANT', 'bad-response', true],
    ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'bad-response', true],
    ['ESOMETHING', 'unreachable', true],
  ])('reads the failure %s as %s', async (failure, code, sent) => {
    const { http, server } = client();
    server.intercept({ path: '/api/a' }).replyWithError(systemError(failure));

    await expect(http.request({ method: 'GET', path: '/a', signal })).rejects.toMatchObject({ code, sent });
  });

  it('tells an interruption from the end of patience', async () => {
    const { http } = client();
    const patience = AbortSignal.abort(new DOMException('time is up', 'TimeoutError'));

    await expect(
      http.request({ method: 'GET', path: '/a', signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(http.request({ method: 'GET', path: '/a', signal: patience })).rejects.toMatchObject({
      code: 'timeout',
    });
  });
});

describe('parseFingerprint', () => {
  const pairs = Array.from({ length: 32 }, (_, index) => (index + 0xa0).toString(16));
  const canonical = pairs.join(':').toUpperCase();

  it.each([
    canonical,
    canonical.toLowerCase(),
    pairs.join(''),
    `SHA256 ${canonical}`,
    `sha256:${pairs.join('')}`,
  ])('reads %s', (text) => {
    expect(parseFingerprint(text)).toBe(canonical);
  });

  it.each(['', 'AA:BB', canonical.slice(3), `${canonical}:00`, canonical.replace('A', 'G')])(
    'refuses %s',
    (text) => {
      expect(parseFingerprint(text)).toBeUndefined();
    },
  );
});
