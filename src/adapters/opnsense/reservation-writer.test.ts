import { describe, expect, it } from 'vitest';
import { emptyHost } from '../../../facades/opnsense/host.ts';
import { adding, opnsense, own, subnetUuid, theirs } from '../../../test/support/opnsense-in-memory.ts';
import { HttpError } from '../../lib/http-error.ts';
import { mark } from './table.ts';

const { signal } = new AbortController();
const lost = new HttpError('unreachable', 'no connection (ECONNRESET)', { sent: true });

describe('writing at an OPNsense', () => {
  it('makes any number of reservations with one reconfigure, each with mark and domain', async () => {
    const { write, memory, asked } = opnsense('dnsmasq', [theirs]);
    const many = Array.from({ length: 9 }, (_, index) => own(index + 1, `vm${index + 1}`));

    await write(adding(...many));

    expect(asked.filter((each) => each.endsWith('/reconfigure'))).toHaveLength(1);
    expect(memory.items.slice(1)).toEqual(
      many.map(({ mac, name }) =>
        expect.objectContaining({ host: name, hwaddr: mac, domain: 'mgmt.internal', ip: '', descr: mark }),
      ),
    );
  });

  it('sends texts alone, for the product reads false as nothing', async () => {
    const { write, requests } = opnsense('dnsmasq');

    await write(adding(own(1, 'alpha', '10.2.10.51')));

    const sent = requests.find(({ path }) => path.endsWith('/add_host'))?.json as { host: object };
    expect(Object.values(sent.host).every((each) => typeof each === 'string')).toBe(true);
  });

  it('leaves everything as it was once it is taken back', async () => {
    const { write, memory } = opnsense('dnsmasq', [theirs]);
    const before = memory.items;
    const [first, second] = [own(1, 'alpha'), own(2, 'beta', '10.2.10.52')];
    await write(adding(first, second));

    await write([
      { mac: first.mac, was: first, becomes: null },
      { mac: second.mac, was: second, becomes: null },
    ]);

    expect([memory.items, memory.reconfigures]).toEqual([before, 2]);
  });

  it('changes a row of its own in place', async () => {
    const { write, memory } = opnsense('dnsmasq');
    const [first, other] = [own(1, 'alpha', '10.2.10.51'), own(1, 'other')];
    await write(adding(first));
    const uuid = memory.items[0]?.uuid;

    await write([{ mac: first.mac, was: first, becomes: other }]);

    expect(memory.items).toMatchObject([{ uuid, host: 'other', ip: '' }]);
  });

  it('writes nothing where something else stands there by now', async () => {
    const { writer, memory, asked } = opnsense('dnsmasq', [theirs]);
    const view = await writer.standing(signal);
    memory.items = memory.items.map((each) => ({ ...each, comments: 'meanwhile' }));

    const late = writer.write(adding(own(1, 'alpha')), view, signal);

    await expect(late).rejects.toMatchObject({ code: 'reservations-changed' });
    expect(asked.some((each) => /add_|set_|del_|reconfigure/.test(each))).toBe(false);
  });

  it('takes its rows back, and tells the service, where somebody wrote between its look and its write', async () => {
    const { write, memory } = opnsense('dnsmasq');
    memory.instead.set('POST /dnsmasq/settings/add_host', () => {
      memory.items = [...memory.items, { ...emptyHost('26.7.2'), ...theirs, uuid: subnetUuid }];
      return undefined;
    });

    await expect(write(adding(own(1, 'alpha')))).rejects.toMatchObject({ code: 'reservations-changed' });

    expect(memory.items.map(({ host }) => host)).toEqual(['theirs']);
    expect(memory.reconfigures).toBe(1);
  });

  it('lets one of several win', async () => {
    const { writer, memory } = opnsense('dnsmasq');
    const view = await writer.standing(signal);

    const ended = await Promise.allSettled(
      [1, 2, 3].map((each) => writer.write(adding(own(each, `vm${each}`)), view, signal)),
    );

    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(memory.items.map(({ host }) => host)).toEqual(['vm1']);
  });

  it.each([
    [
      'a text',
      { 'host.ip': "'x' is already used in another DHCP host entry." },
      'reservation-conflict',
      'host.ip',
    ],
    ['several texts', { 'host.hwaddr': ['one', 'two'] }, 'reservation-conflict', 'one two'],
    ['another field', { 'host.domain': 'Bitte angeben' }, 'command-failed', 'Bitte angeben'],
    ['nothing at all', undefined, 'command-failed', 'does not say why'],
  ])('tells refusals apart by their fields: %s', async (_what, validations, code, message) => {
    const { write, memory } = opnsense('dnsmasq');
    memory.instead.set('POST /dnsmasq/settings/add_host', () => ({
      body: { result: 'failed', ...(validations === undefined ? {} : { validations }) },
    }));

    await expect(write(adding(own(1, 'alpha')))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(memory.reconfigures).toBe(0);
  });

  it('puts back what it had written where a later row is refused', async () => {
    const { write, memory } = opnsense('dnsmasq', [theirs]);
    const first = own(1, 'alpha');
    await write(adding(first));
    const before = memory.items;
    let added = 0;
    const refuse = () => {
      added += 1;
      if (added === 1) memory.instead.set('POST /dnsmasq/settings/add_host', refuse);
      return added === 1 ? undefined : { body: { result: 'failed', validations: { 'host.ip': 'x' } } };
    };
    memory.instead.set('POST /dnsmasq/settings/add_host', refuse);

    const change = [
      { mac: first.mac, was: first, becomes: null },
      ...adding(own(2, 'beta'), own(3, 'gamma')),
    ];
    await expect(write(change)).rejects.toMatchObject({ code: 'reservation-conflict' });

    expect([...memory.items].sort((a, b) => a.uuid.localeCompare(b.uuid))).toEqual(
      [...before].sort((a, b) => a.uuid.localeCompare(b.uuid)),
    );
    expect(memory.reconfigures).toBe(1);
  });

  it('puts back what was written where the answer to it was lost', async () => {
    const { write, memory } = opnsense('dnsmasq');
    memory.instead.set('POST /dnsmasq/settings/add_host', async (request) => {
      await memory.answer(request);
      return lost;
    });

    await expect(write(adding(own(1, 'alpha')))).rejects.toMatchObject({ code: 'unreachable' });

    expect([memory.items, memory.reconfigures]).toEqual([[], 0]);
  });

  it('says so loudly where it cannot put back what was written', async () => {
    const { write, memory } = opnsense('dnsmasq');
    memory.instead.set('POST /dnsmasq/settings/add_host', async (request) => {
      await memory.answer(request);
      memory.instead.set('POST /dnsmasq/settings/search_host', () => lost);
      return lost;
    });

    await expect(write(adding(own(1, 'alpha')))).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('COULD NOT BE TAKEN BACK'),
    });
  });

  it('ends what it began where it is interrupted, by taking it back', async () => {
    const { write, memory } = opnsense('dnsmasq');
    const interruption = new AbortController();
    memory.instead.set('POST /dnsmasq/settings/add_host', () => {
      interruption.abort();
      return undefined;
    });

    const ended = write(adding(own(1, 'alpha'), own(2, 'beta')), interruption.signal);

    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    expect([memory.items, memory.reconfigures]).toEqual([[], 0]);
  });
});
