import type { Restored } from '../domain/ports.ts';

/** The word that a script prints which compares and sets; undefined for any other text. */
export function readRestored(stdout: string): Restored | undefined {
  const said = stdout.trim();
  return said === 'restored' || said === 'changed' || said === 'gone' ? said : undefined;
}
