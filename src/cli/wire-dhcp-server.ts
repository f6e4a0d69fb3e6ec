import { dnsmasqServer } from '../adapters/dnsmasq/server.ts';
import type { DhcpServerDefinition } from '../config/configuration.ts';
import type { DhcpServer } from '../domain/ports.ts';
import { type KeaParts, wireKea } from './wire-kea.ts';
import { type OpnsenseParts, wireOpnsense } from './wire-opnsense.ts';

/** What a DHCP server is composed with. */
export interface DhcpServerParts extends OpnsenseParts, KeaParts {}

/** The DHCP server of a definition, by its product. */
export function wireDhcpServer(definition: DhcpServerDefinition, parts: DhcpServerParts): DhcpServer {
  switch (definition.type) {
    case 'dnsmasq': {
      const { ssh, ...server } = definition;
      const { host, ...login } = ssh;
      return dnsmasqServer({ ...server, shell: parts.shellOn({ name: host, ...login }) });
    }
    case 'kea':
      return wireKea(definition, parts);
    case 'opnsense':
      return wireOpnsense(definition, parts);
  }
}
