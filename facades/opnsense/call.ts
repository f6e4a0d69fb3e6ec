import type { Posted } from './body.ts';
import type { ApiResponse } from './message.ts';
import type { Release } from './release.ts';
import type { OpnsenseState } from './state.ts';
import type { World } from './world.ts';

/** One judged request, as an endpoint gets it. */
export interface Call {
  readonly state: OpnsenseState;
  readonly world: World;
  readonly method: string;
  /** What follows the action in the path, as it was sent: it is not decoded. */
  readonly parameters: readonly string[];
  readonly posted: Exclude<Posted, 'refused'>;
  readonly query: URLSearchParams;
  /** The user may change nothing. */
  readonly readOnly: boolean;
  readonly newUuid: () => string;
}

/** An action of a controller. */
export interface Endpoint {
  /** Parameters that must be in the path. */
  readonly needs: number;
  /** The first release that has it. */
  readonly since?: Release;
  answer(call: Call): ApiResponse | Promise<ApiResponse>;
}
