import { takeLock } from '../lock-guest.ts';
import type { ReserveSources } from './sources.ts';

/**
 * Takes the locks of these DHCP servers, in the order given; none without a memory. Throws `busy`, holding none, where
 * another run of this state directory works on one of them.
 */
export async function lockServers(
  { memory }: Pick<ReserveSources, 'memory'>,
  ids: readonly string[],
): Promise<{ release(): Promise<void> }> {
  const held: { release(): Promise<void> }[] = [];
  const release = async () => {
    for (const lock of held.reverse()) await lock.release();
  };
  if (memory === undefined) return { release };
  try {
    for (const id of ids) held.push(await takeLock(memory.locks, `dhcp-server-${id}`, memory.journal.run));
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}
