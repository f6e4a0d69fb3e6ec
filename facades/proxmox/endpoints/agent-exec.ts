import { assertAgent, demandAgent } from '../agent.ts';
import { type Call, integer, text, vmOf } from '../call.ts';

/** POST ~/agent/exec: no shell; the first element of `command` is the program. */
export async function exec(call: Call): Promise<unknown> {
  const vm = vmOf(call);
  const words = call.parameters.command;
  const [path, ...arg] = Array.isArray(words) ? words.map(String) : [];
  const input = text(call, 'input-data');
  await assertAgent(call.cluster, vm);
  const encoded = input === undefined ? {} : { 'input-data': Buffer.from(input, 'utf8').toString('base64') };
  const command = { execute: 'guest-exec', arguments: { path, arg, 'capture-output': true, ...encoded } };
  const result = (await demandAgent(call.cluster, vm, command)) as { pid: number };
  return { pid: result.pid };
}

/**
 * GET ~/agent/exec-status: `exited` and the truncation marks as 0 or 1, output decoded from base64 as
 * Latin-1 (so UTF-8 of the guest arrives encoded twice), keys missing where the agent sends none.
 * Source: qemu-server PVE/QemuServer/Agent.pm `qemu_exec_status`.
 */
export async function status(call: Call): Promise<unknown> {
  const vm = vmOf(call);
  await assertAgent(call.cluster, vm);
  const command = { execute: 'guest-exec-status', arguments: { pid: integer(call, 'pid') } };
  const raw = (await demandAgent(call.cluster, vm, command)) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, convert(key, value)]));
}

function convert(key: string, value: unknown): unknown {
  if (key === 'out-data' || key === 'err-data')
    return Buffer.from(String(value), 'base64').toString('latin1');
  return typeof value === 'boolean' ? Number(value) : value;
}
