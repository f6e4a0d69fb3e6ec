import { exchange } from './agent-wire.ts';
import type { Cluster } from './cluster.ts';
import type { AgentCommand, AgentReply } from './faults.ts';
import { died } from './problem.ts';
import type { Vm } from './vm.ts';

/** qemu-server QemuServer/Agent.pm `assert_agent_available`: ping waits this long, in milliseconds. */
const pingTimeoutMs = 3000;
/** qemu-server QMPClient.pm: other guest agent commands wait this long, in milliseconds. */
const commandTimeoutMs = 5000;

/**
 * Throws the product's 500 unless the agent can be asked: no `agent` line at all (`agent: 0` passes), not
 * running, no answer to a ping. Source: qemu-server QemuServer/Agent.pm `assert_agent_available`.
 */
export async function assertAgent(cluster: Cluster, vm: Vm): Promise<void> {
  if (vm.values.agent === undefined) throw died('No QEMU guest agent configured');
  if (!cluster.world.running(vm.vmid)) throw died(`VM ${vm.vmid} is not running`);
  const reply = await ask(cluster, vm, { execute: 'guest-ping' }, pingTimeoutMs);
  if (reply === undefined || 'error' in reply) throw died('QEMU guest agent is not running');
}

/** Asks the agent, once {@link assertAgent} has passed; its own errors come back as a reply. */
export async function askAgent(cluster: Cluster, vm: Vm, command: AgentCommand): Promise<AgentReply> {
  const reply = await ask(cluster, vm, command, commandTimeoutMs);
  if (reply !== undefined) return reply;
  throw died(`VM ${vm.vmid} qga command '${command.execute}' failed - got timeout`);
}

/** {@link askAgent} for commands whose agent errors are errors of the request. */
export async function demandAgent(cluster: Cluster, vm: Vm, command: AgentCommand): Promise<unknown> {
  const reply = await askAgent(cluster, vm, command);
  if ('return' in reply) return reply.return;
  throw died(`Agent error: ${reply.error.desc}`);
}

const queues = new WeakMap<Vm, Promise<unknown>>();

/** One client at a time: the socket of a VM takes no second connection. */
function ask(
  cluster: Cluster,
  vm: Vm,
  command: AgentCommand,
  timeoutMs: number,
): Promise<AgentReply | undefined> {
  const before = queues.get(vm) ?? Promise.resolve();
  const answer = before.then(() => askNow(cluster, vm, command, timeoutMs));
  queues.set(
    vm,
    answer.catch(() => undefined),
  );
  return answer;
}

async function askNow(
  cluster: Cluster,
  vm: Vm,
  command: AgentCommand,
  timeoutMs: number,
): Promise<AgentReply | undefined> {
  const { faults, world, clock } = cluster;
  if (faults.agentSilent.has(vm.vmid)) {
    await clock.sleep(timeoutMs);
    return undefined;
  }
  const socket = await world.agentSocket(vm.vmid);
  const real = socket === undefined ? undefined : await exchange(socket, command, timeoutMs);
  return faults.agentReply === undefined ? real : faults.agentReply(vm.vmid, command, real);
}
