import type { SshTarget } from '../adapters/openssh/target.ts';
import { nodeHost } from '../adapters/proxmox/config.ts';
import { createProxmoxHypervisor } from '../adapters/proxmox/hypervisor.ts';
import { createPveshApi } from '../adapters/proxmox/pvesh.ts';
import type { Configuration, HypervisorDefinition } from '../config/configuration.ts';
import { readSecret } from '../config/secret.ts';
import { TruenameError } from '../domain/error.ts';
import type { Hypervisor, Shell } from '../domain/ports.ts';

/** A hypervisor, and what ends its connections. */
export interface WiredHypervisor {
  readonly hypervisor: Hypervisor;
  close(): Promise<void>;
}

/** The hypervisor that a request is for: the one named, or the first in the configuration. */
export async function proxmoxHypervisor(
  configuration: Configuration,
  choice: { readonly hypervisor?: string; readonly node?: string },
  shellOn: (target: SshTarget) => Shell,
): Promise<WiredHypervisor> {
  const { hypervisors, timeouts } = configuration;
  const definition =
    choice.hypervisor === undefined ? hypervisors[0] : hypervisors.find(({ id }) => id === choice.hypervisor);
  if (definition === undefined) {
    throw new TruenameError('usage', `no hypervisor ${choice.hypervisor} is configured`, {
      hint: `Known are: ${hypervisors.map(({ id }) => id).join(', ')}.`,
    });
  }
  const { access } = definition;
  if (access.kind === 'rest') return overHttps(definition, access, timeouts.requestMs);
  const { nodes, entryNodes, user, port, identityFile } = access;
  const shells = new Map<string, Shell>();
  const shellTo = (node: string) => {
    const known = shells.get(node);
    if (known !== undefined) return known;
    const shell = shellOn({
      name: nodeHost(nodes, node),
      user,
      ...(port === undefined ? {} : { port }),
      ...(identityFile === undefined ? {} : { identityFile }),
    });
    shells.set(node, shell);
    return shell;
  };
  // The node that was named is asked first: it is likelier to exist than a convention's.
  const asked = [...new Set([...(choice.node === undefined ? [] : [choice.node]), ...entryNodes])];
  const api = createPveshApi({ shellTo, entryNodes: asked, timeoutMs: timeouts.bootMs });
  return {
    hypervisor: createProxmoxHypervisor({ id: definition.id, api, nodeShell: shellTo }),
    close: async () => undefined,
  };
}

async function overHttps(
  definition: HypervisorDefinition,
  access: Extract<HypervisorDefinition['access'], { kind: 'rest' }>,
  timeoutMs: number,
): Promise<WiredHypervisor> {
  const { createRestApi } = await import('../adapters/proxmox/rest.ts');
  const { endpoints, tokenId, trust } = access;
  const api = createRestApi({
    endpoints,
    tokenId,
    tokenSecret: await readSecret(access.tokenSecret),
    trust,
    timeoutMs,
  });
  return { hypervisor: createProxmoxHypervisor({ id: definition.id, api }), close: () => api.close() };
}
