import { askAgent, assertAgent } from '../agent.ts';
import { type Call, type Endpoint, text, vmOf } from '../call.ts';

/**
 * An endpoint that passes one command on. An error of the agent itself is a success with
 * `result.error`. Source: qemu-server PVE/API2/Qemu/Agent.pm `register_command`.
 */
export function simple(command: string): Endpoint {
  return (call) => pass(call, command);
}

/** POST ~/agent `command=…`: the old form of the same. */
export function named(call: Call): Promise<unknown> {
  return pass(call, text(call, 'command') ?? '');
}

async function pass(call: Call, command: string): Promise<unknown> {
  const vm = vmOf(call);
  await assertAgent(call.cluster, vm);
  const reply = await askAgent(call.cluster, vm, { execute: `guest-${command}` });
  return { result: 'return' in reply ? reply.return : { error: reply.error } };
}
