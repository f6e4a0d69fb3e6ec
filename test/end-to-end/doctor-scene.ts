import type { LabCluster } from '../../lab/cluster.ts';
import type { LabPaths } from '../../lab/paths.ts';

/** What a scene is set with. */
export interface SceneTools {
  readonly cluster: LabCluster;
  readonly paths: LabPaths;
  /** Runs a script as root in a host of the lab, past everything that is to be tested. */
  readonly inside: (host: string, script: string) => Promise<string>;
}

/** A lab guest brought into a state by its real cause, and what the doctor must find. */
export interface DoctorScene {
  readonly vmid: number;
  readonly name: string;
  readonly template: number;
  /** Absent: `mgmt`. */
  readonly segment?: 'srv';
  /** How the hypervisor is reached; absent: by its API. */
  readonly access?: 'ssh';
  /** Configuration lines that the clone gets before its first start. */
  readonly further?: Readonly<Record<string, string>>;
  /** What was really done to it, for the index of the rules. */
  readonly cause: string;
  readonly setUp?: (tools: SceneTools) => Promise<unknown>;
  /** The rules that must fire with a fault or a risk, and no others. */
  readonly rules: readonly string[];
  /** Rules that may fire beside, where chance decides. */
  readonly perhaps?: readonly string[];
  readonly firstBroken?: string;
}

/**
 * Has NetworkManager on `eth0` ask anew again and again, for as long as the wire may be listened to: a look begins when it
 * begins, so one request alone might come before it.
 */
export const asksAgain =
  'for n in 46 47 48 49 50 51 52 53; do sleep 1.5; nmcli device modify eth0 ipv4.dhcp-timeout $n; done';
