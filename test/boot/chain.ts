import { setTimeout as delay } from 'node:timers/promises';
import type { VirtualMachine } from '../../lab/virtual-machine/machine.ts';
import type { DhcpMessage } from '../../src/domain/wire.ts';
import { type BootCase, type Chain, predecessor } from './cases.ts';
import { type BootDisk, initOf } from './disks.ts';
import { leasedWrongly, type Measured, measure } from './measure.ts';
import { type BootLab, type BootStage, openStage } from './stage.ts';

/** What one boot showed. */
export interface BootResult extends Measured {
  readonly boot: BootCase;
  /** The name of its lease at the server after the boot; null for none, undefined without a lease. */
  readonly leaseName: string | null | undefined;
  /** What Truename's units said in the guest's journal. */
  readonly said: readonly string[];
  /** From power-on until it was looked at for the last time. */
  readonly bootSeconds: number;
  readonly ended: BootEnd;
}

/**
 * When a boot is looked at for the last time: as soon as its verdict stands. Of today's template it does with the first lease
 * under a wrong name. Of the others it does not before the guest has started all that it starts, for each of these programs may
 * ask under another name still.
 */
export type BootEnd = 'leased under a wrong name' | 'all started';

interface Period {
  readonly boot: BootCase;
  readonly from: string;
  readonly to: string;
  readonly ended: BootEnd;
  readonly leaseName: string | null | undefined;
  readonly said: readonly string[];
}

const now = () => new Date().toISOString();

/** What the guest says of its names, for people who read a failed case. */
const journal =
  'journalctl --boot --output=cat --no-pager --unit=truename-hostname --unit=truename-dhcp-hostname; systemctl --failed --plain --no-legend';

/**
 * Boots one case after the other, and hands over what each showed; `diskOf` names the disk of each template. Throws at the
 * first that cannot be carried through. Everything of it is ended when this ends.
 */
export async function runChain(
  lab: BootLab,
  chain: Chain,
  diskOf: (disk: BootDisk) => Promise<string>,
  report: (result: BootResult) => void,
  say: (line: string) => void,
): Promise<void> {
  const stages = new Map<string, { readonly stage: BootStage; readonly init: string }>();
  try {
    for (const boot of chain) {
      const { stage, init } = await stageOf(lab, boot, stages, diskOf);
      stages.set(boot.name, { stage, init });
      say(`${boot.name}: powered on`);
      const period = await bootOnce(stage, boot, isFollowed(boot, chain));
      const result = resultOf(period, await stage.messages());
      say(
        `${boot.name}: ${result.names.map((name) => name ?? 'no name').join(', ')}; lease ${result.leaseName}; ${result.bootSeconds} s`,
      );
      report(result);
    }
  } finally {
    for (const stage of new Set([...stages.values()].map((each) => each.stage))) await stage.end();
  }
}

async function stageOf(
  lab: BootLab,
  { name, from }: BootCase,
  stages: ReadonlyMap<string, { readonly stage: BootStage; readonly init: string }>,
  diskOf: (disk: BootDisk) => Promise<string>,
): Promise<{ readonly stage: BootStage; readonly init: string }> {
  if ('template' in from) {
    const init = initOf(from.template);
    return { stage: await openStage(lab, name, await diskOf(from.template), init), init };
  }
  const before = stages.get('again' in from ? from.again : from.cloneOf);
  if (before === undefined) throw new Error(`${name} follows a case that did not run`);
  if ('again' in from) return before;
  return { ...before, stage: await openStage(lab, name, before.stage.disk, before.init) };
}

/** Whether the disk of a case is used again. */
function isFollowed({ name }: BootCase, chain: Chain): boolean {
  return chain.some((each) => predecessor(each) === name);
}

async function bootOnce(stage: BootStage, boot: BootCase, followed: boolean): Promise<Period> {
  if (boot.lateServer) await stage.serve(false);
  const from = now();
  const machine = await stage.powerOn(boot.seed, boot.smbios);
  if (boot.lateServer) {
    // A client that is answered at once sends two at most before it is.
    await stage.seen('DISCOVER', 4, from);
    await stage.serve(true);
  }
  await stage.seen('ACK', 1, from);
  const ended = await settled(stage, machine, boot, from);
  const to = now();
  const said = ended === 'all started' ? await machine.run(journal) : '';
  const leaseName = await stage.leaseName();
  // A disk that nobody uses again need not be left in order.
  await (followed ? machine.powerOff() : machine.kill());
  return { boot, from, to, ended, leaseName, said: said.split('\n').filter((line) => line !== '') };
}

/** Waits until the verdict stands; the machine has a lease. */
async function settled(
  stage: BootStage,
  machine: VirtualMachine,
  boot: BootCase,
  from: string,
): Promise<BootEnd> {
  const messages = (await stage.messages()).filter(({ at }) => at >= from);
  if (!boot.module && leasedWrongly(messages, boot.expected)) {
    // What is measured of it is how long it stood.
    await delay(1000);
    return 'leased under a wrong name';
  }
  // It ends when the boot is over, degraded or not (systemctl(1), is-system-running).
  await machine.run('systemctl is-system-running --wait');
  return 'all started';
}

function resultOf(period: Period, all: readonly DhcpMessage[]): BootResult {
  const { boot, from, to, ended, leaseName, said } = period;
  const messages = all.filter(({ at }) => at >= from);
  return {
    boot,
    ...measure(messages, boot.expected, now()),
    ended,
    leaseName,
    said,
    bootSeconds: Math.round((Date.parse(to) - Date.parse(from)) / 100) / 10,
  };
}
