import type { Address } from '../../domain/address.ts';
import { parseIpv4 } from '../../domain/address.ts';
import { SourceError } from '../../domain/error.ts';
import type { AgentInterface, GuestRef } from '../../domain/guest.ts';
import { parseMac } from '../../domain/mac.ts';
import type { CommandResult, GuestAgent } from '../../domain/ports.ts';
import { type ApiCall, type ProxmoxApi, proxmox, shown } from './client.ts';
import { read } from './read.ts';
import { agentExecSchema, agentExecStatusSchema, agentInterfacesSchema } from './schema.ts';
import { undoLatin1 } from './text.ts';
import { poll, type Waiting } from './waiting.ts';

/** Bytes of each output that the product passes on (qemu qga/commands.c, `GUEST_EXEC_MAX_OUTPUT`). */
const outputBound = '16 MiB';

/** The QEMU guest agent of a VM, through the API. */
export function createAgent(api: ProxmoxApi, ref: GuestRef, waiting: Waiting): GuestAgent {
  const at = (method: string, signal: AbortSignal): Pick<ApiCall, 'path' | 'signal'> => ({
    path: ['nodes', ref.node, 'qemu', ref.vmid, 'agent', method],
    signal,
  });

  /** A refused call is the agent's fault only if it does not answer a ping either. */
  async function explained(error: unknown, signal: AbortSignal): Promise<unknown> {
    if (!isRefusal(error)) return error;
    try {
      await api.post(at('ping', signal));
      return error;
    } catch (silence) {
      return isRefusal(silence) ? silent(ref, silence) : silence;
    }
  }

  return {
    async interfaces(signal) {
      const answer = await api.get(at('network-get-interfaces', signal)).catch((error: unknown) => {
        throw isRefusal(error) ? silent(ref, error) : error;
      });
      const { result } = read(agentInterfacesSchema, answer, `the agent of VM ${ref.vmid}`);
      if (Array.isArray(result)) return result.map(interfaceOf);
      const said = shown(result.error.desc ?? result.error.class ?? 'no reason given');
      throw new SourceError('command-failed', proxmox, `the agent of VM ${ref.vmid} refuses: ${said}`);
    },

    async run(command, signal) {
      const exec = { ...at('exec', signal), params: { command } };
      const answer = await api.post(exec).catch(async (error: unknown) => {
        throw await explained(error, signal);
      });
      const { pid } = read(agentExecSchema, answer, 'the answer to exec');
      return poll(
        () => resultOf(api, { ...at('exec-status', signal), params: { pid } }),
        `the end of ${shown(command[0] ?? '')} in VM ${ref.vmid}`,
        waiting,
        signal,
      );
    },
  };
}

/** Undefined while it runs. The first answer with a result takes it away from the agent: it is kept here. */
async function resultOf(api: ProxmoxApi, call: ApiCall): Promise<CommandResult | undefined> {
  const status = read(agentExecStatusSchema, await api.get(call), 'the result of exec');
  if (!status.exited) return undefined;
  const cut = status['out-truncated'] || status['err-truncated'];
  const note = cut ? `\n[output cut by the agent after ${outputBound}]` : '';
  return {
    exitCode: status.signal === undefined ? (status.exitcode ?? 0) : 128 + status.signal,
    stdout: undoLatin1(status['out-data']),
    stderr: undoLatin1(status['err-data']) + note,
  };
}

/** Only IPv4: the lease to prove is one. An interface without addresses has no list at all. */
function interfaceOf(row: {
  name: string;
  'hardware-address'?: string | undefined;
  'ip-addresses': { 'ip-address': string }[];
}): AgentInterface {
  const mac = parseMac(row['hardware-address'] ?? '');
  const addresses = row['ip-addresses']
    .map((each) => parseIpv4(each['ip-address']))
    .filter((address): address is Address => address !== undefined);
  return { name: row.name, addresses, ...(mac === undefined ? {} : { mac }) };
}

function isRefusal(error: unknown): error is SourceError {
  return error instanceof SourceError && error.code === 'command-failed';
}

function silent(ref: GuestRef, cause: SourceError): SourceError {
  const message = `the guest agent of VM ${ref.vmid} does not answer: ${cause.message}`;
  return new SourceError('agent-silent', proxmox, message, {
    cause,
    hint: 'The VM must run qemu-guest-agent, and have had the option agent=1 when it was started.',
  });
}
