import type { Remedy } from './remedy.ts';

/** The steps of a rebuild, in order. */
export const rebuildSteps = [
  'configuration',
  'find',
  'start',
  'segment',
  'address',
  'host-key',
  'login',
  'identity',
  'cloud-init',
  'declared-name',
  'build',
  'reboot',
  'name',
  'proof',
] as const;

/** One of {@link rebuildSteps}. */
export type RebuildStep = (typeof rebuildSteps)[number];

/** What a run tells while it works; renderers and the final report are made of nothing else. */
export type RunEvent =
  | { readonly type: 'step-started'; readonly step: RebuildStep; readonly at: string }
  | {
      readonly type: 'step-ended';
      readonly step: RebuildStep;
      readonly at: string;
      readonly seconds: number;
      readonly result: string;
      readonly passed: boolean;
    }
  | {
      readonly type: 'step-failed';
      readonly step: RebuildStep;
      readonly at: string;
      readonly seconds: number;
      readonly code: string;
    }
  | { readonly type: 'note'; readonly step: RebuildStep; readonly at: string; readonly text: string }
  | { readonly type: 'output'; readonly step: RebuildStep; readonly at: string; readonly line: string }
  | { readonly type: 'remedy'; readonly step: RebuildStep; readonly at: string; readonly remedy: Remedy };

/** Takes events as they happen; never throws. */
export type Emit = (event: RunEvent) => void;
