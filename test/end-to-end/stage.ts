import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { truename, truenameReport } from '../../demo/truename.ts';
import { clusterOf, type LabCluster } from '../../lab/cluster.ts';
import { type ConfigurationChanges, writeConfiguration } from '../../lab/configuration.ts';
import type { ControllerResult } from '../../lab/controller.ts';
import { initOf, runInside } from '../../lab/inside.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/lab.ts';
import { namespaceOf } from '../../lab/network.ts';
import { firstLease, type ReadLease, readLease } from '../../lab/observe.ts';
import { type LabSegment, nodeHost } from '../../lab/segments.ts';
import type { DoctorReport } from '../../src/cli/doctor-report.ts';
import type { RebuildReport } from '../../src/cli/report.ts';

/** A lab and what tests do in it. */
export interface Stage {
  readonly lab: Lab;
  readonly cluster: LabCluster;
  /** A working folder at the controller, with a truename.yaml when changes are given (they may be empty). */
  folder(name: string, changes?: ConfigurationChanges): Promise<string>;
  /** Clones, starts, and waits for the first lease. */
  clone(template: number, vmid: number, name: string, segment: LabSegment['name']): Promise<ReadLease>;
  /** `truename rebuild … --json` in a folder, with this text as the guest's configuration. */
  rebuild(folder: string, name: string, vmid: number, nix: string, extra?: readonly string[]): Promise<Ran>;
  /** Runs the command line in a folder, with this text on its stdin. */
  truename(
    folder: string,
    args: readonly string[],
    input?: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<ControllerResult>;
  /** `truename doctor … --json` in a folder. */
  doctor(folder: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Diagnosed>;
  /** Waits for the first lease of a guest. */
  firstLease(vmid: number, segment: LabSegment['name']): Promise<ReadLease>;
  /** Waits until cloud-init has done its work and the agent answers. */
  booted(vmid: number): Promise<void>;
  lease(vmid: number, segment: LabSegment['name']): Promise<ReadLease | undefined>;
  /** Runs a script in a guest as root, by its agent; its stdout. */
  inGuest(vmid: number, script: string): Promise<string>;
}

/** How a run of the command line ended. */
export interface Ran {
  readonly exitCode: number;
  readonly report: RebuildReport;
  readonly stderr: string;
}

/** How a look ended. */
export interface Diagnosed {
  readonly exitCode: number;
  readonly report: DoctorReport;
  readonly stderr: string;
}

/** Starts a lab for one test file. */
export async function openStage(): Promise<Stage> {
  const lab = await startLab();
  const cluster = clusterOf(lab.paths);
  const agent = (vmid: number) => `/nodes/${nodeHost.name}/qemu/${vmid}/agent`;
  return {
    lab,
    cluster,
    async folder(name, changes) {
      const folder = join(lab.paths.root, 'controller', name);
      await mkdir(folder, { recursive: true });
      if (changes !== undefined) await writeConfiguration(lab.paths, folder, changes);
      return folder;
    },
    async clone(template, vmid, name, segment) {
      await cluster.clone(template, vmid, name, lab.firewalls[segment].segment.bridge);
      return firstLease(lab.firewalls[segment], await cluster.mac(vmid), 60_000);
    },
    async rebuild(folder, name, vmid, nix, extra = []) {
      const file = join(folder, `${name}.nix`);
      await writeFile(file, nix);
      return truenameReport(lab.controller, ['rebuild', name, String(vmid), nodeHost.name, file, ...extra], {
        cwd: folder,
      });
    },
    truename: (folder, args, input, env = {}) =>
      truename(lab.controller, args, { cwd: folder, env, ...(input === undefined ? {} : { input }) }),
    async doctor(folder, args, env = {}) {
      const ran = await truename(lab.controller, ['doctor', ...args, '--json'], { cwd: folder, env });
      if (ran.stdout === '') throw new Error(`doctor ended with ${ran.exitCode}:\n${ran.stderr}`);
      return { ...ran, report: JSON.parse(ran.stdout) as DoctorReport };
    },
    firstLease: async (vmid, segment) => firstLease(lab.firewalls[segment], await cluster.mac(vmid), 90_000),
    async booted(vmid) {
      const ready =
        'n=0; while [ $n -lt 300 ]; do { [ -e /run/cloud-init/result.json ] || ! command -v cloud-init >/dev/null; } && systemctl is-active -q qemu-guest-agent && exit 0; n=$((n + 1)); sleep 0.2; done; exit 1';
      const { name } = namespaceOf(lab.paths.id, String(vmid));
      const deadline = performance.now() + 30_000;
      while (!(await initOf(name).then(Boolean, () => false)) && performance.now() < deadline)
        await delay(100);
      await runInside(lab.paths, String(vmid), ready);
    },
    lease: async (vmid, segment) => readLease(lab.firewalls[segment], await cluster.mac(vmid)),
    async inGuest(vmid, script) {
      const parameters: [string, string][] = ['/bin/sh', '-c', script].map((word) => ['command', word]);
      const { pid } = (await cluster.call('POST', `${agent(vmid)}/exec`, parameters)) as { pid: number };
      for (;;) {
        const status = (await cluster.call('GET', `${agent(vmid)}/exec-status?pid=${pid}`)) as Record<
          string,
          unknown
        >;
        if (status.exited === 1) return String(status['out-data'] ?? '');
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
  };
}

/** The state that a link of a chain has in a report; `undefined` when the report holds no such link. */
export function linkState(report: RebuildReport, link: string): string | undefined {
  return report.after?.links.find((each) => each.link === link)?.state;
}
