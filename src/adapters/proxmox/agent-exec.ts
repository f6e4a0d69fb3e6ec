import { SourceError } from '../../domain/error.ts';
import type { GuestRef } from '../../domain/guest.ts';
import type { CommandResult } from '../../domain/ports.ts';
import { shown } from '../../lib/shown.ts';
import { agentFailure } from './agent-error.ts';
import { type ApiCall, type ProxmoxApi, proxmox } from './client.ts';
import { read } from './read.ts';
import { agentExecSchema, agentExecStatusSchema } from './schema.ts';
import { asLatin1, undoLatin1 } from './text.ts';
import { inTime, poll, type Waiting } from './waiting.ts';

/** Characters of `input-data` that the API takes (qemu-server PVE/API2/Qemu/Agent.pm). */
const inputBound = 65_536;

/** How a program in a guest ended. */
export interface AgentResult extends CommandResult {
  /** True when the agent dropped the end of what was printed. */
  readonly cut: boolean;
}

/**
 * Runs a program by the agent, without a shell, and waits for its end; `input` is its stdin. Throws `unsupported`
 * for an input that is too long, and else what {@link agentFailure} makes of a refusal.
 */
export async function execByAgent(
  api: ProxmoxApi,
  ref: GuestRef,
  command: readonly string[],
  input: string | undefined,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<AgentResult> {
  const at = (method: string): Pick<ApiCall, 'path' | 'signal'> => ({
    path: ['nodes', ref.node, 'qemu', ref.vmid, 'agent', method],
    signal,
  });
  const explain = async (error: unknown): Promise<never> => {
    throw await agentFailure(error, 'exec', api, ref, signal);
  };
  const stdin = input === undefined ? {} : { 'input-data': checkedInput(input) };
  const what = `the end of ${shown(command[0] ?? '')} in VM ${ref.vmid}`;
  const started = api.post({ ...at('exec'), params: { command, ...stdin } }).catch(explain);
  const { pid } = read(agentExecSchema, await inTime(started, what, signal), 'the answer to exec');
  const call = { ...at('exec-status'), params: { pid } };
  return poll(() => resultOf(api, call, explain), what, waiting, signal);
}

function checkedInput(input: string): string {
  const encoded = asLatin1(input);
  if (encoded.length <= inputBound) return encoded;
  const message = `the text for the program is ${encoded.length} bytes long; Proxmox VE passes at most ${inputBound} to the guest agent`;
  throw new SourceError('unsupported', proxmox, message, { hint: 'Reach the guest by ssh.' });
}

/** Undefined while it runs. The first answer with a result takes it away from the agent: it is kept here. */
async function resultOf(
  api: ProxmoxApi,
  call: ApiCall,
  explain: (error: unknown) => Promise<never>,
): Promise<AgentResult | undefined> {
  const status = read(agentExecStatusSchema, await api.get(call).catch(explain), 'the result of exec');
  if (!status.exited) return undefined;
  return {
    exitCode: status.signal === undefined ? (status.exitcode ?? 0) : 128 + status.signal,
    stdout: undoLatin1(status['out-data']),
    stderr: undoLatin1(status['err-data']),
    cut: status['out-truncated'] || status['err-truncated'],
  };
}
