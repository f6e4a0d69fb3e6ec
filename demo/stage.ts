import type { DemoGuest, FixedGuest } from './guests.ts';

/** The world that the demo is played in: what people and the world itself do there, and how one looks at it. */
export interface Stage {
  readonly world: 'lab' | 'sim';
  /** The node that the guests are on. */
  readonly node: string;
  /** What its own look is, and where it goes to, for people. */
  readonly ownLook: string;
  readonly say: (line: string) => void;
  readonly colour: boolean;
  /** Milliseconds on the clock of this world. */
  readonly elapsed: () => number;
  /** Clones a template, and waits until the clone has its first lease. */
  clone(guest: DemoGuest): Promise<StageLease>;
  /** Waits until cloud-init has had its say on the name, the guest agent answers, and the client has its address. */
  settled(guest: DemoGuest): Promise<void>;
  /** Does what makes a guest lease as its template, where a fresh clone does not by itself. */
  spoil(guest: FixedGuest): Promise<void>;
  /** The lease in the server's own table. */
  lease(guest: DemoGuest): Promise<StageLease | undefined>;
  /** Answer of the segment's resolver for the guest's full name, or the error code that came instead. */
  resolve(guest: DemoGuest): Promise<string>;
  /** Reboots guests by the hypervisor, and waits until each has booted anew; `booted` is told each. */
  reboot(guests: readonly DemoGuest[], booted: (guest: DemoGuest) => void): Promise<void>;
  /** Puts a file into the folder that Truename works in, and gives its path. */
  write(name: string, text: string): Promise<string>;
  /** Runs the command line there with `--json`, its progress shown: the document that it printed. */
  truename<Report>(words: readonly string[]): Promise<Report>;
  sleep(ms: number): Promise<void>;
}

/** A lease as the stage itself reads it, apart from the code that it is there to check. */
export interface StageLease {
  readonly address: string;
  /** `*` where the server knows none. */
  readonly name: string;
}
