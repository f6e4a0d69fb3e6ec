import { randomUUID } from 'node:crypto';
import { createFacade } from '../../facades/opnsense/facade.ts';
import { hostList } from '../../facades/opnsense/host.ts';
import { memoryKea } from '../../facades/opnsense/kea-memory.ts';
import { reservationList } from '../../facades/opnsense/kea-reservation.ts';
import type { Release } from '../../facades/opnsense/release.ts';
import { type Item, keaOff, type OpnsenseState } from '../../facades/opnsense/state.ts';
import { opnsenseServer } from '../../src/adapters/opnsense/server.ts';
import type { Address } from '../../src/domain/address.ts';
import { parseSubnet } from '../../src/domain/address.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { ReservationWriter } from '../../src/domain/ports.ts';
import type { OwnReservation, ReservationDifference } from '../../src/domain/reservation.ts';
import type { HttpRequest } from '../../src/lib/http.ts';
import { fakeClock } from './fake-clock.ts';
import { askFacade } from './opnsense-on-facade.ts';
import { type ScriptedResponse, scriptedOpnsense, scriptedSecret } from './scripted-opnsense.ts';

const { signal } = new AbortController();
const authorization = `Basic ${Buffer.from(`key:${scriptedSecret}`).toString('base64')}`;
const subnet = parseSubnet('10.2.10.0/24');
const segments = [{ domain: 'mgmt.internal', ...(subnet === undefined ? {} : { subnet }) }];
/** The only subnet of its Kea. */
export const subnetUuid = '11111111-2222-3333-4444-555555555555';
/** A host of somebody else's. */
export const theirs = { host: 'theirs', hwaddr: 'BC:24:11:00:00:99', descr: 'printer' };

type Backend = 'dnsmasq' | 'kea';
type Answer = ScriptedResponse | undefined;

/** The façade's configuration and service, as far as a test looks at them or has a hand in them. */
interface MemoryConfiguration {
  /** Host entries, or reservations of Kea. */
  items: readonly Item[];
  /** Whether the service starts with these items. */
  starts: (items: readonly Item[]) => boolean;
  reconfigures: number;
  /** Answers in place of the façade, once, the next request of this key. */
  readonly instead: Map<string, (request: HttpRequest) => Answer | Promise<Answer>>;
  /** What the façade answers. */
  answer(request: HttpRequest): Promise<ScriptedResponse>;
}

/** A reservation of Truename's for the MAC address with this last digit. */
export function own(number: number, name: string, address?: string): OwnReservation {
  const mac = `bc:24:11:00:00:0${number}` as Mac;
  return { mac, name: name as Hostname, ...(address === undefined ? {} : { address: address as Address }) };
}

/** The change that makes these. */
export function adding(...reservations: readonly OwnReservation[]): ReservationDifference[] {
  return reservations.map((becomes) => ({ mac: becomes.mac, was: null, becomes }));
}

/** A server of the adapter on the façade in memory, with what it was asked. */
export function opnsense(
  backend: Backend,
  given: readonly Readonly<Record<string, string>>[] = [],
  release: Release = '26.7.2',
) {
  const memory = memoryOf(stateOf(backend, given, release), backend);
  const { api, asked, requests } = scriptedOpnsense((key, request) => {
    const instead = memory.instead.get(key);
    memory.instead.delete(key);
    return answered(memory, request, instead);
  });
  const server = opnsenseServer({
    ...{ id: 'fw', source: 'OPNsense fw', backend, segments, addresses: [], clock: fakeClock() },
    connect: async () => api,
  });
  const writer = server.reserving as ReservationWriter;
  const write = async (change: readonly ReservationDifference[], signalled = signal) =>
    writer.write(change, await writer.standing(signal), signalled);
  return { memory, asked, requests, server, writer, write };
}

async function answered(
  memory: MemoryConfiguration,
  request: HttpRequest,
  instead: ((request: HttpRequest) => Answer | Promise<Answer>) | undefined,
): Promise<ScriptedResponse> {
  return (await instead?.(request)) ?? memory.answer(request);
}

function stateOf(
  backend: Backend,
  given: readonly Readonly<Record<string, string>>[],
  release: Release,
): OpnsenseState {
  const list = backend === 'kea' ? reservationList : hostList;
  const items = given.map((fields): Item => ({ ...list.empty(release), ...fields, uuid: randomUUID() }));
  const subnets = [{ uuid: subnetUuid, subnet: '10.2.10.0/24', pools: '10.2.10.100-10.2.10.199' }];
  const ranges = backend === 'kea' ? [] : [{ interface: 'lan', domain: '' }];
  return {
    ...{ release, name: 'fw.mgmt.internal', hosts: backend === 'kea' ? [] : items },
    keys: [{ key: 'key', secret: scriptedSecret, privileges: ['page-all'] }],
    dnsmasq: { enable: true, port: '53053', domain: '', ranges },
    interfaces: [{ name: 'lan', device: 'vtnet0', description: 'LAN' }],
    kea: {
      ...{ ...keaOff(), enabled: backend === 'kea', subnets },
      reservations: backend === 'kea' ? items : [],
    },
  };
}

function memoryOf(state: OpnsenseState, backend: Backend): MemoryConfiguration {
  const list = backend === 'kea' ? reservationList : hostList;
  let runs = true;
  const apply = async () => {
    memory.reconfigures += 1;
    runs = memory.starts(memory.items);
  };
  const running = async () => runs;
  const world = { apply, running, leaseFile: async () => '', kea: { ...memoryKea(), apply, running } };
  const facade = createFacade({ state, world });
  const memory: MemoryConfiguration = {
    get items() {
      return list.items(state);
    },
    set items(items) {
      list.replace(state, items);
    },
    starts: () => true,
    reconfigures: 0,
    instead: new Map(),
    answer: (request) => askFacade(facade, request, authorization),
  };
  return memory;
}
