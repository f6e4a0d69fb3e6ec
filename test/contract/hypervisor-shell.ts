import { spawnSync } from 'node:child_process';
import type { AgentCommand, AgentReply } from '../support/wire-agent.ts';

/** The guest with a real `/bin/sh` beside its own programs. */
export function withShell(
  guest: (command: AgentCommand) => AgentReply,
): (command: AgentCommand) => AgentReply {
  const results = new Map<number, AgentReply>();
  return (command) => {
    const given = command.arguments ?? {};
    if (command.execute === 'guest-exec' && given.path === '/bin/sh') {
      const pid = 5000 + results.size;
      results.set(pid, { return: runShell(given) });
      return { return: { pid } };
    }
    const result = command.execute === 'guest-exec-status' ? results.get(Number(given.pid)) : undefined;
    return result ?? guest(command);
  };
}

function runShell(given: Readonly<Record<string, unknown>>): object {
  const input = Buffer.from(String(given['input-data'] ?? ''), 'base64');
  const { status, stdout, stderr } = spawnSync('/bin/sh', given.arg as string[], { input });
  return {
    exited: true,
    exitcode: status,
    'out-data': stdout.toString('base64'),
    'err-data': stderr.toString('base64'),
  };
}
