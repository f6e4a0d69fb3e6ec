import { setTimeout as delay } from 'node:timers/promises';
import { askApi, type Parameters, type Verb } from './api-client.ts';
import { Failure, failureOf, prettyJson, print } from './output.ts';
import { readStandardInput } from './standard-input.ts';
import { option, type Words } from './words.ts';

/** qemu-server src/PVE/CLI/qm.pm `guest exec`: seconds, unless `--timeout`. */
const defaultTimeoutSeconds = 30;
/** qemu-server src/PVE/CLI/qm.pm: bytes of stdin that `--pass-stdin` takes. */
const stdinLimit = 1024 * 1024;
/** Commands that the API serves with POST. Source: qemu-server src/PVE/API2/Qemu/Agent.pm. */
const posted = ['ping', 'fsfreeze-freeze', 'fsfreeze-status', 'fsfreeze-thaw', 'fstrim', 'shutdown'];

async function agent(
  verb: Verb,
  vmid: string,
  command: string,
  parameters: Parameters = {},
): Promise<unknown> {
  const answer = await askApi(verb, `/nodes/localhost/qemu/${vmid}/agent/${command}`, parameters);
  if (answer.status !== 200) throw failureOf(answer);
  return answer.data;
}

/** `qm guest cmd VMID COMMAND`: the bare result as sorted pretty JSON, nothing for an empty object. */
export async function guestCommand(vmid = '', command = ''): Promise<void> {
  const verb = posted.includes(command) ? 'create' : 'get';
  const { result } = (await agent(verb, vmid, command)) as { result: unknown };
  if (result === null || typeof result !== 'object' || Object.keys(result).length > 0)
    print(prettyJson(result));
}

/**
 * `qm guest exec VMID [--timeout S] [--synchronous 0] [--pass-stdin 1] -- PROGRAM ARGUMENT…`: asks each
 * second and prints the exec-status object; on time-out `{"pid":N}` and a warning. The exit code is 0
 * whatever the program's was.
 */
export async function guestExec(words: Words): Promise<void> {
  const [vmid = '', ...inline] = words.positional;
  const command = [...inline, ...words.rest];
  const input = option(words, 'pass-stdin') === '1' ? { 'input-data': await readInput() } : {};
  const started = (await agent('create', vmid, 'exec', { command, ...input })) as { pid: number };
  if (option(words, 'synchronous') === '0') return print(prettyJson(started));
  const seconds = Number(option(words, 'timeout') ?? defaultTimeoutSeconds);
  for (let waited = 0; seconds === 0 || waited < seconds; waited += 1) {
    const status = (await agent('get', vmid, 'exec-status', { pid: String(started.pid) })) as {
      exited: number;
    };
    if (status.exited === 1) return print(prettyJson(status));
    await delay(1000);
  }
  process.stderr.write('timeout reached, returning pid\n');
  print(prettyJson(started));
}

/** `qm guest exec-status VMID PID`. */
export async function guestExecStatus(vmid = '', pid = ''): Promise<void> {
  print(prettyJson(await agent('get', vmid, 'exec-status', { pid })));
}

async function readInput(): Promise<string> {
  const input = await readStandardInput(stdinLimit);
  if (input === undefined) throw new Failure('input-data too long');
  return input;
}
