import type { Address } from '../src/domain/address.ts';
import type { Reachability } from '../src/domain/ports.ts';
import type { SimClock } from './clock.ts';
import type { SimMachine } from './machine.ts';

/** Milliseconds between two questions. */
const everyMs = 100;

/** Knows of each machine when its address was away, so that nobody has to ask. */
export function simReachability(
  clock: SimClock,
  machineAt: (address: Address) => Promise<SimMachine | undefined>,
): Reachability {
  return {
    async watch(address) {
      const machine = await machineAt(address);
      const [began, from] = [clock.elapsed(), machine?.away.length ?? 0];
      return {
        async stop() {
          if (machine === undefined) return { seen: false, why: `nobody answers at ${address}` };
          const away = machine.away.slice(from);
          const longest = Math.max(0, ...away);
          const missed = away.reduce((sum, ms) => sum + Math.floor(ms / everyMs), 0);
          return {
            seen: true,
            longestMs: missed === 0 ? 0 : longest,
            asked: Math.max(1, Math.ceil((clock.elapsed() - began) / everyMs)),
            lost: missed,
          };
        },
      };
    },
  };
}
