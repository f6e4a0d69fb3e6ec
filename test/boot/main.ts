import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { createLabFolder, identify } from '../../lab/lab-file.ts';
import { labPaths } from '../../lab/paths.ts';
import { removeLab, sweepDeadLabs } from '../../lab/sweep.ts';
import { prepareTrees } from '../../lab/tree/trees.ts';
import { prepareKernel } from '../../lab/virtual-machine/kernel.ts';
import { bootCases, type Chain, chainsOf } from './cases.ts';
import { type BootResult, runChain } from './chain.ts';
import { type BootDisk, bootDisk } from './disks.ts';
import { passed } from './verdict.ts';

const usage = `npm run -s test:boot -- [--only NAME]… [--at-once N] [--json]

Boots virtual machines from power-on, and judges every DHCP packet of theirs by the name that it should bear.

  --only      this case, and those that it follows
  --at-once   how many machines run at a time (default 2)
  --json      a line of JSON on stdout at the end

Cases: ${bootCases.map(({ name }) => name).join(', ')}`;

const say = (line: string) => console.error(line);

/** `npm run test:boot`. Resolves to the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = {
    only: { type: 'string', multiple: true },
    'at-once': { type: 'string', default: String(Math.min(2, availableParallelism())) },
    json: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const chains = chainsOf(values.only ?? []);
  if (chains === undefined || !/^[1-9]$/.test(values['at-once'])) {
    say(usage);
    return 2;
  }
  const outcomes = await runAll(chains, Number(values['at-once']));
  const ordered = bootCases.flatMap(({ name }) => outcomes.filter((each) => each.name === name));
  for (const each of ordered) say(`${each.passed ? 'passed' : 'failed'}  ${each.name}`);
  if (values.json) console.log(JSON.stringify({ cases: ordered }));
  return ordered.every((each) => each.passed) ? 0 : 1;
}

interface Outcome {
  readonly name: string;
  readonly module: boolean;
  readonly expected: string | null;
  readonly passed: boolean;
}

async function runAll(chains: readonly Chain[], atOnce: number): Promise<Outcome[]> {
  await sweepDeadLabs();
  const trees = await prepareTrees(say);
  const kernel = await prepareKernel(`${trees.node}/bin/busybox`, say);
  const made = new Map<BootDisk, Promise<string>>();
  const diskOf = (name: BootDisk) => {
    const disk = made.get(name) ?? bootDisk(name, trees, kernel.files, say);
    made.set(name, disk);
    return disk;
  };
  const owner = await identify(process.pid);
  if (owner === undefined) throw new Error('/proc does not show this process');
  const paths = labPaths(randomBytes(3).toString('hex'));
  await createLabFolder(paths, { id: paths.id, owner, trees });
  try {
    const limit = pLimit(atOnce);
    // The longest first, so that the last one does not run alone for long.
    const ordered = [...chains].sort((one, other) => other.length - one.length);
    const run = async (chain: Chain): Promise<Outcome[]> => {
      const outcomes: Outcome[] = [];
      const report = (result: BootResult) => outcomes.push(outcomeOf(result));
      await runChain({ paths, kernel }, chain, diskOf, report, say).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        say(`${chain[outcomes.length]?.name}: ${why}`);
        outcomes.push(...chain.slice(outcomes.length).map((each) => brokenOff(each, why)));
      });
      return outcomes;
    };
    return (await Promise.all(ordered.map((chain) => limit(run, chain)))).flat();
  } finally {
    await removeLab(paths.id);
  }
}

function outcomeOf(result: BootResult) {
  const { boot } = result;
  return {
    name: boot.name,
    module: boot.module,
    expected: boot.expected ?? null,
    wrong_name_packets: result.wrongNamePackets,
    seconds_under_wrong_name: result.secondsUnderWrongName,
    packets: result.packets,
    names: result.names,
    lease_name: result.leaseName ?? null,
    boot_seconds: result.bootSeconds,
    ended: result.ended,
    passed: passed(result),
    said: result.said,
  };
}

function brokenOff({ name, module, expected }: Chain[number], why: string) {
  const unknown = { wrong_name_packets: null, seconds_under_wrong_name: null };
  return { name, module, expected: expected ?? null, ...unknown, passed: false, why };
}

process.exitCode = await main(process.argv.slice(2));
