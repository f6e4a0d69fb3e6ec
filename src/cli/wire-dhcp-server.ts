import { dnsmasqServer } from '../adapters/dnsmasq/server.ts';
import type { SshTarget } from '../adapters/openssh/target.ts';
import type { DhcpServerDefinition } from '../config/configuration.ts';
import type { DhcpServer, Shell } from '../domain/ports.ts';

/** The DHCP server of a definition, by its product; `shellOn` gives the way to a machine. */
export function wireDhcpServer(
  definition: DhcpServerDefinition,
  shellOn: (target: SshTarget) => Shell,
): DhcpServer {
  switch (definition.type) {
    case 'dnsmasq': {
      const { ssh, ...server } = definition;
      const { host, ...login } = ssh;
      return dnsmasqServer({ ...server, shell: shellOn({ name: host, ...login }) });
    }
  }
}
