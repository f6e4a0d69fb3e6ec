import type { SourceDocument } from './document.ts';
import { formatPath, shownKey } from './key-path.ts';
import { didYouMean } from './nearest.ts';
import type { ConfigurationProblem } from './problem.ts';

/**
 * What is wrong between the parts of the file: names that nothing bears, and segments that no
 * network interface can be told by. Reads the data before it was validated, and passes over what
 * the schema will complain about, so that all errors come at once.
 */
export function crossReferenceProblems(source: SourceDocument): ConfigurationProblem[] {
  const root = group(source.value);
  const segments = Object.entries(group(root.segments));
  const servers = Object.keys(group(root.dhcpServers));
  const resolvers = Object.keys(group(root.resolvers));
  return [
    ...emptyGroups(root, source),
    ...segments.flatMap(([name, segment]) => {
      const path = ['segments', name];
      const { dhcpServer, resolvers: named } = group(segment);
      return [
        ...unknownName(dhcpServer, [...path, 'dhcpServer'], 'DHCP server', servers, source),
        ...list(named).flatMap((each, index) =>
          unknownName(each, [...path, 'resolvers', index], 'resolver', resolvers, source),
        ),
        ...placeProblems(path, group(segment), segments.length, source),
      ];
    }),
    ...twins(segments, source),
  ];
}

function emptyGroups(root: Record<string, unknown>, source: SourceDocument): ConfigurationProblem[] {
  return ['hypervisors']
    .filter((key) => isGroup(root[key]) && Object.keys(group(root[key])).length === 0)
    .map((key) => source.problemAt([key], `${key} must hold one at least.`));
}

function unknownName(
  name: unknown,
  path: readonly PropertyKey[],
  what: string,
  known: readonly string[],
  source: SourceDocument,
): ConfigurationProblem[] {
  if (typeof name !== 'string' || known.includes(name)) return [];
  const message = `${formatPath(path)}: there is no ${what} “${shownKey(name)}” in this file.${didYouMean(name, known)}`;
  return [source.problemAt(path, message)];
}

function placeProblems(
  path: readonly string[],
  segment: Record<string, unknown>,
  count: number,
  source: SourceDocument,
): ConfigurationProblem[] {
  if (segment.bridge !== undefined || count === 1) return [];
  const message = `${formatPath(path)} needs a bridge: only a sole segment may be on any bridge.`;
  return [source.problemAt(path, message)];
}

/** Two segments on one bridge and VLAN: the second would never hold anything. */
function twins(
  segments: readonly (readonly [string, unknown])[],
  source: SourceDocument,
): ConfigurationProblem[] {
  const first = new Map<string, string>();
  return segments.flatMap(([name, segment]) => {
    const { bridge, vlan } = group(segment);
    if (typeof bridge !== 'string') return [];
    const place = JSON.stringify([bridge, vlan ?? null]);
    const other = first.get(place);
    if (other === undefined) {
      first.set(place, name);
      return [];
    }
    const path = ['segments', name];
    return [source.problemAt(path, `${formatPath(path)} has the bridge and VLAN of ${shownKey(other)}.`)];
  });
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function group(value: unknown): Record<string, unknown> {
  return isGroup(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
