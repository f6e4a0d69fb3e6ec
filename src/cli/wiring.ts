import type { Configuration } from '../config/configuration.ts';
import type { Roles } from '../plan/spare.ts';
import type { RebuildRequest } from '../provision/rebuild/context.ts';
import type { SiteOptions } from './site-options.ts';
import type { Wired, WireOptions } from './wire.ts';
import type { WiredExamination } from './wire-examine.ts';
import type { WiredFix } from './wire-fix.ts';
import type { WiredLeases } from './wire-leases.ts';

/** Where the commands get what they work with: the one seam between the command line and a world behind it. */
export interface Wiring {
  /** The configuration that the options name, or the one that holds there. */
  configuration(options: Pick<SiteOptions, 'config'>): Promise<Configuration>;
  rebuild(configuration: Configuration, request: RebuildRequest, options: WireOptions): Promise<Wired>;
  examination(configuration: Configuration, options: WireOptions): Promise<WiredExamination>;
  fix(configuration: Configuration, command: 'fix' | 'undo', options: WireOptions): Promise<WiredFix>;
  /** Machines that a mending must not touch unasked. */
  roles(configuration: Configuration): Promise<Roles>;
  leases(configuration: Configuration, ids: readonly string[]): Promise<WiredLeases>;
}

/** The products of a site, each composition root loaded when it is first asked for. */
export const products: Wiring = {
  configuration: async (options) => (await import('./site-options.ts')).configurationOf(options),
  rebuild: async (...given) => (await import('./wire.ts')).wire(...given),
  examination: async (...given) => (await import('./wire-examine.ts')).wireExamination(...given),
  fix: async (...given) => (await import('./wire-fix.ts')).wireFix(...given),
  roles: async (configuration) => (await import('./wire-fix.ts')).rolesOf(configuration),
  leases: async (...given) => (await import('./wire-leases.ts')).wireLeases(...given),
};
