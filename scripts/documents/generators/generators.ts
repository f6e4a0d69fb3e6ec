import type { Generator } from '../markers.ts';
import { errorCodesTable } from './error-codes.ts';
import { importGraph } from './import-graph.ts';

/** Every generator, by the name that a document calls it by. */
export const generators: Readonly<Record<string, Generator>> = {
  'error-codes': errorCodesTable,
  'import-graph': importGraph,
};
