/** A network card as the configuration describes it. */
export interface MachineNic {
  /** `net0`, `net1`, … */
  readonly slot: string;
  /** As in the configuration. */
  readonly mac: string;
  readonly bridge?: string;
  readonly tag?: number;
}

/** A network card of a container: one end of a veth pair, named and addressed by the node. */
export interface ContainerNic extends MachineNic {
  /** The device inside: `eth0`. */
  readonly name: string;
  /** `dhcp`, `manual` or an address with its prefix; absent when nothing was said of IPv4. */
  readonly ip?: string;
  /** The IPv4 gateway beside a fixed address. */
  readonly gateway?: string;
}

/** A virtual machine when it is switched on: what the configuration said at that moment. */
export interface VirtualMachine {
  readonly kind: 'vm';
  readonly vmid: number;
  readonly name: string;
  /** SMBIOS uuid, lower or upper case as in the configuration; all zeros when it has none. */
  readonly uuid: string;
  /** In slot order. */
  readonly nics: readonly MachineNic[];
  /** The files of the `cidata` disc; absent when the machine has no cloud-init drive. */
  readonly seed?: Readonly<Record<'user-data' | 'meta-data' | 'network-config' | 'vendor-data', string>>;
}

/** A container when it is started. The node writes its host name and addresses into it; there is no seed. */
export interface ContainerMachine {
  readonly kind: 'container';
  readonly vmid: number;
  /** The name as lists show it: the host name. */
  readonly name: string;
  /** What the node writes as the container's own name; `CT100` for one without. */
  readonly hostname: string;
  /** In slot order. */
  readonly nics: readonly ContainerNic[];
}

/** What a guest is made of when it is switched on. */
export type Machine = VirtualMachine | ContainerMachine;

/** What a program in a container left behind. */
export interface ExecResult {
  /** 128 and the signal's number for a program that a signal ended. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A device of a running container. */
export interface ContainerInterface {
  readonly name: string;
  /** Lower case, as the kernel prints it. */
  readonly mac: string;
  /** IPv4 and IPv6 with their prefix: `10.2.10.20/24`; empty for a device without. */
  readonly addresses: readonly string[];
}

/**
 * The machines behind the API. The façade keeps configurations, tasks and rights; a world keeps disks
 * and processes. Ids are VMIDs; a world is never asked about one that was neither cloned nor loaded.
 * What a method rejects with becomes the error text of the task that asked.
 */
export interface World {
  /** Copies the disks of `source` to `target`, or makes such as stand on them; no configuration. */
  clone(source: number, target: number, signal: AbortSignal, how: 'full' | 'linked'): Promise<void>;
  /** Puts another cloud-init disc into a running virtual machine; its system sees it when it looks again. */
  swapSeed(vmid: number, seed: NonNullable<VirtualMachine['seed']>): Promise<void>;
  /** Resolves when the machine is powered on, not when its system is up. */
  start(machine: Machine): Promise<void>;
  /** Asks the guest to power off; true when it is off within `timeoutMs`. */
  shutdown(vmid: number, timeoutMs: number): Promise<boolean>;
  /** Pulls the plug; resolves when the machine is off. */
  stop(vmid: number): Promise<void>;
  running(vmid: number): boolean;
  /** The path of the unix socket of a real qemu-ga; undefined when the machine has none, as no container has. */
  agentSocket(vmid: number): Promise<string | undefined>;
  /**
   * Runs a program as root inside a running container, without a shell: `command[0]` is looked up in PATH.
   * The environment is `container=lxc`, a TERM, and PATH as lxc-attach(1) sets it:
   * `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`.
   * A program that does not exist is the exit code 127. Only asked of running containers.
   */
  exec(vmid: number, command: readonly string[], stdin: string): Promise<ExecResult>;
  /** All devices of a running container, `lo` included. Only asked of running containers. */
  interfaces(vmid: number): Promise<readonly ContainerInterface[]>;
  /** Removes the disks. */
  destroy(vmid: number): Promise<void>;
}
