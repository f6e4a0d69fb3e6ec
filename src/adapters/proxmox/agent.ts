import type { Address } from '../../domain/address.ts';
import { parseIpv4 } from '../../domain/address.ts';
import { SourceError } from '../../domain/error.ts';
import type { AgentInterface, GuestRef } from '../../domain/guest.ts';
import { parseMac } from '../../domain/mac.ts';
import type { GuestAgent } from '../../domain/ports.ts';
import { shown } from '../../lib/shown.ts';
import { agentFailure } from './agent-error.ts';
import { execByAgent } from './agent-exec.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { read } from './read.ts';
import { agentInterfacesSchema } from './schema.ts';
import type { Waiting } from './waiting.ts';

/** Bytes of each output that the product passes on (qemu qga/commands.c, `GUEST_EXEC_MAX_OUTPUT`). */
const outputBound = '16 MiB';

/**
 * The QEMU guest agent of a VM, through the API. Its failures are told apart as {@link agentFailure} does; an
 * error of the agent's own is `command-failed`.
 */
export function createAgent(api: ProxmoxApi, ref: GuestRef, waiting: Waiting): GuestAgent {
  return {
    async interfaces(signal) {
      const path = ['nodes', ref.node, 'qemu', ref.vmid, 'agent', 'network-get-interfaces'];
      const answer = await api.get({ path, signal }).catch(async (error: unknown) => {
        throw await agentFailure(error, 'read', api, ref, signal);
      });
      const { result } = read(agentInterfacesSchema, answer, `the answer of the agent of VM ${ref.vmid}`);
      if (Array.isArray(result)) return result.map(interfaceOf);
      const said = shown(result.error.desc ?? result.error.class ?? 'no reason given');
      throw new SourceError('command-failed', proxmox, `the agent of VM ${ref.vmid} refuses: ${said}`);
    },

    async run(command, signal, input) {
      const { cut, stderr, ...result } = await execByAgent(api, ref, command, input, waiting, signal);
      const note = cut ? `\n[output cut by the agent after ${outputBound}]` : '';
      return { ...result, stderr: stderr + note };
    },
  };
}

/** An interface in the words of the domain, with IPv4 alone: the lease to prove is one. */
export function interfaceOf(row: {
  readonly name: string;
  readonly 'hardware-address'?: string | undefined;
  readonly 'ip-addresses': readonly { readonly 'ip-address'?: string | undefined }[];
}): AgentInterface {
  const mac = parseMac(row['hardware-address'] ?? '');
  const addresses = row['ip-addresses']
    .map((each) => parseIpv4(each['ip-address'] ?? ''))
    .filter((address): address is Address => address !== undefined);
  return { name: row.name, addresses, ...(mac === undefined ? {} : { mac }) };
}
