import type { Facade } from '../../facades/opnsense/facade.ts';
import { createOpnsenseApi } from '../../src/adapters/opnsense/api.ts';
import { type OpnsenseOptions, opnsenseServer } from '../../src/adapters/opnsense/server.ts';
import { parseSubnet } from '../../src/domain/address.ts';
import type { ReservationWriter } from '../../src/domain/ports.ts';
import { fakeClock } from './fake-clock.ts';

const subnet = parseSubnet('10.2.20.0/24');

/** The adapter before a stand-in in memory, as the DHCP server of segment srv; it finds out itself which backend is on. */
export function opnsenseOnFacade(facade: Facade, addresses: OpnsenseOptions['addresses'] = []) {
  const server = opnsenseServer({
    ...{ id: 'srv', source: 'OPNsense srv', backend: 'auto', addresses, clock: fakeClock() },
    segments: [{ domain: 'srv.internal', ...(subnet === undefined ? {} : { subnet }) }],
    connect: async () =>
      createOpnsenseApi({
        ...{ url: 'https://fw.srv.internal', key: 'key', secret: 'c2VjcmV0/of+the/key==' },
        ...{ trust: { kind: 'system' }, timeoutMs: 1000 },
        connect: (_base, headers) => ({
          async request({ method, path, json }) {
            const { authorization } = headers;
            const sent = json === undefined ? {} : { body: JSON.stringify(json) };
            const type = json === undefined ? {} : { 'content-type': 'application/json' };
            const target = `/api${path}`;
            const answer = await facade.handle({
              method,
              target,
              headers: { authorization, ...type },
              ...sent,
            });
            return { status: answer.status, reason: '', body: answer.body };
          },
          close: async () => undefined,
        }),
      }),
  });
  return { server, writer: server.reserving as ReservationWriter };
}
