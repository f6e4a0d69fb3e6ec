import type { RunEvent } from '../../src/domain/event.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { RebuildRequest } from '../../src/provision/rebuild/context.ts';
import { rebuild } from '../../src/provision/rebuild/rebuild.ts';
import { rebuildSources } from './rebuild-sources.ts';
import type { RebuildWorld } from './rebuild-world.ts';

/** Rebuilds the VM of the world; all events are kept. */
export async function rebuildIn(
  world: RebuildWorld,
  changes: Partial<RebuildRequest> = {},
  signal: AbortSignal = new AbortController().signal,
) {
  const request: RebuildRequest = {
    name: 'alpha' as Hostname,
    vmid: 610,
    node: 'tappaas1',
    configuration: './alpha.nix',
    buildOn: 'target',
    dryRun: false,
    takeName: false,
    keepDeclaredName: false,
    rollbackOnFailure: false,
    lockMs: 600_000,
    mayReboot: true,
    ...changes,
  };
  const events: RunEvent[] = [];
  const result = await rebuild(request, rebuildSources(world), (event) => events.push(event), signal);
  const steps = events.flatMap((event) => (event.type === 'step-started' ? [event.step] : []));
  const failed = events.flatMap((event) =>
    event.type === 'step-failed' ? [`${event.step}: ${event.code}`] : [],
  );
  const notes = events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
  return { result, events, steps, failed, notes };
}
