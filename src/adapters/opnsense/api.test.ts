import { describe, expect, it } from 'vitest';
import { response, scriptedOpnsense, scriptedSecret } from '../../../test/support/scripted-opnsense.ts';
import { HttpError } from '../../lib/http-error.ts';
import { createOpnsenseApi } from './api.ts';

const { signal } = new AbortController();
const search = ['dnsmasq', 'settings', 'search_host'];

describe('createOpnsenseApi', () => {
  it('sends the key as basic authorization, and nothing else that could be answered with a session', () => {
    const sent: unknown[] = [];
    createOpnsenseApi({
      url: 'https://fw.mgmt.internal:8443/',
      key: 'key',
      secret: 'secret',
      trust: { kind: 'system' },
      timeoutMs: 1,
      connect: (base, headers) => {
        sent.push(base, headers);
        return { request: () => Promise.reject(new Error('unused')), close: () => Promise.resolve() };
      },
    });

    expect(sent).toEqual([
      'https://fw.mgmt.internal:8443/api',
      { authorization: `Basic ${Buffer.from('key:secret').toString('base64')}` },
    ]);
  });

  it('sends no body where there is none, and neither query nor form ever', async () => {
    const { api, requests } = scriptedOpnsense(() => ({ body: { status: 'ok' } }));

    await api.post({ path: ['dnsmasq', 'service', 'reconfigure'], signal });
    await api.post({ path: search, json: { rowCount: -1 }, signal });

    expect(requests.map(({ method, path, json, query, form }) => [method, path, json, query, form])).toEqual([
      ['POST', '/dnsmasq/service/reconfigure', undefined, undefined, undefined],
      ['POST', '/dnsmasq/settings/search_host', { rowCount: -1 }, undefined, undefined],
    ]);
  });

  it.each(['..', '.', '', 'a/b', 'a?b', 'a b', '%2e'])('never sends the path part %j', async (part) => {
    const { api, asked } = scriptedOpnsense(() => ({ body: {} }));

    await expect(api.get({ path: ['dnsmasq', part], signal })).rejects.toMatchObject({
      code: 'bad-response',
    });
    expect(asked).toEqual([]);
  });

  it.each([
    [
      'a wrong key',
      401,
      { status: 401, message: 'Authentication Failed' },
      'authentication-refused',
      'secret',
    ],
    ['a redirect to the login page', 302, '', 'authentication-refused', 'never followed'],
    ['a missing privilege', 403, { status: 403 }, 'permission-refused', 'page-services-dnsforwarder'],
    ['an endpoint that is not there', 404, { errorMessage: 'Endpoint not found' }, 'unsupported', undefined],
    ['another server', 404, '<html>not found</html>', 'bad-response', '/api'],
    ['the login page', 200, '<html>login</html>', 'bad-response', '/api'],
    ['half an answer', 200, '{"rows":[{"uuid"', 'bad-response', '/api'],
    ['nothing', 200, '', 'bad-response', '/api'],
    ['a failure of its own', 500, { errorMessage: 'Unexpected error' }, 'command-failed', undefined],
    [
      'a request that it cannot read',
      400,
      { status: 400, message: 'Invalid JSON' },
      'command-failed',
      undefined,
    ],
    ['a web server without its backend', 503, '<html>', 'unreachable', undefined],
    ['a gateway that waited too long', 504, '<html>', 'timeout', undefined],
    ['a teapot', 418, '{}', 'bad-response', undefined],
  ])('reads %s as what it is', async (_what, status, body, code, hint) => {
    const { api } = scriptedOpnsense(() => response(status, body));

    const error: unknown = await api.post({ path: search, signal }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code, source: 'OPNsense fw.mgmt.internal' });
    expect((error as { hint?: string }).hint ?? '').toContain(hint ?? '');
  });

  it.each([
    ['kea/dhcpv4/search_reservation', 'page-dhcp-kea-v4'],
    ['kea/leases4/search', 'page-dhcp-kea-v4'],
    ['dnsmasq/service/reconfigure', 'page-services-dnsforwarder'],
    ['dhcpv4/service/status', 'page-services-dhcpserver'],
    ['unbound/settings/search_host_override', 'page-services-unbound'],
    ['diagnostics/system/system_information', 'page-system-login-logout'],
    ['core/service/search', 'api/core/service/search'],
  ])('names the privilege that %s needs', async (path, privilege) => {
    const { api } = scriptedOpnsense(() => response(403, { status: 403, message: 'Forbidden' }));

    await expect(api.get({ path: path.split('/'), signal })).rejects.toMatchObject({
      hint: expect.stringContaining(privilege),
    });
  });

  it.each([
    ['tls-untrusted', 'fingerprint'],
    ['unreachable', ''],
    ['timeout', ''],
    ['cancelled', ''],
  ] as const)('passes on what kept the answer from coming: %s', async (code, hint) => {
    const { api } = scriptedOpnsense(() => new HttpError(code, 'no', { sent: false }));

    const error: unknown = await api.get({ path: search, signal }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code });
    expect((error as { hint?: string }).hint ?? '').toContain(hint);
  });

  it('keeps the secret out of its errors, in the clear and encoded', async () => {
    const { api } = scriptedOpnsense(() => response(401, { message: 'Authentication Failed' }));

    const error: unknown = await api.get({ path: search, signal }).catch((thrown: unknown) => thrown);

    const text = JSON.stringify(error, Object.getOwnPropertyNames(error));
    expect(text).not.toContain(scriptedSecret);
    expect(text).not.toContain(Buffer.from(`key:${scriptedSecret}`).toString('base64'));
  });

  it('shows what the product says on one line, and not more than a line holds', async () => {
    const { api } = scriptedOpnsense(() =>
      response(500, { errorMessage: `a\n\u001b[31m${'b'.repeat(10_000)}` }),
    );

    const error = await api.get({ path: search, signal }).catch((thrown: Error) => thrown);

    expect((error as Error).message).not.toMatch(/\p{Cc}/u);
    expect((error as Error).message.length).toBeLessThan(600);
  });
});
