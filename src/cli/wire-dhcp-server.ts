import { dnsmasqServer } from '../adapters/dnsmasq/server.ts';
import type { SshTarget } from '../adapters/openssh/target.ts';
import type { DhcpServerDefinition } from '../config/configuration.ts';
import type { DhcpServer, Shell } from '../domain/ports.ts';
import { type OpnsenseParts, wireOpnsense } from './wire-opnsense.ts';

/** What a DHCP server is composed with. */
export interface DhcpServerParts extends OpnsenseParts {
  /** The way to a machine. */
  shellOn(target: SshTarget): Shell;
}

/** The DHCP server of a definition, by its product. */
export function wireDhcpServer(definition: DhcpServerDefinition, parts: DhcpServerParts): DhcpServer {
  switch (definition.type) {
    case 'dnsmasq': {
      const { ssh, ...server } = definition;
      const { host, ...login } = ssh;
      return dnsmasqServer({ ...server, shell: parts.shellOn({ name: host, ...login }) });
    }
    case 'opnsense':
      return wireOpnsense(definition, parts);
  }
}
