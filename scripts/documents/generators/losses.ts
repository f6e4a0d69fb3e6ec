import { losses } from '../../../src/domain/resolution.ts';
import { markdownTable } from '../table.ts';

/** Every way in which a name can be lost, as `truename resolve` names it. */
export function lossesTable(): string {
  const rows = Object.entries(losses).map(([kind, meaning]) => [kind, meaning]);
  return markdownTable(['Kind', 'What was seen'], rows);
}
