import { parseArgs } from 'node:util';
import type { Timing } from './interleave.ts';
import { benchStart } from './start.ts';

const usage = `npm run -s bench -- start [--rounds N] [--json]

  start    how long a start takes, side by side in one run: bare Node, truename --help, the wiring, everything

  --rounds   how often each is started (default 15)
  --json     one JSON document on stdout in place of a table`;

/** `npm run bench`. Returns the exit code. */
function main(args: readonly string[]): number {
  const options = {
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
  } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (positionals.join(' ') !== 'start' || !/^[1-9]\d{0,3}$/.test(values.rounds)) {
    console.error(usage);
    return 2;
  }
  const rounds = Number(values.rounds);
  const results = benchStart(rounds);
  console.log(values.json ? report(results, rounds) : table(results));
  return 0;
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
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
