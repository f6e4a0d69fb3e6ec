/** Builds a NixOS system from one configuration and makes it the guest's. */
export interface SystemBuilder {
  /** Where evaluation and build run. */
  readonly where: 'target' | 'controller';
  /**
   * Carries the configuration to where it is built, whole or not at all; activates nothing. With `forceName` what is built
   * declares the VM's name, whatever the configuration says; throws `configuration-names-other` where that cannot be done.
   * Gives what a person should know of it.
   */
  prepare(how: { readonly forceName: boolean }, signal: AbortSignal): Promise<readonly string[]>;
  /** Evaluates the whole system without building it; throws `evaluation-failed`, which another try would not mend. */
  evaluate(signal: AbortSignal): Promise<EvaluatedSystem>;
  /**
   * Builds, and makes the system the profile's: in force at once by `switch`, or from the next boot on by `boot`. Every
   * line of output goes to `onLine` as it comes.
   */
  activate(
    action: 'switch' | 'boot',
    onLine: (line: string) => void,
    signal: AbortSignal,
  ): Promise<SwitchOutcome>;
  /** Makes the profile's system of before the one in force again. */
  rollBack(onLine: (line: string) => void, signal: AbortSignal): Promise<SwitchOutcome>;
}

/** What a configuration comes to. */
export interface EvaluatedSystem {
  /** Empty when it declares none. */
  readonly declaredName: string;
  /** Store path of the system. */
  readonly path: string;
}

/**
 * How an activation ended. `units-failed` and `reboot-required`: the new system is in force all the same
 * (switch-to-configuration's exit codes 4 and 100). `inhibited`: it is the profile's, and may be put in force by a boot
 * only. `out-of-memory`: it was killed, most likely for want of memory. `connection-lost`: nobody heard how it ended.
 */
export interface SwitchOutcome {
  readonly result:
    | 'switched'
    | 'units-failed'
    | 'reboot-required'
    | 'inhibited'
    | 'not-built'
    | 'out-of-memory'
    | 'not-activated'
    | 'connection-lost';
  readonly exitCode: number;
  /** The last lines of output, for the error message. */
  readonly tail: readonly string[];
}
