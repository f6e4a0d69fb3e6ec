import { SourceError } from '../../domain/error.ts';
import type { CommandResult, Shell } from '../../domain/ports.ts';
import { parseJson } from '../../lib/json.ts';
import { shown } from '../../lib/shown.ts';
import { type ApiCall, checkedParts, fieldsOf, type ProxmoxApi, proxmox } from './client.ts';
import { adminPath } from './node-script.ts';
import { endOf } from './task-log.ts';

/** How the API is reached through a login on the nodes. */
export interface PveshOptions {
  /** The way into a node, by its name in the cluster. */
  readonly shellTo: (node: string) => Shell;
  /** Nodes that are asked what concerns the whole cluster, in this order; at least one. */
  readonly entryNodes: readonly string[];
  /** For one call; a call that starts a task ends with the task. */
  readonly timeoutMs: number;
}

/** Parameters are the script's own, so nothing of a call is ever read by the shell (pvesh(1)). */
const script = `${adminPath}\nexec pvesh "$@" --output-format json\n`;

/** Not found and not executable, as POSIX sh exits (XCU 2.8.2). */
const noProgram = new Set([126, 127]);

/**
 * The same API by `pvesh` as root on a node. What concerns a node runs on that node: pvesh's own
 * way to another node loses arrays and mixes a task's log into the answer
 * (pve-manager PVE/CLI/pvesh.pm, `proxy_handler`).
 */
export function createPveshApi(options: PveshOptions): ProxmoxApi {
  async function onNode(node: string, command: string, call: ApiCall): Promise<unknown> {
    const shell = options.shellTo(node);
    const fields = fieldsOf(call.params).map(([name, value]) => `--${name}=${value}`);
    const args = [command, `/${checkedParts(call.path).join('/')}`, ...fields];
    const result = await shell.run(script, {
      args,
      root: true,
      timeoutMs: call.taskMs ?? options.timeoutMs,
      signal: call.signal,
    });
    return dataOf(result, shell.via);
  }

  async function run(command: string, call: ApiCall): Promise<unknown> {
    const [room, node] = call.path;
    if (room === 'nodes' && node !== undefined) return onNode(String(node), command, call);
    let last: unknown = new SourceError('unreachable', proxmox, 'no entry node is configured');
    for (const entry of options.entryNodes) {
      try {
        return await onNode(entry, command, call);
      } catch (error) {
        if (!isAway(error)) throw error;
        last = error;
      }
    }
    throw last;
  }

  return {
    // pvesh refuses to run as anyone else (pve-common PVE/RESTEnvironment.pm, `setup_default_cli_env`).
    isRoot: true,
    get: (call) => run('get', call),
    post: (call) => run('create', call),
    put: (call) => run('set', call),
    delete: (call) => run('delete', call),
  };
}

/** Nothing that concerns the whole cluster is written, so a second node may always be asked. */
function isAway(error: unknown): boolean {
  return error instanceof SourceError && (error.code === 'unreachable' || error.code === 'timeout');
}

function dataOf(result: CommandResult, where: string): unknown {
  if (noProgram.has(result.exitCode)) {
    throw new SourceError('program-missing', proxmox, 'pvesh is not installed there', {
      where,
      hint: 'The machine must be a node of Proxmox VE.',
    });
  }
  if (result.exitCode !== 0) {
    const said = shown(result.stderr) || `pvesh ended with ${result.exitCode}`;
    throw new SourceError('command-failed', proxmox, `${said}${endOf(result.stdout.split('\n'))}`, { where });
  }
  return answerIn(result.stdout, where);
}

/**
 * A method without a result prints nothing. A method that starts a task runs it to its end in the
 * foreground and prints its log before the answer, which is the last line
 * (pve-common PVE/RESTEnvironment.pm, `fork_worker`; PVE/CLIFormatter.pm, `print_api_result`).
 */
function answerIn(stdout: string, where: string): unknown {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (last === '') return null;
  const answer = parseJson(last);
  if (answer !== undefined) return answer;
  throw new SourceError('bad-response', proxmox, 'the answer of pvesh is not JSON', { where });
}
