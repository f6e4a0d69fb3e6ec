import type { Address } from '../../domain/address.ts';
import { type AddressChoice, chooseAddress } from '../../domain/address-choice.ts';
import { TruenameError } from '../../domain/error.ts';
import type { AgentInterface, Nic } from '../../domain/guest.ts';
import type { Segment } from '../../domain/segment.ts';
import { observeLease } from '../../observe/snapshot.ts';
import { waitFor } from '../waiting.ts';
import type { RebuildContext } from './context.ts';
import type { FoundGuest } from './find.ts';

/** Agent and server may differ for a moment while an address changes; longer is a dispute. */
const disputeMs = 12_000;

/** The guest's address, by its MAC address: from agent and lease in agreement. */
export async function locateGuest(
  context: RebuildContext,
  found: FoundGuest,
  nic: Nic,
  segment: Segment,
): Promise<Address> {
  const { sources, signal, note } = context;
  const dhcpServer = sources.dhcpServer(segment.dhcpServer);
  let disputedSince: number | undefined;
  const seen = await waitFor<AddressChoice & { state: 'agreed' | 'disputed' }>(
    async () => {
      const [agent, lease] = await Promise.all([
        askAgent(context, found),
        observeLease({ dhcpServer, now: sources.clock.now }, nic.mac, signal),
      ]);
      const choice = chooseAddress(nic.mac, segment, agent, lease);
      if (choice.state === 'waiting') return { notYet: choice.why };
      if (choice.state === 'agreed') return { found: choice };
      disputedSince ??= sources.clock.elapsed();
      return sources.clock.elapsed() - disputedSince > disputeMs ? { found: choice } : { notYet: choice.why };
    },
    { forMs: sources.patience.bootMs, everyMs: 500 },
    sources.clock,
    signal,
  );
  if ('notYet' in seen) {
    const asked = `asked: the guest agent, and DHCP server ${segment.dhcpServer}`;
    throw new TruenameError('address-not-found', `no address was found (${asked}): ${seen.notYet}`, {
      where: `VM ${found.summary.ref.vmid}, ${nic.slot} (${nic.mac})`,
      hint: 'Look at its console, and whether it is plugged into the right bridge and VLAN.',
    });
  }
  if (seen.found.state === 'disputed') {
    throw new TruenameError('address-disputed', seen.found.why, {
      where: `VM ${found.summary.ref.vmid}, ${nic.slot} (${nic.mac})`,
      hint: 'Nothing was written. The guest agent names a machine that is not the VM, or the VM has a fixed address.',
    });
  }
  if (seen.found.by === 'lease') note('the guest agent is silent; the address is from the lease alone');
  return seen.found.address;
}

async function askAgent(
  { sources, signal }: RebuildContext,
  found: FoundGuest,
): Promise<AgentInterface[] | undefined> {
  const { agent } = sources.hypervisor;
  if (agent === undefined || !found.configuration.agentEnabled) return undefined;
  try {
    return await agent(found.summary.ref).interfaces(signal);
  } catch (error) {
    signal.throwIfAborted();
    // A guest that still boots has no agent yet; what else keeps it from being asked is told when the address is not found.
    if (error instanceof TruenameError && ['agent-silent', 'timeout'].includes(error.code)) return undefined;
    throw error;
  }
}
