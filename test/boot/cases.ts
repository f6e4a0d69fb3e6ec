import type { Seed } from '../../lab/virtual-machine/seed-disc.ts';
import type { BootDisk } from './disks.ts';

/** One boot that is measured from power-on. */
export interface BootCase {
  readonly name: string;
  /** Where its disk comes from: a template, the machine of an earlier case, or a clone of that machine. */
  readonly from: { readonly template: BootDisk } | { readonly again: string } | { readonly cloneOf: string };
  /** Whether Truename's module or units are in the template. */
  readonly module: boolean;
  /** The disc in its drive, which bears the machine's name at the hypervisor; absent: none. */
  readonly seed?: Pick<Seed, 'kind' | 'name'>;
  /** Arguments of QEMU's `-smbios`, as Proxmox VE's `smbios1` and `args` make them. */
  readonly smbios?: readonly string[];
  /** The name that every packet and the lease must bear; absent: packets must bear none. */
  readonly expected?: string;
  /** The DHCP server is silent at power-on, and answers from the machine's second DISCOVER on. */
  readonly lateServer?: true;
}

const cidata = (name: string) => ({ kind: 'cidata', name }) as const;

/** All boots, each after those that it follows. */
export const bootCases: readonly BootCase[] = [
  {
    name: 'today',
    from: { template: 'today' },
    module: false,
    seed: cidata('alpha'),
    expected: 'alpha',
  },
  {
    name: 'module',
    from: { template: 'module' },
    module: true,
    seed: cidata('alpha'),
    expected: 'alpha',
  },
  { name: 'reboot', from: { again: 'module' }, module: true, seed: cidata('alpha'), expected: 'alpha' },
  { name: 'renamed', from: { again: 'reboot' }, module: true, seed: cidata('beta'), expected: 'beta' },
  {
    name: 'clone-of-clone',
    from: { cloneOf: 'renamed' },
    module: true,
    seed: cidata('gamma'),
    expected: 'gamma',
  },
  { name: 'no-seed', from: { template: 'module' }, module: true },
  {
    name: 'stale-keyfile',
    from: { template: 'stale-keyfile' },
    module: true,
    seed: cidata('delta'),
    expected: 'delta',
  },
  {
    name: 'release-26.05',
    from: { template: 'release-26.05' },
    module: true,
    seed: cidata('epsilon'),
    expected: 'epsilon',
  },
  {
    name: 'networkd',
    from: { template: 'networkd' },
    module: true,
    seed: cidata('zeta'),
    expected: 'zeta',
  },
  { name: 'dhcpcd', from: { template: 'dhcpcd' }, module: true, seed: cidata('eta'), expected: 'eta' },
  {
    name: 'config-2',
    from: { template: 'module' },
    module: true,
    seed: { kind: 'config-2', name: 'theta' },
    expected: 'theta',
  },
  {
    // `smbios1: serial=…`: cloud-init reads it there itself (NoCloud), and only after the network.
    name: 'smbios-serial',
    from: { template: 'module' },
    module: true,
    smbios: ['type=1,serial=ds=nocloud;h=lambda'],
    expected: 'lambda',
  },
  {
    name: 'smbios-credential',
    from: { template: 'networkd' },
    module: true,
    smbios: ['type=11,value=io.systemd.credential:truename.hostname=sigma'],
    expected: 'sigma',
  },
  {
    name: 'late-server',
    from: { template: 'module' },
    module: true,
    seed: cidata('iota'),
    expected: 'iota',
    lateServer: true,
  },
  {
    name: 'declared',
    from: { template: 'declared' },
    module: true,
    seed: cidata('kappa'),
    expected: 'declared',
  },
];

/** The cases that follow one another on machines that come of each other, in their order. */
export type Chain = readonly [BootCase, ...BootCase[]];

/**
 * Chains that hold these cases and those that they follow, and no other; all cases for none. Undefined for an unknown name.
 */
export function chainsOf(
  names: readonly string[],
  cases: readonly BootCase[] = bootCases,
): Chain[] | undefined {
  const byName = new Map(cases.map((each) => [each.name, each]));
  if (names.some((name) => !byName.has(name))) return undefined;
  const wanted = new Set<BootCase>();
  const want = (name: string): void => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`no case is called ${name}`);
    wanted.add(found);
    const before = predecessor(found);
    if (before !== undefined) want(before);
  };
  for (const name of names.length === 0 ? byName.keys() : names) want(name);
  const chains: [BootCase, ...BootCase[]][] = [];
  for (const each of cases.filter((one) => wanted.has(one))) {
    const before = predecessor(each);
    const chain = chains.find((one) => one.some(({ name }) => name === before));
    if (chain === undefined) chains.push([each]);
    else chain.push(each);
  }
  return chains;
}

/** The name of the case that one follows; undefined where it begins with a template. */
export function predecessor({ from }: BootCase): string | undefined {
  if ('again' in from) return from.again;
  return 'cloneOf' in from ? from.cloneOf : undefined;
}
