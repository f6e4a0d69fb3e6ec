import { configurationReference } from '../../../src/config/reference.ts';
import type { Generator } from '../markers.ts';
import { capabilitiesTables } from './capabilities.ts';
import { commandLineHelp } from './command-line.ts';
import { configurationSchemaFile } from './configuration-schema.ts';
import { errorCodesTable } from './error-codes.ts';
import { exitCodesTable } from './exit-codes.ts';
import { importGraph } from './import-graph.ts';
import { lossesTable } from './losses.ts';
import { rebuildFaultsTable, reservationFaultsTable } from './rebuild-faults.ts';
import { rulesIndex } from './rules-index.ts';

/** Every generator, by the name that a document calls it by. */
export const generators: Readonly<Record<string, Generator>> = {
  capabilities: capabilitiesTables,
  'command-line': commandLineHelp,
  configuration: configurationReference,
  'error-codes': errorCodesTable,
  'exit-codes': exitCodesTable,
  'import-graph': importGraph,
  losses: lossesTable,
  'rebuild-faults': rebuildFaultsTable,
  'reservation-faults': reservationFaultsTable,
  'rules-index': rulesIndex,
};

/** Files that are generated whole, by their path in the checkout. */
export const generatedFiles: Readonly<Record<string, Generator>> = {
  'docs/reference/truename.schema.json': configurationSchemaFile,
};
