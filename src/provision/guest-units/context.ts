import type { TruenameError } from '../../domain/error.ts';
import type { GuestRef, GuestSummary } from '../../domain/guest.ts';
import type { GuestUnits, PackagedFile, UnitSettings } from '../../domain/guest-units.ts';
import type { Locks } from '../../domain/journal.ts';
import type { ExamineSources } from '../../observe/examine-sources.ts';

/** What a person asked for. */
export interface GuestUnitsRequest {
  readonly run: string;
  readonly what: 'install' | 'uninstall';
  readonly guests: readonly GuestSummary[];
  readonly inventory: readonly GuestSummary[];
  readonly settings: UnitSettings;
  /** Names of templates that the site knows, for guests that have no settings yet. */
  readonly templates: readonly string[];
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** For one look at one source, in milliseconds. */
  readonly patienceMs: number;
}

/** Everything outside of the flow; without locks nothing may be changed. */
export interface GuestUnitsSources extends ExamineSources {
  readonly units: GuestUnits;
  /** As the package holds them. */
  readonly packaged: () => Promise<readonly PackagedFile[]>;
  readonly locks?: Locks;
}

/** What becomes of one file. */
export interface FileChange {
  readonly path: string;
  /** `same` stands as it is to be, `other` differs from it, or is nobody's of Truename. */
  readonly was: 'absent' | 'same' | 'other';
  readonly becomes: 'written' | 'removed' | 'kept';
}

/** What came of one guest. */
export interface GuestUnitsResult {
  readonly name: string;
  readonly ref: GuestRef;
  readonly outcome: 'installed' | 'removed' | 'unchanged' | 'planned' | 'refused' | 'failed';
  readonly why: string;
  /** The way in; absent where nobody came in. */
  readonly via?: string;
  readonly files: readonly FileChange[];
  readonly error?: TruenameError;
}
