import type { Hostname } from './name.ts';
import type { GuestProbe, Shell } from './ports.ts';

/** Where Truename's units look for a guest's name; docs/guides/in-the-guest.md says what each is. */
export const nameSources = ['cmdline', 'credential', 'smbios', 'seed', 'last'] as const;
export type NameSource = (typeof nameSources)[number];

/** What the units are told; what is absent stays as it is, or is the installer's default. */
export interface UnitSettings {
  /** Names that templates give to their clones. */
  readonly templateNames?: readonly Hostname[];
  /** In their order. */
  readonly sources?: readonly NameSource[];
  /** Whether a clone that kept its template's machine-id is given its own. */
  readonly resetMachineId?: boolean;
}

/** A file of the units as the package holds it. */
export interface PackagedFile {
  /** Its name beside the installer. */
  readonly name: string;
  readonly content: Buffer;
  /** Where it goes in the guest; absent for the installer. */
  readonly target?: { readonly path: string /** In octal. */; readonly mode: string };
}

/** A file of the units as it stands in a guest. */
export interface StandingFile {
  readonly path: string;
  /** SHA-256 in hexadecimal; absent where there is no file. */
  readonly sha256?: string;
  /** In octal. */
  readonly mode?: string;
  /** False where it is somebody else's than root's. */
  readonly ofRoot?: boolean;
}

/** What a guest has of the units. */
export interface StandingUnits {
  /** NixOS takes the module in their place. */
  readonly nixos: boolean;
  /** True where systemd runs the machine. */
  readonly systemd: boolean;
  /** Programs that the units need and that are not there. */
  readonly missing: readonly string[];
  /** Of all targets, in the order of {@link PackagedFile}. */
  readonly files: readonly StandingFile[];
  /** True when both are enabled. */
  readonly enabled: boolean;
  /** The text of the settings; absent for none. */
  readonly settings?: string;
  /** What systemd says is wrong with the first unit; empty for nothing, and where it was not asked. */
  readonly complaint: string;
}

/** Reads and changes the units in a guest. Everything it throws is a `SourceError`. */
export interface GuestUnits {
  /** Changes nothing. */
  readonly look: GuestProbe<StandingUnits>;
  /** Runs the installer with these words; throws `command-failed` with what it said where it did not end well. */
  runInstaller(
    shell: Shell,
    files: readonly PackagedFile[],
    words: readonly string[],
    signal: AbortSignal,
  ): Promise<void>;
}
