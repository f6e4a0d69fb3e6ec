import { type Cluster, loadVm } from './cluster.ts';
import type { Identity } from './identity.ts';
import type { Value } from './schema/schema.ts';
import { textOf } from './schema/validate.ts';
import type { Vm } from './vm.ts';

/** One judged request, as an endpoint gets it: rights checked, parameters valid but still as they were sent. */
export interface Call {
  readonly cluster: Cluster;
  readonly identity: Identity;
  readonly parameters: Readonly<Record<string, Value>>;
  /** The node it is for; `localhost` has become the answering node. */
  readonly node: string;
  /** The template that matched and the method, to say "not implemented" with. */
  readonly method: string;
  readonly path: string;
  /** Adds the top-level `total` of a list that pages. */
  setTotal(total: number): void;
}

/** Answers a call with the `data` of the response; throws `ApiProblem`. */
export type Endpoint = (call: Call) => unknown;

/** The parameter as text; undefined when it was not sent. */
export function text(call: Call, name: string): string | undefined {
  const value = call.parameters[name];
  return value === undefined || value === null ? undefined : textOf(value);
}

/** The parameter as a number; undefined when it was not sent. */
export function integer(call: Call, name: string): number | undefined {
  const value = text(call, name);
  return value === undefined ? undefined : Number(value);
}

/** The parameter as a boolean; undefined when it was not sent. */
export function flag(call: Call, name: string): boolean | undefined {
  const value = text(call, name);
  return value === undefined ? undefined : value === '1';
}

/** The `vmid` of the path. */
export function vmidOf(call: Call): number {
  return integer(call, 'vmid') ?? 0;
}

/** The VM of the path; throws the product's 500 when there is none, or it is a container. */
export function vmOf(call: Call): Vm {
  return loadVm(call.cluster, call.node, vmidOf(call));
}

/** The container of the path; throws the product's 500 when there is none, or it is a VM. */
export function containerOf(call: Call): Vm {
  return loadVm(call.cluster, call.node, vmidOf(call), 'lxc');
}
