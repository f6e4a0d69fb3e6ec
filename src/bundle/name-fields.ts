/** Keys whose strings are names of machines, domains or people's profiles, wherever they stand. */
const nameKeys = new Set([
  'wanted',
  'fqdn',
  'node',
  'domain',
  'searchDomain',
  'userHostname',
  'localHostname',
  'static',
  'believedStatic',
  'transient',
  'declaredName',
  'givenName',
  'acknowledgedName',
  'savedName',
  'appliedName',
  'hostName',
  'pool',
  'resolver',
  'dhcpServer',
]);

/** Keys whose strings are sentences or paths, in which names may stand. */
const textKeys = new Set(['source', 'why', 'file', 'path', 'linksTo', 'kernel', 'initrd', 'kernelModules']);

/** True where the string as a whole is a name. The path has `*` for each place in a list. */
export function isNameField(path: readonly string[]): boolean {
  const key = path.at(-1) ?? '';
  const within = (name: string) => path.includes(name);
  if (nameKeys.has(key)) return true;
  // An interface or a system has a name too, which is nobody's.
  if (key === 'name') return !within('agent') && !within('os');
  if (key === 'id') return within('connection');
  // Snippets are files that people call after the guest.
  if (within('customSeed')) return true;
  if (key === 'hypervisor') return within('ref');
  if (key === 'value') return path.at(-2) === 'hypervisor';
  if (key !== '*') return key === 'segment' && path.at(-2) === '*';
  const list = path.at(-2);
  return (
    list === 'templates' ||
    list === 'names' ||
    list === 'tags' ||
    list === 'resolvers' ||
    list === 'custom' ||
    (list === 'records' && within('reverse'))
  );
}

/** True where names may stand in the string. */
export function isTextField(path: readonly string[]): boolean {
  const key = path.at(-1) ?? '';
  if (key === '*') return ['errors', 'dropIns'].includes(path.at(-2) ?? '');
  return textKeys.has(key);
}
