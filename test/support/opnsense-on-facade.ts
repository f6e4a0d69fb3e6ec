import type { Facade } from '../../facades/opnsense/facade.ts';
import { createOpnsenseApi } from '../../src/adapters/opnsense/api.ts';
import { type OpnsenseOptions, opnsenseServer } from '../../src/adapters/opnsense/server.ts';
import { parseSubnet } from '../../src/domain/address.ts';
import type { ReservationWriter } from '../../src/domain/ports.ts';
import type { HttpRequest, HttpResponse } from '../../src/lib/http.ts';
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
          request: (request) => askFacade(facade, request, headers.authorization),
          close: async () => undefined,
        }),
      }),
  });
  return { server, writer: server.reserving as ReservationWriter };
}

/** Passes a request of the adapter to a façade in memory. */
export async function askFacade(
  facade: Facade,
  { method, path, json }: HttpRequest,
  authorization: string | undefined,
): Promise<HttpResponse> {
  const { status, body } = await facade.handle({
    ...{ method, target: `/api${path}` },
    headers: { authorization, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  return { status, reason: '', body };
}
