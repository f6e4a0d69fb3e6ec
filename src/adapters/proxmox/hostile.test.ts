import { describe, expect, it } from 'vitest';
import { SourceError } from '../../domain/error.ts';
import type { HttpRequest } from '../../lib/http.ts';
import { HttpError } from '../../lib/http-error.ts';
import { createProxmoxHypervisor } from './hypervisor.ts';
import { createRestApi } from './rest.ts';

const { signal } = new AbortController();
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 300 };
const vm = { ref, kind: 'vm' } as const;
const mebibyte = 1024 * 1024;
const end = JSON.stringify('\ntruename-end 0\n');

/** A hypervisor whose server answers everything with these bodies in turn, the last for ever. */
function answering(...bodies: (string | ((request: HttpRequest) => Promise<never>))[]) {
  const api = createRestApi({
    endpoints: ['https://pve1:8006'],
    tokenId: 'ops@pve!truename',
    tokenSecret: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    trust: { kind: 'system' },
    timeoutMs: 1000,
    connect: () => ({
      request(request) {
        const body = (bodies.length > 1 ? bodies.shift() : bodies[0]) ?? '';
        return typeof body === 'string'
          ? Promise.resolve({ status: 200, reason: 'OK', body })
          : body(request);
      },
      close: () => Promise.resolve(),
    }),
  });
  return createProxmoxHypervisor({ id: 'pve', api, clock: { sleep: () => Promise.resolve() } });
}

async function failure(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SourceError)) throw new Error(`no SourceError: ${String(error)}`);
  return error;
}

function shell(hypervisor: ReturnType<typeof answering>) {
  return (
    hypervisor.inside(vm)?.run('x', { timeoutMs: 60_000, signal }) ?? Promise.reject(new Error('no shell'))
  );
}

describe('an agent that answers too much', () => {
  const started = '{"data":{"pid":5}}';

  it('has 16 MiB of output passed on by run, whole', async () => {
    const output = 'x'.repeat(16 * mebibyte);
    const hypervisor = answering(started, `{"data":{"exited":1,"out-data":"${output}","out-truncated":1}}`);

    const result = await hypervisor.agent(ref).run(['cat'], signal);

    expect(result.stdout.length).toBe(16 * mebibyte);
    expect(result.stderr).toContain('output cut');
  });

  it('is not believed by the shell when its output was cut', async () => {
    const output = 'x'.repeat(16 * mebibyte);
    const body = `{"data":{"exited":1,"out-data":"${output}","err-data":${end},"out-truncated":1}}`;

    expect(await failure(shell(answering(started, body)))).toMatchObject({ code: 'bad-response' });
  });

  it('may not list 100,000 interfaces, whatever they are', async () => {
    const good = JSON.stringify({ name: 'eth0' });
    for (const row of [good, '{}', '7', '{"name":7}']) {
      const hypervisor = answering(`{"data":{"result":[${`${row},`.repeat(99_999)}${row}]}}`);

      const error = await failure(hypervisor.agent(ref).interfaces(signal));

      expect(error.code).toBe('bad-response');
      expect(error.message.length).toBeLessThan(1000);
    }
  });

  it('may not list a million addresses of one interface', async () => {
    const addresses = `${'{"ip-address":"10.0.0.1"},'.repeat(999_999)}{"ip-address":"10.0.0.1"}`;
    const hypervisor = answering(`{"data":{"result":[{"name":"eth0","ip-addresses":[${addresses}]}]}}`);

    expect(await failure(hypervisor.agent(ref).interfaces(signal))).toMatchObject({ code: 'bad-response' });
  });
});

describe('answers that are none', () => {
  it('are refused when nested 100,000 deep, wherever the nest is', async () => {
    const nest = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const bodies = [nest, `{"data":${nest}}`, `{"data":{"result":[{"name":"a","x":${nest}}]}}`];
    for (const body of bodies) {
      expect(await failure(answering(body).agent(ref).interfaces(signal))).toMatchObject({
        code: 'bad-response',
      });
      expect(await failure(answering(body).guests(signal))).toMatchObject({ code: 'bad-response' });
      expect(await failure(answering(body).configuration(vm, signal))).toMatchObject({
        code: 'bad-response',
      });
      expect(await failure(shell(answering('{"data":{"pid":5}}', body)))).toMatchObject({
        code: 'bad-response',
      });
    }
  });

  it.each([
    'null',
    '7',
    '"text"',
    '[]',
    '{"result":7}',
    '{"result":{"error":7}}',
    '{"result":[{"name":7}]}',
    '{"result":[{"name":"a","ip-addresses":{}}]}',
    '{"result":[{"name":"a","ip-addresses":[{"ip-address":{"a":1}}]}]}',
  ])('are refused as interfaces: %s', async (data) => {
    const error = await failure(answering(`{"data":${data}}`).agent(ref).interfaces(signal));

    expect(error.code).toBe('bad-response');
  });

  it.each(['null', '{}', '{"pid":-1}', '{"pid":"5; reboot"}', '{"pid":1.5}', '{"pid":{}}', '{"pid":1e300}'])(
    'are refused as the answer to exec: %s',
    async (data) => {
      expect(await failure(shell(answering(`{"data":${data}}`)))).toMatchObject({ code: 'bad-response' });
    },
  );

  it.each(['{}', '{"exited":"maybe"}', '{"exited":1,"out-data":7}', '{"exited":1,"exitcode":"x"}'])(
    'are refused as a result: %s',
    async (data) => {
      const hypervisor = answering('{"data":{"pid":5}}', `{"data":${data}}`);

      expect(await failure(shell(hypervisor))).toMatchObject({ code: 'bad-response' });
    },
  );
});

