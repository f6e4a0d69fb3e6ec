/** What happens to a request instead of, or before, being judged. */
export interface RequestFault {
  /** Waited first. */
  readonly delayMs?: number;
  /** The connection is cut without an answer. */
  readonly drop?: boolean;
  /** Answered with this status and an empty body: 596 `Connection timed out`, 595, 599. */
  readonly answer?: { readonly status: number; readonly reason: string };
}

/** What happens to a task: it ends with this error, or with these warnings after its work. */
export interface TaskFault {
  readonly error?: string;
  readonly warnings?: readonly string[];
}

/** A command as it goes to the guest agent. */
export interface AgentCommand {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** An answer of the guest agent, as on its socket. */
export type AgentReply =
  | { readonly return: unknown }
  | { readonly error: { readonly class: string; readonly desc: string } };

/** Things that go wrong on purpose. A test sets them at any time; all are off at the start. */
export interface Faults {
  /** Asked for each request, before it is judged. */
  request:
    | ((request: { readonly method: string; readonly target: string }) => RequestFault | undefined)
    | undefined;
  /** Asked for each task, before its work. */
  task: ((type: string, id: string) => TaskFault | undefined) | undefined;
  /** VMs whose agent gives no answer. */
  readonly agentSilent: Set<number>;
  /**
   * A lying agent: what it returns is taken for the agent's answer; undefined means no answer at all.
   * `real` is the true answer, undefined where the VM has no agent socket or nobody answered.
   */
  agentReply:
    | ((vmid: number, command: AgentCommand, real: AgentReply | undefined) => AgentReply | undefined)
    | undefined;
}

/** No faults. */
export function createFaults(): Faults {
  return { request: undefined, task: undefined, agentSilent: new Set(), agentReply: undefined };
}
