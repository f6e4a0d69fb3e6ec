import { describe, expect, it } from 'vitest';
import { adding, opnsense, own, theirs } from '../../../test/support/opnsense-in-memory.ts';
import { response } from '../../../test/support/scripted-opnsense.ts';
import { HttpError } from '../../lib/http-error.ts';

const { signal } = new AbortController();
const lost = new HttpError('unreachable', 'no connection (ECONNRESET)', { sent: true });

describe('a service that does not start with what was written', () => {
  it('gets its rows back as they were, and is told once more', async () => {
    const { write, memory } = opnsense('dnsmasq', [theirs]);
    memory.starts = (items) => items.length === 1;

    await expect(write(adding(own(1, 'alpha')))).rejects.toMatchObject({
      code: 'reservation-not-taken',
      message: expect.stringContaining('runs again'),
    });

    expect([memory.items.length, memory.reconfigures]).toEqual([1, 2]);
  });

  it('is not believed by one look where it reads its configuration after it was started', async () => {
    const { write, memory } = opnsense('kea');
    memory.starts = () => false;
    memory.instead.set('GET /kea/service/status', () => ({ body: { status: 'running' } }));

    await expect(write(adding(own(1, 'alpha', '10.2.10.50')))).rejects.toMatchObject({
      code: 'reservation-not-taken',
    });
  });

  it('is said loudly where it does not start without them either', async () => {
    const { write, memory } = opnsense('dnsmasq');
    memory.starts = () => false;

    await expect(write(adding(own(1, 'alpha')))).rejects.toMatchObject({
      code: 'reservation-not-taken',
      message: expect.stringContaining('STILL DOES NOT RUN'),
    });
    expect(memory.items).toEqual([]);
  });

  it('is told again where the connection was lost while it was told', async () => {
    const { write, memory } = opnsense('dnsmasq');
    memory.instead.set('POST /dnsmasq/service/reconfigure', () => lost);

    await write(adding(own(1, 'alpha')));

    expect([memory.items.length, memory.reconfigures]).toEqual([1, 1]);
  });

  it('is looked at until the firewall can be seen again', async () => {
    const { write, memory } = opnsense('dnsmasq');
    let looks = 0;
    const away = () => {
      looks += 1;
      if (looks < 5) memory.instead.set('GET /dnsmasq/service/status', away);
      return response(503, '<html>');
    };
    memory.instead.set('GET /dnsmasq/service/status', away);

    await write(adding(own(1, 'alpha')));

    expect(looks).toBe(5);
  });

  it('is waited for longer than the product waits for its own daemon', async () => {
    const { write, requests } = opnsense('dnsmasq');

    await write(adding(own(1, 'alpha')));

    const told = requests.find(({ path }) => path.endsWith('/reconfigure'));
    expect(told?.timeoutMs).toBeGreaterThanOrEqual(130_000);
    expect(told).not.toHaveProperty('json');
  });

  it('is believed by its state, never by the answer to the reconfigure', async () => {
    const { writer, memory } = opnsense('dnsmasq');
    memory.starts = () => false;

    await expect(writer.enforce?.(signal)).rejects.toMatchObject({ code: 'reservation-not-taken' });
  });
});
