import { simNetwork, simNode } from '../../sim/network.ts';
import { guestMakerContract } from './guest-maker.ts';

guestMakerContract('simulated', async () => {
  const { hypervisor } = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
  return {
    hypervisor: hypervisor.port,
    template: { hypervisor: hypervisor.port.id, node: simNode, vmid: 9014 },
    firstNumber: 600,
    bridge: 'srv',
    close: async () => undefined,
  };
});
