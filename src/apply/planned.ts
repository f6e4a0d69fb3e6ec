import type { Examined } from '../observe/examine.ts';
import type { Decision, FixSubject } from '../plan/decide.ts';

/** A guest that was looked at, with what is to be done with it. */
export interface Planned extends FixSubject {
  readonly examined: Examined;
  readonly decision: Decision;
}
