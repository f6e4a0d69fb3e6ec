import { randomUUID } from 'node:crypto';
import type { HttpRequest } from '../../src/lib/http.ts';
import { grid, type ScriptedResponse } from './scripted-opnsense.ts';

/** An item of the configuration in memory. */
export type Item = { uuid: string } & Record<string, string>;

/** The reservations and the service of a product in memory, as far as the API shows them; a test may change all of it. */
export interface MemoryConfiguration {
  items: Item[];
  status: string;
  /** Whether the service starts with these items. */
  starts: (items: readonly Item[]) => boolean;
  reconfigures: number;
  /** Answers in place of the product, once, the next request of this key. */
  readonly instead: Map<string, (request: HttpRequest) => ScriptedResponse | undefined>;
  answer(key: string, request: HttpRequest): ScriptedResponse | undefined;
}

/** How the items are called, and where they are. */
interface Kind {
  readonly controller: string;
  readonly item: string;
  readonly service: string;
  /** All fields of an item, empty. */
  readonly empty: Readonly<Record<string, string>>;
}

/** Dnsmasq's hosts. */
export const dnsmasqKind: Kind = {
  controller: 'dnsmasq/settings',
  item: 'host',
  service: 'dnsmasq/service',
  empty: {
    ...{ host: '', domain: '', local: '0', ip: '', cnames: '', client_id: '', hwaddr: '', lease_time: '' },
    ...{ ignore: '0', set_tag: '', descr: '', comments: '', aliases: '' },
  },
};

/** Kea's reservations. */
export const keaKind: Kind = {
  controller: 'kea/dhcpv4',
  item: 'reservation',
  service: 'kea/service',
  empty: { subnet: '', ip_address: '', hw_address: '', client_id: '', hostname: '', description: '' },
};

/** A configuration with these items, whose service runs. */
export function memoryConfiguration(
  { controller, item, service, empty }: Kind,
  given: readonly Readonly<Record<string, string>>[] = [],
): MemoryConfiguration {
  const itemOf = (fields: Readonly<Record<string, string>>, uuid: string = randomUUID()): Item => ({
    ...empty,
    ...fields,
    uuid,
  });
  const configuration: MemoryConfiguration = {
    items: given.map((fields) => itemOf(fields)),
    status: 'running',
    starts: () => true,
    reconfigures: 0,
    instead: new Map(),
    answer(key, request) {
      const instead = configuration.instead.get(key);
      configuration.instead.delete(key);
      return instead?.(request) ?? product(key, request);
    },
  };
  const sent = ({ json }: HttpRequest) => (json as Record<string, Record<string, string>>)[item] ?? {};

  function product(key: string, request: HttpRequest): ScriptedResponse | undefined {
    const [action = '', uuid = ''] = key.replace(`POST /${controller}/`, '').split('/');
    switch (action) {
      case `search_${item}`:
        return grid(configuration.items);
      case `add_${item}`: {
        const added = itemOf(sent(request));
        configuration.items = [...configuration.items, added];
        return { body: { result: 'saved', uuid: added.uuid } };
      }
      case `set_${item}`: {
        const known = configuration.items.find((each) => each.uuid === uuid);
        const set = known === undefined ? itemOf(sent(request), uuid) : { ...known, ...sent(request), uuid };
        configuration.items =
          known === undefined
            ? [...configuration.items, set]
            : configuration.items.map((each) => (each === known ? set : each));
        return { body: { result: 'saved' } };
      }
      case `del_${item}`:
        configuration.items = configuration.items.filter((each) => each.uuid !== uuid);
        return { body: { result: 'deleted' } };
    }
    if (key === `GET /${service}/status`) return { body: { status: configuration.status } };
    if (key !== `POST /${service}/reconfigure`) return undefined;
    configuration.reconfigures += 1;
    configuration.status = configuration.starts(configuration.items) ? 'running' : 'stopped';
    return { body: { status: 'ok' } };
  }
  return configuration;
}
