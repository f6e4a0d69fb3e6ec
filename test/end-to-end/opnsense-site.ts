import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { truenameProgram } from '../../demo/truename.ts';
import type { ReservationsReport } from '../../src/cli/reservations-report.ts';
import { type ListeningOpnsense, opnsenseKey } from '../support/opnsense-listening.ts';
import { opnsensePort } from '../support/opnsense-on-firewall.ts';
import type { Stage } from './stage.ts';

/** A stage whose segment `mgmt` has an OPNsense as DHCP server, and a working folder that says so. */
export interface OpnsenseSite {
  readonly stage: Stage;
  readonly folder: string;
  readonly opnsense: ListeningOpnsense;
  /** The guests that are off, many of them. */
  readonly many: readonly number[];
}

/** The lab's configuration with an OPNsense of this certificate in the place of the dnsmasq of `mgmt`. */
export async function configureOpnsense(
  stage: Stage,
  folder: string,
  fingerprint: string,
  more: readonly string[],
): Promise<void> {
  for (const [name, text] of Object.entries(opnsenseKey)) await writeFile(join(folder, name), `${text}\n`);
  const file = join(folder, 'truename.yaml');
  const keys = [
    'type: opnsense',
    `url: "https://${stage.lab.firewalls.mgmt.segment.firewall}:${opnsensePort}"`,
    'key: file:./key',
    'secret: file:./secret',
    `fingerprint: "${fingerprint}"`,
    ...more,
  ];
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replace(/^ {2}mgmt: \{.*(?:dnsmasq|opnsense).*$/m, `  mgmt: { ${keys.join(', ')} }`),
  );
}

/** `truename reserve` or `release`, with its report. */
export async function runReservations(stage: Stage, folder: string, args: readonly string[]) {
  const { exitCode, stdout, stderr } = await stage.truename(folder, [...args, '--json']);
  if (stdout === '') throw new Error(`it ended with ${exitCode}:\n${stderr}`);
  return { exitCode, stderr, report: JSON.parse(stdout) as ReservationsReport };
}

/** Runs the program and kills it before anything of this request is done, and nothing is; the signal that ended it. */
export async function killedBefore(
  { stage, folder, opnsense }: OpnsenseSite,
  request: string,
  args: readonly string[],
): Promise<string | null> {
  const child = await stage.lab.controller.start([...truenameProgram, ...args, '--json'], { cwd: folder });
  child.stdout?.resume();
  child.stderr?.resume();
  opnsense.faults.before.set(request, async () => {
    child.kill('SIGKILL');
    throw new Error('configd is away');
  });
  await once(child, 'close');
  opnsense.faults.before.delete(request);
  return child.signalCode;
}
