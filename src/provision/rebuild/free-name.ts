import { TruenameError } from '../../domain/error.ts';
import { seenValue } from '../../domain/observation.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { RebuildContext } from './context.ts';

/**
 * A name that a resolver answers with another address belongs to somebody, perhaps to the firewall or a node; it
 * is not given away unless that was asked for. A dry run only says so.
 */
export function mustBeFree({ request, note }: RebuildContext, fqdn: string, snapshot: Snapshot): void {
  const own = seenValue(snapshot.lease)?.lease.address;
  for (const { resolver, forward } of snapshot.resolvers) {
    const answer = seenValue(forward);
    const others = answer?.status === 'answered' ? answer.records.filter((record) => record !== own) : [];
    if (others.length === 0) continue;
    const taken = `${fqdn} is ${others.join(', ')} already, and the VM has ${own ?? 'no lease'}`;
    if (request.dryRun || request.takeName) {
      note(taken);
      continue;
    }
    throw new TruenameError('name-taken', taken, {
      where: resolver,
      hint: 'Nothing was built. Choose another name for the VM; or, if that machine is gone, add --take-name.',
    });
  }
}
