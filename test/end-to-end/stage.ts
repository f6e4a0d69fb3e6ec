import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { truenameReport } from '../../demo/truename.ts';
import { clusterOf, type LabCluster } from '../../lab/cluster.ts';
import { type ConfigurationChanges, writeConfiguration } from '../../lab/configuration.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/lab.ts';
import { firstLease, type ReadLease, readLease } from '../../lab/observe.ts';
import { type LabSegment, nodeHost } from '../../lab/segments.ts';
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
