import { type Clock, systemClock } from './clock.ts';
import { type ClusterOptions, createCluster } from './cluster.ts';
import { createFaults, type Faults } from './faults.ts';
import type { ApiRequest, ApiResponse } from './message.ts';
import { answerNodeCommand, isNodeCommand } from './node-command.ts';
import { judge } from './order.ts';

/** The API without its server. */
export interface Facade {
  /** Answers one request, of the API or of a program on the node; never rejects. */
  handle(request: ApiRequest): Promise<ApiResponse>;
  readonly faults: Faults;
  /** Ends all tasks and waits for them. */
  close(): Promise<void>;
}

/** What {@link createFacade} needs; the clock is this computer's unless given. */
export interface FacadeOptions extends Omit<ClusterOptions, 'clock' | 'faults'> {
  readonly clock?: Clock;
}

/** Creates the API in front of a world. */
export function createFacade(options: FacadeOptions): Facade {
  const faults = createFaults();
  const cluster = createCluster({ ...options, clock: options.clock ?? systemClock, faults });
  return {
    handle: (request) =>
      isNodeCommand(request) ? answerNodeCommand(cluster, request) : judge(cluster, request),
    faults,
    close: () => cluster.tasks.close(),
  };
}
