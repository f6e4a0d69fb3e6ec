/** The steps of making clones, in order; those from `make` on are each clone's own. */
export const cloneSteps = [
  'source',
  'look',
  'reserve',
  'make',
  'set-up',
  'start',
  'lease',
  'proof',
  'roll-back',
] as const;

/** One of {@link cloneSteps}. */
export type CloneStep = (typeof cloneSteps)[number];

/** What a run that makes clones tells while it works. */
export interface CloneEvent {
  readonly step: CloneStep;
  /** `begun` comes before anything of the step is done, `ended` when it is, `note` beside. */
  readonly type: 'begun' | 'ended' | 'note' | 'failed';
  /** The clone; absent for what concerns all. */
  readonly name?: string;
  readonly vmid?: number;
  /** One line for people. */
  readonly text: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}
