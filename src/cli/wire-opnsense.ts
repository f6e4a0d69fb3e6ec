import { dnsResolver } from '../adapters/dns/resolver.ts';
import { opnsenseServer } from '../adapters/opnsense/server.ts';
import type { OpnsenseDefinition } from '../config/configuration.ts';
import { readSecret } from '../config/secret.ts';
import { TruenameError } from '../domain/error.ts';
import { parseFqdn } from '../domain/name.ts';
import type { DhcpServer } from '../domain/ports.ts';
import type { Segment } from '../domain/segment.ts';
import { systemClock } from '../lib/clock.ts';

/** What an OPNsense is composed with. */
export interface OpnsenseParts {
  /** All segments of the configuration. */
  readonly segments: readonly Segment[];
  /** For one question, in milliseconds. */
  readonly timeoutMs: number;
  /** Takes what is to be done when the connections of the run end. */
  atClose(end: () => Promise<void>): void;
}

/** An OPNsense over HTTPS; its secrets are read, and its connection is made, at the first question. */
export function wireOpnsense(
  definition: OpnsenseDefinition,
  { segments, timeoutMs, atClose }: OpnsenseParts,
): DhcpServer {
  const { id, url, trust, backend, addresses } = definition;
  const served = segments.filter(({ dhcpServer }) => dhcpServer === id);
  const answers = answering(definition, served);
  return opnsenseServer({
    id,
    source: `OPNsense ${new URL(url).host}`,
    backend,
    addresses,
    segments: served,
    clock: systemClock,
    ...(answers === undefined ? {} : { answers }),
    async connect() {
      const { createOpnsenseApi } = await import('../adapters/opnsense/api.ts');
      const [key, secret] = await Promise.all([readSecret(definition.key), readSecret(definition.secret)]);
      const api = createOpnsenseApi({ url, key, secret, trust, timeoutMs });
      atClose(() => api.close());
      return api;
    },
  });
}

/** Whether its Dnsmasq answers anything at all: dnsmasq serves DHCP and DNS in one process, one after the other. */
function answering(
  { id, url, dnsPort: port }: OpnsenseDefinition,
  [first]: readonly Segment[],
): ((signal: AbortSignal) => Promise<boolean>) | undefined {
  const name = parseFqdn(first?.domain ?? '');
  if (port === undefined || name === undefined) return undefined;
  const resolver = dnsResolver({ id, address: new URL(url).hostname, port });
  return async (signal) => {
    try {
      await resolver.forward(name, signal);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TruenameError)) throw error;
      // Whoever says that it cannot tell has answered.
      return error.code !== 'timeout' && error.code !== 'unreachable';
    }
  };
}
