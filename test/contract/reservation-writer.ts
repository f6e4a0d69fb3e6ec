import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import { leasesOf } from '../../src/domain/lease.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { DhcpServer, ReservationWriter, StandingReservations } from '../../src/domain/ports.ts';
import type { OwnReservation, ReservationDifference } from '../../src/domain/reservation.ts';
import { keepsCapabilities } from './capabilities.ts';

/** A server under test whose reservations can be written, and what the test sees of it past the port. */
export interface WriterUnderTest {
  readonly server: () => DhcpServer;
  /** The MAC address of a guest that holds a lease. */
  readonly holder: () => Mac;
  /** Reserves a name for a MAC address that nobody has, by the server's own means. */
  readonly reserve: (mac: Mac, name: string) => Promise<void>;
  /** All that the server is told, leases aside, byte for byte. */
  readonly everything: () => Promise<string>;
  /** An address for a reservation of this MAC address; absent where a reservation needs none. */
  readonly address?: (mac: Mac) => Address;
  /** False where a lease keeps its name until its guest asks again. */
  readonly renamesLeases?: false;
}

const macs = ['52:54:00:00:01:01', '52:54:00:00:01:02', '52:54:00:00:01:03'] as Mac[];

/** What every {@link ReservationWriter} promises. */
export function reservationWriterContract(name: string, under: WriterUnderTest): void {
  describe(`reservation writer contract: ${name}`, () => {
    keepsCapabilities('Reservation writer', name);
    const hands = handsOf(under);
    writesAndTakesBack(under, hands);
    heedsOthers(under, hands);
  });
}

/** The steps that tests take. */
interface Hands {
  /** A reservation that the server takes, and the change that makes it. */
  readonly made: (
    mac: Mac,
    name: string,
  ) => ReservationDifference & {
    readonly becomes: OwnReservation;
  };
  readonly signal: () => AbortSignal;
  readonly writer: () => ReservationWriter;
  readonly standing: () => Promise<StandingReservations>;
  readonly write: (change: readonly ReservationDifference[]) => Promise<void>;
  /** Takes all of Truename's back. */
  readonly takeBack: () => Promise<void>;
}

function handsOf(under: WriterUnderTest): Hands {
  const signal = () => AbortSignal.timeout(30_000);
  const made: Hands['made'] = (mac, name) => {
    const address = under.address === undefined ? {} : { address: under.address(mac) };
    return { mac, was: null, becomes: { mac, name: name as Hostname, ...address } };
  };
  const writer = () => under.server().reserving as ReservationWriter;
  const standing = () => writer().standing(signal());
  const write = async (change: readonly ReservationDifference[]) =>
    writer().write(change, await standing(), signal());
  const takeBack = async () => {
    const { own } = await standing();
    if (own.length > 0) await write(own.map((was) => ({ mac: was.mac, was, becomes: null })));
  };
  return { made, signal, writer, standing, write, takeBack };
}

function writesAndTakesBack(
  under: WriterUnderTest,
  { made, signal, standing, write, takeBack }: Hands,
): void {
  it('takes what somebody else reserved for no reservation of Truename’s', async () => {
    await under.reserve('52:54:00:00:01:09' as Mac, 'theirs');

    const { own, others } = await standing();

    expect(own).toEqual([]);
    expect(others).toContainEqual(expect.objectContaining({ mac: '52:54:00:00:01:09', name: 'theirs' }));
  });

  it('writes any number at once, and tells them apart from those of others', async () => {
    const change = macs.map((mac, index) => made(mac, `mine${index}`));

    await write(change);

    const { own, others } = await standing();
    expect(own).toEqual(expect.arrayContaining(change.map(({ becomes }) => becomes)));
    expect(others.some(({ mac }) => mac !== undefined && macs.includes(mac))).toBe(false);
    const all = (await under.server().reservations?.(signal())) ?? [];
    expect(all).toEqual(
      expect.arrayContaining(change.map(({ becomes }) => expect.objectContaining(becomes))),
    );
    await takeBack();
  });

  it('leaves everything as it was once all is taken back', async () => {
    const before = await under.everything();
    await write(macs.map((mac, index) => made(mac, `mine${index}`)));
    expect(await under.everything()).not.toBe(before);

    await takeBack();

    expect(await under.everything()).toBe(before);
  });

  it('makes one reservation another, and removes one beside others', async () => {
    const [first, second] = [made(macs[0] as Mac, 'first'), made(macs[1] as Mac, 'second')];
    await write([first, second]);
    const other = { ...first.becomes, name: 'other' as Hostname };

    await write([
      { mac: first.mac, was: first.becomes, becomes: other },
      { mac: second.mac, was: second.becomes, becomes: null },
    ]);

    expect((await standing()).own).toEqual([other]);
    await takeBack();
  });
}

function heedsOthers(
  under: WriterUnderTest,
  { made, signal, writer, standing, write, takeBack }: Hands,
): void {
  it.each([
    ['nothing', [], ['first']],
    ['something', [made(macs[2] as Mac, 'before')], ['before', 'first']],
  ])(
    'writes nothing for one whose view is an old one, and tells it: %s stood there',
    async (_what, before, left) => {
      if (before.length > 0) await write(before);
      const old = await standing();
      await write([made(macs[0] as Mac, 'first')]);

      const late = writer().write([made(macs[1] as Mac, 'late')], old, signal());

      await expect(late).rejects.toMatchObject({ code: 'reservations-changed' });
      expect((await standing()).own.map((each) => each.name).sort()).toEqual(left);
      await takeBack();
    },
  );

  it('lets one of several win that write at once', async () => {
    const view = await standing();
    const all = macs.map((mac, index) => writer().write([made(mac, `mine${index}`)], view, signal()));

    const ended = await Promise.allSettled(all);

    const won = ended.flatMap(({ status }, index) => (status === 'fulfilled' ? [`mine${index}`] : []));
    expect(won).toHaveLength(1);
    expect((await standing()).own.map((each) => each.name)).toEqual(won);
    await takeBack();
  });

  if (under.renamesLeases !== false) {
    it('renames the living lease', async () => {
      const mac = under.holder();
      await write([made(mac, 'renamed')]);

      await expect
        .poll(async () => leasesOf(await under.server().leases(signal()), mac)[0]?.name, { timeout: 10_000 })
        .toBe('renamed');
      await takeBack();
    });
  }

  it('says beforehand who feels a change', () => {
    expect(['guest', 'segment', 'site']).toContain(writer().reach([made(macs[0] as Mac, 'first')]));
  });
}
