import { describe, expect, it } from 'vitest';
import type { Address } from '../../domain/address.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import { inverseOf, type ReservationDifference } from '../../domain/reservation.ts';
import { changeConfiguration } from './change-configuration.ts';
import { parseExactly } from './exact-json.ts';
import { allReservations, ownReservations } from './reservations.ts';
import { configurationSchema } from './schema.ts';

const mac = 'bc:24:11:00:00:01' as Mac;
const theirs = { 'hw-address': 'BC:24:11:00:00:02', hostname: 'theirs', 'user-context': { note: 'x' } };
const text = JSON.stringify({
  hash: 'ABC',
  Dhcp4: {
    comment: 'kept',
    subnet4: [{ id: 1, subnet: '10.2.10.0/24', reservations: [theirs] }],
    'shared-networks': [{ name: 'n', subnet4: [{ id: 2, subnet: '10.2.20.0/24', reservations: [] }] }],
    't1-percent': 0,
  },
}).replace('"t1-percent":0', '"t1-percent":1.0');
const running = parseExactly(text);
const change: ReservationDifference[] = [
  { mac, was: null, becomes: { mac, name: 'alpha' as Hostname, address: '10.2.20.9' as Address } },
];
const without = (value: unknown) => JSON.stringify(value);

describe('changeConfiguration', () => {
  it('adds to the subnet that is told, with Truename’s mark, and keeps all else', () => {
    const changed = changeConfiguration(running, change, () => 2);

    const understood = configurationSchema.parse(JSON.parse(without(changed)));
    expect(ownReservations(understood)).toEqual([{ own: change[0]?.becomes, subnet: 2 }]);
    expect(allReservations(understood, 'others')).toEqual([
      { mac: 'bc:24:11:00:00:02', name: 'theirs', file: "reservations of Kea's subnet 10.2.10.0/24 (id 1)" },
    ]);
    expect(without(changed)).toContain('"t1-percent":1.0');
    expect(changed).not.toHaveProperty('hash');
  });

  it('is taken back to the byte', () => {
    const before = changeConfiguration(running, [], () => undefined);
    const changed = changeConfiguration(running, change, () => 2);

    const back = changeConfiguration(parseExactly(without(changed)), inverseOf(change), () => undefined);

    expect(without(back)).toBe(without(before));
  });

  it('never takes what bears no mark, also not of the same MAC address', () => {
    const of = { mac: 'bc:24:11:00:00:02' as Mac, name: 'theirs' as Hostname };

    const changed = changeConfiguration(running, [{ mac: of.mac, was: of, becomes: null }], () => undefined);

    expect(without(changed)).toContain('"hostname":"theirs"');
  });
});
