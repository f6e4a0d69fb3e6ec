import type { DemoGuest } from './guests.ts';
import type { Look } from './looking.ts';

/** What a demo prints with `--json`, see docs/reference/demo-report.md: one document, on one line. */
export interface DemoReport {
  readonly schema: 'truename/demo/1';
  /** `lab`: real parts; `sim`: a simulation in memory. */
  readonly world: 'lab' | 'sim';
  /** Guests that were proven, by Truename's word and by the world's own look, before the reboot and after it. */
  readonly proved: number;
  readonly total: number;
  readonly guests: readonly GuestStory[];
}

/** What one guest went through. */
export interface GuestStory {
  readonly name: string;
  readonly vmid: number;
  readonly segment: string;
  /** The profile shape of a guest that was rebuilt, the DHCP client of one that was mended without. */
  readonly shape: string;
  readonly proved: boolean;
  /** Name in the server's own lease table; `*` for none. */
  readonly lease: { readonly before: string; readonly after: string; readonly afterReboot: string };
  /** Answer of the segment's resolver for the guest's full name, or the error code that came instead. */
  readonly dns: { readonly before: string; readonly after: string; readonly afterReboot: string };
  /** Seconds of each step, by the clock of the world. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** The report on these guests. */
export function demoReport(world: DemoReport['world'], guests: readonly GuestStory[]): DemoReport {
  const proved = guests.filter((story) => story.proved).length;
  return { schema: 'truename/demo/1', world, proved, total: guests.length, guests };
}

/** What happened to a guest until its name was put right. */
export interface Mended {
  readonly guest: DemoGuest;
  /** The name that its first lease bore. */
  readonly granted: string;
  readonly before: Look;
  /** Truename's own word: proven, now and for the next boot. */
  readonly proven: boolean;
  readonly seconds: Readonly<Record<string, number>>;
}

/** Truename's own word on a guest after it was rebooted. */
export interface Reproof {
  readonly proven: boolean;
  /** When it was spoken, in milliseconds on the stage's clock. */
  readonly at: number;
}

/** The whole story of a guest. Truename's word and the stage's own look must agree, both times. */
export function storyOf(
  { guest, granted, before, proven, seconds }: Mended,
  after: Look,
  rebooted: { readonly look: Look; readonly reproof: Reproof; readonly from: number },
): GuestStory {
  const { name, vmid, segment, shape } = guest;
  const { look, reproof, from } = rebooted;
  return {
    name,
    vmid,
    segment,
    shape,
    proved: proven && after.agrees && reproof.proven && look.agrees,
    lease: { before: granted, after: after.lease, afterReboot: look.lease },
    dns: { before: before.dns, after: after.dns, afterReboot: look.dns },
    seconds: { ...seconds, 'reboot and proof': secondsBetween(from, reproof.at) },
  };
}

/** From one moment on a stage's clock to another, to the millisecond. */
export function secondsBetween(from: number, to: number): number {
  return Math.round(to - from) / 1000;
}
