import { parseArgs } from 'node:util';
import { benchBoot } from './boot.ts';
import { benchClone } from './clone.ts';
import { benchDoctor } from './doctor.ts';
import type { Figure } from './figure.ts';
import { benchFix, fixParts } from './fix.ts';
import type { Timing } from './interleave.ts';
import { benchLeases } from './leases.ts';
import { benchRebuild } from './rebuild.ts';
import { benchStart } from './start.ts';

const usage = `npm run -s bench -- start|doctor|fix|rebuild|clone|leases|boot [PART…] [--rounds N] [--json]

  start    how long a start takes, side by side in one run: bare Node, truename --help, the wiring, everything
  doctor   one look at one guest, against the ten commands that a person types for the same; needs the lab
  fix      mending in the lab, against the documented workaround and against Ansible (which must be installed);
           of its parts one, loss, noop, lasts, fleet those that are named, or all
  rebuild  one guest by turns, with a reboot each time, against the documented procedure; needs the lab, and minutes
  clone    twenty clones made by truename clone and as documented, all DHCP packets captured; needs the lab, and minutes
  leases   100,000 leases of dnsmasq and 1,000,000 rows of Kea, read and indexed, against awk
  boot     two guests booted by turns, one with the units of nix/guest; needs the lab

  --rounds   how often each is timed (default 15; doctor 7, fix 5, rebuild 2, leases 7, boot 20)
  --json     JSON on stdout in place of a table: one document, or for all but start one line a figure`;

/** `npm run bench`. Resolves to the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = {
    rounds: { type: 'string' },
    json: { type: 'boolean', default: false },
  } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [bench = '', ...parts] = positionals;
  const given =
    values.rounds ?? { doctor: '7', fix: '5', rebuild: '2', leases: '7', boot: '20' }[bench] ?? '15';
  if (
    !['start', 'doctor', 'fix', 'rebuild', 'clone', 'leases', 'boot'].includes(bench) ||
    !/^[1-9]\d{0,3}$/.test(given) ||
    parts.some((part) => bench !== 'fix' || !(part in fixParts))
  ) {
    console.error(usage);
    return 2;
  }
  const rounds = Number(given);
  if (bench === 'doctor') {
    const figures = await benchDoctor(rounds, (line) => console.error(line));
    for (const figure of figures) console.log(values.json ? JSON.stringify(figure) : line(figure));
    return 0;
  }
  const print = (figure: Figure) => console.log(values.json ? JSON.stringify(figure) : line(figure));
  if (bench === 'rebuild') {
    await benchRebuild(rounds, (line) => console.error(line), print);
    return 0;
  }
  if (bench === 'clone') {
    await benchClone((line) => console.error(line), print);
    return 0;
  }
  if (bench === 'boot') {
    await benchBoot(rounds, (line) => console.error(line), print);
    return 0;
  }
  if (bench === 'leases') {
    await benchLeases(rounds, (line) => console.error(line), print);
    return 0;
  }
  if (bench === 'fix') {
    await benchFix(rounds, parts, (line) => console.error(line), print);
    return 0;
  }
  const results = benchStart(rounds);
  console.log(values.json ? report(results, rounds) : table(results));
  return 0;
}

function line({ bench, ours, theirs, ratio, unit, runs }: Figure): string {
  return `${bench.padEnd(28)} ours ${ours}, theirs ${theirs ?? '-'}, ratio ${ratio ?? '-'} (${unit}, ${runs} runs)`;
}

function report(results: readonly Timing[], rounds: number): string {
  const rounded = results.map(({ name, ...figures }) => ({
    name,
    ...Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Number(value.toFixed(2))])),
  }));
  const machine = { node: process.version, arch: process.arch };
  return JSON.stringify(
    { schema: 'truename/bench/1', bench: 'start', rounds, ...machine, results: rounded },
    null,
    2,
  );
}

function table(results: readonly Timing[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.map(({ name, medianMs, minMs, maxMs, ratio }) => {
    const times = [medianMs, minMs, maxMs].map((ms) => ms.toFixed(0).padStart(7)).join('');
    return `${name.padEnd(width)} ${times} ${ratio.toFixed(2).padStart(7)}`;
  });
  return [`${''.padEnd(width)} ${' median    min    max'} ${'ratio'.padStart(7)}`, ...lines].join('\n');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
