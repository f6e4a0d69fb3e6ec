import { type Cluster, loadVm, localNode } from './cluster.ts';
import { type ApiRequest, type ApiResponse, dataResponse, errorResponse } from './message.ts';
import { ApiProblem, badParameters, died, notImplemented } from './problem.ts';
import { methodSchema, type Parameters, type Property, type Value } from './schema/schema.ts';
import { validate } from './schema/validate.ts';
import { volumePath } from './volume-path.ts';

/** Bytes of a request body: the standard input of a program among them. */
export const nodeBodyLimit = 16 * 1024 * 1024;

const prefix = '/node/';
const vmid = methodSchema('GET', '/nodes/{node}/lxc/{vmid}/config')?.parameters.properties.vmid ?? {};

interface NodeCommand {
  readonly properties: Readonly<Record<string, Property>>;
  perform(cluster: Cluster, parameters: Readonly<Record<string, Value>>): unknown;
}

const commands: Readonly<Record<string, NodeCommand>> = {
  exec: {
    properties: {
      vmid,
      command: { type: 'array', items: { type: 'string' } },
      stdin: { type: 'string' },
    },
    perform: execute,
  },
  path: {
    properties: { volume: { type: 'string', format: 'pve-volume-id' } },
    perform: (cluster, parameters) => volumePath(cluster, String(parameters.volume)),
  },
};

/**
 * Whether a request is none of the API but of a program on the node itself. Only what came over the node's
 * unix socket can be: over HTTPS the same target is a path that does not exist.
 */
export function isNodeCommand({ local, target }: Pick<ApiRequest, 'local' | 'target'>): boolean {
  return local === true && target.startsWith(prefix);
}

/**
 * Answers `POST /node/exec` (`vmid`, `command`, `stdin`; an {@link import('./world.ts').ExecResult}) and
 * `POST /node/path` (`volume`; its path), the body as JSON, in the envelope of the API. Errors bear the texts
 * with which `pct` and `pvesm` end. Never rejects.
 */
export async function answerNodeCommand(cluster: Cluster, request: ApiRequest): Promise<ApiResponse> {
  const name = request.target.slice(prefix.length);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (command === undefined || request.method !== 'POST')
      throw notImplemented(request.method, request.target);
    const judged = validate(
      { properties: command.properties, additionalProperties: 0 },
      JSON.parse(request.body?.toString('utf8') ?? '') as Parameters,
    );
    if (Object.keys(judged.errors).length > 0) throw badParameters(judged.errors);
    return dataResponse('json', await command.perform(cluster, judged.parameters));
  } catch (error) {
    if (error instanceof ApiProblem) return errorResponse('json', error);
    return errorResponse('json', died(error instanceof Error ? error.message : String(error)));
  }
}

/** Source of the order and the texts: pve-container CLI/pct.pm `exec`. */
async function execute(cluster: Cluster, parameters: Readonly<Record<string, Value>>): Promise<unknown> {
  const container = loadVm(cluster, localNode(cluster), Number(parameters.vmid), 'lxc');
  if (!cluster.world.running(container.vmid)) throw died(`container '${container.vmid}' not running!`);
  const words = Array.isArray(parameters.command) ? parameters.command.map(String) : [];
  if (words.length === 0) throw died('missing command');
  return await cluster.world.exec(container.vmid, words, String(parameters.stdin));
}
