import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import type { ApiResponse } from './message.ts';
import { createTestBench, fullToken, settle } from './testing.ts';

const weak = { id: 'audit@pve!ro', secret: 's3cret', acl: [{ path: '/vms', privileges: ['VM.Audit'] }] };
const weakHeader = 'PVEAPIToken=audit@pve!ro=s3cret';

function bench() {
  return createTestBench(createSimWorld([9000]), { tokens: [fullToken, weak] });
}

describe('order of judgement', () => {
  it('answers 501, never 404, for unknown paths and methods', async () => {
    const answer = await bench().call('GET', '/nope');
    expect(answer.status).toBe(501);
    expect(JSON.parse(answer.body)).toEqual({ data: null, message: "Method 'GET /nope' not implemented" });
  });

  it('answers 401 late, with a reason and an empty body', async () => {
    const it = bench();
    let answer: ApiResponse | undefined;
    const pending = it
      .call('GET', '/version', undefined, 'PVEAPIToken=root@pam!truename=wrong')
      .then((got) => {
        answer = got;
      });
    await it.clock.advance(2999);
    expect(answer).toBeUndefined();
    await it.clock.advance(1);
    await pending;
    expect(answer).toEqual({ status: 401, reason: 'Authentication failed!', body: '' });
  });

  it('checks rights before parameters', async () => {
    const garbage = { newid: 'garbage' };
    const path = '/nodes/pve1/qemu/9000/clone';
    const refused = await bench().call('POST', path, garbage, weakHeader);
    const judged = await bench().call('POST', path, garbage);
    expect([refused.status, refused.reason]).toEqual([403, 'Permission check failed (/vms/9000, VM.Clone)']);
    expect(JSON.parse(judged.body)).toEqual({
      data: null,
      message: 'Parameter verification failed.\n',
      errors: { newid: "type check ('integer') failed - got 'garbage'" },
    });
  });

  it('answers 403 for a missing VM that no ACL covers, and 500 for one that an ACL covers', async () => {
    const none = { id: 'none@pve!read', secret: 'x', acl: [{ path: '/vms/9000', privileges: ['VM.Audit'] }] };
    const it = createTestBench(createSimWorld([9000]), { tokens: [weak, none] });
    const uncovered = await it.call(
      'GET',
      '/nodes/pve1/qemu/777/config',
      undefined,
      'PVEAPIToken=none@pve!read=x',
    );
    const covered = await it.call('GET', '/nodes/pve1/qemu/777/config', undefined, weakHeader);
    expect([uncovered.status, uncovered.reason]).toEqual([
      403,
      'Permission check failed (/vms/777, VM.Audit)',
    ]);
    expect(JSON.parse(covered.body)).toEqual({
      data: null,
      message: "Configuration file 'nodes/pve1/qemu-server/777.conf' does not exist\n",
    });
  });

  it('filters lists instead of refusing them', async () => {
    const none = { id: 'none@pve!read', secret: 'x', acl: [] };
    const it = createTestBench(createSimWorld([9000]), { tokens: [none] });
    const answer = await it.call(
      'GET',
      '/cluster/resources?type=vm',
      undefined,
      'PVEAPIToken=none@pve!read=x',
    );
    expect([answer.status, answer.body]).toEqual([200, '{"data":[]}']);
  });

  it('refuses a parameter that contradicts the path', async () => {
    const answer = await bench().call('GET', '/nodes/pve1/qemu/9000/config?vmid=100');
    const text = 'duplicate parameter (already defined in URI) with conflicting values!';
    expect(JSON.parse(answer.body)).toMatchObject({ errors: { vmid: text } });
  });

  it('does not take a token of root@pam for root@pam', async () => {
    const it = bench();
    const byToken = await it.call('PUT', '/nodes/pve1/qemu/9000/config', { args: '-s' });
    expect([byToken.status, byToken.reason]).toEqual([500, "only root can set 'args' config"]);
    const headers = { 'content-type': 'application/json' };
    const target = '/api2/json/nodes/pve1/qemu/9000/config';
    const body = Buffer.from('{"args":"-s"}');
    expect((await it.handle({ method: 'PUT', target, headers, body, local: true })).status).toBe(200);
  });

  it('reaches nodes as the product does', async () => {
    const reason = async (node: string) => {
      const { status, reason: text } = await bench().call('GET', `/nodes/${node}/qemu`);
      return `${status} ${text}`;
    };
    expect(await reason('localhost')).toBe('200 OK');
    expect(await reason('pve2')).toBe('595 No route to host');
    expect(await reason('pve1.lab.example')).toBe(
      '596 tls_process_server_certificate: certificate verify failed',
    );
    expect(await reason('nowhere')).toMatch(
      /^500 hostname lookup 'nowhere' failed - failed to get address info/,
    );
  });

  it.each([
    ['PATCH', '/api2/json/version', {}, 501, "method 'PATCH' not available"],
    [
      'GET',
      '/api2/json/version',
      { 'transfer-encoding': 'chunked' },
      501,
      'chunked transfer encoding not supported',
    ],
    [
      'DELETE',
      '/api2/json/version',
      { 'content-length': '3' },
      501,
      "Unexpected content for method 'DELETE'",
    ],
    ['POST', '/api2/json/version', { 'content-length': '524289' }, 501, 'for data too large'],
    [
      'POST',
      '/api2/json/version',
      { 'content-type': 'text/json' },
      506,
      "upload 'text/json' not implemented",
    ],
    ['GET', '/api2', {}, 501, 'no such uri'],
    ['GET', '/else', {}, 500, "no such file '/else'"],
  ])(
    '%s %s %j is refused before anybody is asked who they are',
    async (method, target, headers, status, reason) => {
      const answer = await bench().handle({ method, target, headers });
      expect(answer).toEqual({ status, reason, body: '' });
    },
  );

  it('turns faults on and off', async () => {
    const it = bench();
    it.faults.request = () => ({ delayMs: 30_000, answer: { status: 596, reason: 'Connection timed out' } });
    const late = it.call('GET', '/version');
    await it.clock.advance(30_000);
    expect(await late).toEqual({ status: 596, reason: 'Connection timed out', body: '' });
    it.faults.request = () => ({ drop: true });
    expect((await it.call('GET', '/version')).drop).toBe(true);
    it.faults.request = undefined;
    expect((await it.call('GET', '/version')).status).toBe(200);
    await settle();
  });
});