describe('names and texts of a guest’s making', () => {
  it('are kept as data: control characters, broken UTF-8, and names that mean something to JavaScript', async () => {
    const names = ['\u001b]0;x\u0007eth0', 'eth\n0', '\ufffd\ufffd', '__proto__', 'constructor', '$(reboot)'];
    const rows = names.map((name) => `{"name":${JSON.stringify(name)},"hardware-address":"zz"}`);
    const hypervisor = answering(`{"data":{"result":[${rows.join(',')}]}}`);

    const interfaces = await hypervisor.agent(ref).interfaces(signal);

    expect(interfaces).toEqual(names.map((name) => ({ name, addresses: [] })));
  });

  it('do not get in by way of a prototype', async () => {
    const evil = '"__proto__":{"pid":1,"name":7,"exited":1,"VM.Audit":1,"net0":"x","template":1}';
    const row = `{${evil},"type":"qemu","vmid":300,"node":"pve1","status":"running"}`;

    expect(await answering(`{"data":[${row}]}`).guests(signal)).toEqual([
      { ref, kind: 'vm', power: 'running', template: false, tags: [] },
    ]);
    expect(await answering(`{"data":{${evil}}}`).configuration(vm, signal)).toMatchObject({
      nics: [],
      template: false,
    });
    expect(await failure(shell(answering(`{"data":{${evil}}}`)))).toMatchObject({ code: 'bad-response' });
    expect(await failure(answering('{"data":[]}', `{"data":{"/":{${evil}}}}`).guests(signal))).toMatchObject({
      code: 'permission-refused',
    });
    expect(Object.prototype).not.toHaveProperty('pid');
  });

  it('are in no error unescaped', async () => {
    const text = '\u001b[2J\u202e\u0085\u2028x';
    const quoted = JSON.stringify(text);
    const errors = await Promise.all([
      failure(answering(`{"data":{"result":{"error":{"desc":${quoted}}}}}`).agent(ref).interfaces(signal)),
      failure(answering(`{"data":{"/vms/300":{},${quoted}:7}}`).find(300, signal)),
      failure(answering('{"data":[]}', `{"data":{${quoted}:7}}`).guests(signal)),
      failure(
        answering('{"data":{"pid":5}}', `{"data":{"exited":1,"err-data":${quoted}}}`)
          .agent(ref)
          .run([text], AbortSignal.abort()),
      ),
      failure(shell(answering('{"data":{"pid":5}}', `{"data":{"exited":1,"err-data":${quoted}}}`))),
      failure(answering('').configuration({ ref: { ...ref, node: text }, kind: 'vm' }, signal)),
    ]);

    for (const error of errors) {
      expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
      expect(error.hint ?? '').not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    }
  });

  it('are bounded in an error', async () => {
    const desc = 'x'.repeat(16 * mebibyte);
    const hypervisor = answering(`{"data":{"result":{"error":{"desc":"${desc}"}}}}`);

    expect((await failure(hypervisor.agent(ref).interfaces(signal))).message.length).toBeLessThan(1000);
  });
});

describe('an agent that never answers', () => {
  /** As the client of lib/http.ts does: it ends with its signal. */
  const silent = (request: HttpRequest) =>
    new Promise<never>((_resolve, reject) => {
      const end = () => reject(new HttpError('timeout', 'no answer', { sent: true }));
      if (request.signal.aborted) end();
      request.signal.addEventListener('abort', end);
    });

  it('holds nobody longer than the caller’s signal', async () => {
    for (const bodies of [[silent], ['{"data":{"pid":5}}', silent]]) {
      const caller = new AbortController();
      const running = failure(
        answering(...bodies)
          .agent(ref)
          .run(['x'], caller.signal),
      );
      caller.abort(new DOMException('time is up', 'TimeoutError'));

      expect(await running).toMatchObject({
        code: 'timeout',
        message: expect.stringContaining('x in VM 300'),
      });
    }
  });

  it('holds nobody longer than the script’s own time', async () => {
    const shell = answering('{"data":{"pid":5}}', silent).inside(vm);

    expect(
      await failure(shell?.run('x', { timeoutMs: 1, signal }) ?? Promise.reject(new Error('no shell'))),
    ).toMatchObject({
      code: 'timeout',
    });
  });

  it('whose program never ends holds nobody either', async () => {
    const caller = new AbortController();
    let asked = 0;
    const running = (): Promise<never> => {
      asked += 1;
      if (asked === 50) caller.abort(new DOMException('time is up', 'TimeoutError'));
      return Promise.resolve({ status: 200, reason: 'OK', body: '{"data":{"exited":0}}' }) as Promise<never>;
    };
    const agent = answering('{"data":{"pid":5}}', running).agent(ref);

    expect(await failure(agent.run(['sleep'], caller.signal))).toMatchObject({ code: 'timeout' });
    expect(asked).toBe(50);
  });
});
