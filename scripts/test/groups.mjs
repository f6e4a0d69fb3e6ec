/**
 * The groups of `npm test`, in the order in which they run: the quick ones first.
 * `check` marks those that `npm run check` runs: no root, no Debian packages, under a minute.
 * @type {readonly { name: string, what: string, check: boolean }[]}
 */
export const groups = [
  { name: 'lint', what: 'Biome: format and lint', check: true },
  { name: 'types', what: 'TypeScript, whole tree', check: true },
  { name: 'rules', what: 'import rules between rooms, and their canary', check: true },
  { name: 'dead-code', what: 'knip: unused files, exports, dependencies', check: true },
  { name: 'documents', what: 'generated parts of the documents are current', check: true },
  { name: 'unit', what: 'Vitest, no network and no processes', check: true },
  { name: 'lab', what: 'Vitest against real parts in namespaces; root on Debian', check: false },
  { name: 'boot', what: 'virtual machines and their DHCP packets; root on Debian, QEMU', check: false },
  { name: 'package', what: 'the packed tarball unpacks and runs', check: false },
];

/**
 * What the arguments of `npm test` ask for.
 * @typedef {{ kind: 'run', names: string[] } | { kind: 'help' } | { kind: 'list' } | { kind: 'wrong', message: string }} Wish
 */

/** Reads the arguments of `npm test`.
 * @param {readonly string[]} args
 * @returns {Wish} */
export function readArguments(args) {
  const [first, ...rest] = args;
  if (first === undefined) return { kind: 'run', names: groups.map((group) => group.name) };
  if (first === '--help' || first === '-h') return { kind: 'help' };
  if (first === '--list') return { kind: 'list' };
  if (first === '--only' && rest.length === 1) return only(rest[0] ?? '');
  if (first.startsWith('--only=') && rest.length === 0) return only(first.slice('--only='.length));
  return { kind: 'wrong', message: `Cannot understand: ${args.join(' ')}\n\n${help()}` };
}

/** @param {string} list
 * @returns {Wish} */
function only(list) {
  const names = groups.map((group) => group.name);
  const asked = list.split(',');
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown === undefined) return { kind: 'run', names: names.filter((name) => asked.includes(name)) };
  return { kind: 'wrong', message: `Unknown group: "${unknown}". There are: ${names.join(', ')}.` };
}

/** The list of groups, one a line. */
export function listGroups() {
  return groups.map((group) => `${group.name.padEnd(10)} ${group.what}`).join('\n');
}

/** What `npm test -- --help` prints. */
export function help() {
  return `Usage: npm test -- [--only GROUP,GROUP] [--list] [--help] [--yes]

Installs what is missing, runs every group that can run here, and says which it left out and why.
  --only    run these groups only
  --list    name the groups
  --yes     do not ask before installing, and install QEMU too

TRUENAME_REQUIRE=all in the environment makes a skipped group or test a failure.

Groups:
${listGroups()}`;
}
