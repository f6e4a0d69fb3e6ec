import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Figure, figure } from './figure.ts';
import { type MadeLeases, makeDnsmasqLeases, makeKeaLeases } from './leases-made.ts';
import { median } from './statistics.ts';

/** Keeps the columns of {@link makeDnsmasqLeases}, the last line of an address counting. */
const awkDnsmasq =
  '$1 == "duid" { exit } { row[$3] = $2 " " $4 " " $5 " " $1 } END { for (a in row) c++; print c }';
/** The same of Kea's columns; a lifetime of 0 takes the lease away. */
const awkKea =
  'FNR == 1 { next } $4 == 0 { delete row[$1]; next } { row[$1] = $2 " " $9 " " $3 " " $5 " " $10 } END { for (a in row) c++; print c }';

interface Reading {
  readonly ms: number;
  readonly bytes: number;
  readonly unreadable: number;
  readonly known: string | null;
}

/** Reading and indexing lease files in a warm process, by turns with awk's whole run; throws where a lease was lost. */
export async function benchLeases(
  runs: number,
  say: (line: string) => void,
  print: (figure: Figure) => void,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-leases-'));
  try {
    say(`awk is ${await realpath('/usr/bin/awk')}`);
    const small = await makeDnsmasqLeases(join(folder, 'dnsmasq.leases'), 100_000);
    const big = await makeKeaLeases(join(folder, 'kea-leases4.csv'), 1_000_000);
    const of = { dnsmasq: await race('dnsmasq', small, [awkDnsmasq], runs, say) };
    print(figure('leases-dnsmasq', of.dnsmasq, 'ms for 100,000 leases', runs));
    const kea = await race('kea', big, ['-F,', awkKea], runs, say);
    print(figure('leases-kea', kea, 'ms for 1,000,000 rows', runs));
    const most = Math.max(of.dnsmasq.bytes / small.distinct, kea.bytes / big.distinct);
    print(
      figure(
        'leases-memory',
        { ours: most, theirs: 600 },
        'bytes per distinct lease, against the bound',
        runs,
      ),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function race(
  kind: 'dnsmasq' | 'kea',
  made: MadeLeases,
  awk: readonly string[],
  runs: number,
  say: (line: string) => void,
) {
  const program = join(import.meta.dirname, 'leases-warm.ts');
  const args = ['--disable-warning=ExperimentalWarning', program, kind, ...made.files];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const [ours, theirs, memory]: [number[], number[], number[]] = [[], [], []];
  try {
    // Three rounds that are not counted: the process is to be warm.
    for (let round = -2; round <= runs; round += 1) {
      child.stdin.write('\n');
      const { value } = await answers.next();
      const reading: Reading = JSON.parse(String(value));
      if (reading.unreadable !== 0 || reading.known !== '10.0.0.3')
        throw new Error(`${kind}: a lease was lost: ${value}`);
      const start = performance.now();
      const { status, stdout } = spawnSync('/usr/bin/awk', [...awk, ...made.files], { encoding: 'utf8' });
      const ms = performance.now() - start;
      if (status !== 0 || stdout.trim() !== String(made.distinct)) throw new Error(`awk counted ${stdout}`);
      say(
        `${kind}, round ${round}: ${reading.ms.toFixed(0)} and ${ms.toFixed(0)} ms${round < 1 ? ' (not counted)' : ''}`,
      );
      if (round < 1) continue;
      ours.push(reading.ms);
      theirs.push(ms);
      memory.push(reading.bytes);
    }
  } finally {
    child.stdin.end();
    await once(child, 'close');
  }
  return { ours: median(ours), theirs: median(theirs), bytes: Math.max(...memory) };
}
