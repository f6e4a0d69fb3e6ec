import type { DhcpMessage } from '../../src/domain/wire.ts';
import type { BootCase, Chain } from './cases.ts';
import { type BootDisk, initOf } from './disks.ts';
import { type Measured, measure } from './measure.ts';
import { type BootLab, type BootStage, openStage } from './stage.ts';

/** What one boot showed. */
export interface BootResult extends Measured {
  readonly boot: BootCase;
  /** The name of its lease at the server after the boot; null for none, undefined without a lease. */
  readonly leaseName: string | null | undefined;
  /** What Truename's units said in the guest's journal. */
  readonly said: readonly string[];
  /** From power-on until the guest had started all that it starts. */
  readonly bootSeconds: number;
}

interface Period {
  readonly boot: BootCase;
  readonly stage: BootStage;
  readonly from: string;
  readonly to: string;
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
  diskOf: (disk: BootDisk) => string,
  report: (result: BootResult) => void,
  say: (line: string) => void,
): Promise<void> {
  const stages = new Map<string, { readonly stage: BootStage; readonly init: string }>();
  try {
    for (const boot of chain) {
      const { stage, init } = await stageOf(lab, boot, stages, diskOf);
      stages.set(boot.name, { stage, init });
      say(`${boot.name}: powered on`);
      const period = await bootOnce(stage, boot);
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
  diskOf: (disk: BootDisk) => string,
): Promise<{ readonly stage: BootStage; readonly init: string }> {
  if ('template' in from) {
    const init = initOf(from.template);
    return { stage: await openStage(lab, name, diskOf(from.template), init), init };
  }
  const before = stages.get('again' in from ? from.again : from.cloneOf);
  if (before === undefined) throw new Error(`${name} follows a case that did not run`);
  if ('again' in from) return before;
  return { ...before, stage: await openStage(lab, name, before.stage.disk, before.init) };
}

async function bootOnce(stage: BootStage, boot: BootCase): Promise<Period> {
  if (boot.lateServer) await stage.serve(false);
  const from = now();
  const machine = await stage.powerOn(boot.seed);
  if (boot.lateServer) {
    // A client that is answered at once sends two at most before it is.
    await stage.seen('DISCOVER', 4, from);
    await stage.serve(true);
  }
  await stage.seen('ACK', 1, from);
  // It ends when the boot is over, degraded or not (systemctl(1), is-system-running).
  await machine.run('systemctl is-system-running --wait');
  const to = now();
  const said = (await machine.run(journal)).split('\n').filter((line) => line !== '');
  const leaseName = await stage.leaseName();
  await machine.powerOff();
  return { boot, stage, from, to, leaseName, said };
}

function resultOf({ boot, from, to, leaseName, said }: Period, all: readonly DhcpMessage[]): BootResult {
  const messages = all.filter(({ at }) => at >= from);
  return {
    boot,
    ...measure(messages, boot.expected, now()),
    leaseName,
    said,
    bootSeconds: Math.round((Date.parse(to) - Date.parse(from)) / 100) / 10,
  };
}
