import { createProxmoxHypervisor } from '../../src/adapters/proxmox/hypervisor.ts';
import { createPveshApi } from '../../src/adapters/proxmox/pvesh.ts';
import { guestMakerContract } from './guest-maker.ts';
import { type Bench, clock, full, nodeShell, overRest, startBench } from './hypervisor-bench.ts';
import type { FullHypervisor } from './hypervisor-subject.ts';

const releases = ['8.2.4', '8.4.1', '9.1.3'];

function onBench(release: string, create: (bench: Bench) => FullHypervisor) {
  return async () => {
    const bench = await startBench(release);
    return {
      hypervisor: create(bench),
      template: { hypervisor: 'lab', node: 'pve1', vmid: 9000 },
      firstNumber: 600,
      bridge: 'vmbr1',
      close: bench.close,
    };
  };
}

for (const release of releases) {
  guestMakerContract(
    `Proxmox VE ${release} over HTTPS`,
    onBench(release, (bench) => overRest(bench, full)),
  );

  guestMakerContract(
    `Proxmox VE ${release} by pvesh`,
    onBench(release, (bench) => {
      const shell = nodeShell(bench);
      const api = createPveshApi({ shellTo: () => shell, entryNodes: ['pve1'], timeoutMs: 10_000 });
      return createProxmoxHypervisor({ id: 'lab', api, clock, nodeShell: () => shell });
    }),
  );
}
