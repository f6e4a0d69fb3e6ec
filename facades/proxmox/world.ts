/** What a machine is made of when it is switched on: what the configuration said at that moment. */
export interface Machine {
  readonly vmid: number;
  readonly name: string;
  /** SMBIOS uuid, lower or upper case as in the configuration; all zeros when it has none. */
  readonly uuid: string;
  /** In slot order; `slot` is `net0`, `net1`, …; `mac` is as in the configuration. */
  readonly nics: readonly {
    readonly slot: string;
    readonly mac: string;
    readonly bridge?: string;
    readonly tag?: number;
  }[];
  /** The files of the `cidata` disc; absent when the machine has no cloud-init drive. */
  readonly seed?: Readonly<Record<'user-data' | 'meta-data' | 'network-config' | 'vendor-data', string>>;
}

/**
 * The machines behind the API. The façade keeps configurations, tasks and rights; a world keeps disks
 * and processes. Ids are VMIDs; a world is never asked about one that was neither cloned nor loaded.
 * What a method rejects with becomes the error text of the task that asked.
 */
export interface World {
  /** Copies the disks of `source` to `target`; no configuration. */
  clone(source: number, target: number, signal: AbortSignal): Promise<void>;
  /** Resolves when the machine is powered on, not when its system is up. */
  start(machine: Machine): Promise<void>;
  /** Asks the guest to power off; true when it is off within `timeoutMs`. */
  shutdown(vmid: number, timeoutMs: number): Promise<boolean>;
  /** Pulls the plug; resolves when the machine is off. */
  stop(vmid: number): Promise<void>;
  running(vmid: number): boolean;
  /** The path of the unix socket of a real qemu-ga; undefined when the machine has none. */
  agentSocket(vmid: number): Promise<string | undefined>;
  /** Removes the disks. */
  destroy(vmid: number): Promise<void>;
}
