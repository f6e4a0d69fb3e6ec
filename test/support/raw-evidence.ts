import { cloudInitProbe } from '../../src/adapters/cloud-init/probe.ts';
import { readSeed } from '../../src/adapters/cloud-init/seed.ts';
import { dhclientProbe } from '../../src/adapters/dhclient/probe.ts';
import { dhcpcdProbe } from '../../src/adapters/dhcpcd/probe.ts';
import { hostNamesProbe } from '../../src/adapters/linux/host-names.ts';
import { identityProbe } from '../../src/adapters/linux/identity.ts';
import { interfacesProbe } from '../../src/adapters/linux/interfaces.ts';
import { osProbe } from '../../src/adapters/linux/os.ts';
import { networkManagerProbe } from '../../src/adapters/network-manager/probe.ts';
import { networkdProbe } from '../../src/adapters/networkd/probe.ts';
import { nixosProbe } from '../../src/adapters/nixos-rebuild/probe.ts';
import { hostKeysProbe } from '../../src/adapters/openssh/host-keys.ts';
import type { ApiCall, ProxmoxApi } from '../../src/adapters/proxmox/client.ts';
import { createProxmoxHypervisor } from '../../src/adapters/proxmox/hypervisor.ts';
import { rules } from '../../src/checks/rules.ts';
import { SourceError } from '../../src/domain/error.ts';
import type { CheckInput, Finding } from '../../src/domain/finding.ts';
import type { Shell } from '../../src/domain/ports.ts';
import type { Segment } from '../../src/domain/segment.ts';
import { wrapScript } from '../../src/lib/script.ts';
import { evidenceChain } from '../../src/observe/evidence-chain.ts';
import { examine } from '../../src/observe/examine.ts';
import type { ExamineSources } from '../../src/observe/examine-sources.ts';
import { answerOf, type GuestTexts, networkManagerTexts, nixosTexts } from './raw-guest.ts';
import {
  at,
  type RawRecords,
  type RawServer,
  rawCapture,
  rawResolver,
  rawServer,
  seconds,
} from './raw-network.ts';
import { scriptedShell } from './scripted-shell.ts';

const mgmt = { name: 'mgmt', domain: 'mgmt.internal', bridge: 'lan', resolvers: ['unbound'] };

/** The machine's segment, whose DHCP server is `own`, and beside it `srv` with this one. */
export function besideServer(dhcpServer: string): readonly [Segment, Segment] {
  const own = { ...mgmt, dhcpServer: 'own' };
  return [own, { ...own, name: 'srv', bridge: 'srv', dhcpServer }];
}

/** Ends of leases in a lease file: one hour after, and before, the moment at which it is read. */
export const living = String(seconds + 3600);
export const ended = String(seconds - 1);

/** Changes of texts by key; undefined takes one away. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** What differs from the healthy machine; each piece is the raw text of its source, or the error of asking. */
export interface RawSources extends RawServer {
  /** The machine's row in GET /cluster/resources, over the default one. */
  readonly row?: Readonly<Record<string, unknown>>;
  /** Rows of other guests, after those of the template 9000 and of the machine. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  /** Lines of the machine's configuration, over the default ones; undefined takes one away. */
  readonly configuration?: Readonly<Record<string, unknown>> | Error;
  /** The client's part of the round trip; NetworkManager's with a profile without a name when left out. */
  readonly client?: GuestTexts;
  /** Other parts of the round trip, over those of a NixOS guest that is called alpha. */
  readonly guest?: Changes;
  /** The agent's `network-get-interfaces`: its `result`. */
  readonly agent?: unknown;
  /** Why the agent runs nothing (a VM), or `pct exec` (a container); left out: it does. */
  readonly inside?: Error;
  /** Why nobody gets in by ssh; left out: the same guest answers. */
  readonly ssh?: Error;
  /** Configuration lines of other guests by number, over a network interface with a MAC address of its own. */
  readonly others?: Readonly<Record<number, Readonly<Record<string, unknown>> | Error>>;
  /** Other DHCP servers than the segment's, by id. */
  readonly servers?: Readonly<Record<string, RawServer>>;
  /** Records that are the same at every resolver. */
  readonly dns?: RawRecords;
  /** Records of one resolver over those, by id. */
  readonly resolvers?: Readonly<Record<string, RawRecords>>;
  /** UDP payloads that are seen on the wire of the NIC; left out: nobody listens. */
  readonly wire?: readonly Uint8Array[];
  /** User-data and meta-data that the next start gives: generated ones, or the snippets that `cicustom` names. */
  readonly seed?: { readonly user?: string | Error; readonly meta?: string | Error };
  /** Host keys that were pinned, as `type base64`. */
  readonly pinned?: readonly string[];
  readonly segments?: readonly Segment[];
}

/** User-data as Proxmox VE generates them. */
const userData =
  '#cloud-config\nhostname: alpha\nmanage_etc_hosts: true\nfqdn: alpha.mgmt.internal\nuser: tappaas\nchpasswd:\n  expire: False\nusers:\n  - default\npackage_upgrade: true\n';

/** Meta-data as Proxmox VE generates them. */
const metaData = 'instance-id: 1111111111111111111111111111111111111111\n';

/** The lease of the machine in a lease file. */
export function leaseLine(name: string, clientId = '01:bc:24:11:00:00:01', expires = living): string {
  return `${expires} bc:24:11:00:00:01 10.2.10.5 ${name} ${clientId}\n`;
}

/** A refusal as the adapters throw it. */
export function refusal(code: SourceError['code'], message = `test ${code}`, hint?: string): SourceError {
  return new SourceError(code, 'Proxmox VE', message, hint === undefined ? {} : { hint });
}

/** What the rules are given for a machine whose sources say what the changes say, by the real way from raw text. */
export async function rawInput(changes: RawSources = {}): Promise<CheckInput> {
  const { signal } = new AbortController();
  const sources = rawSources(changes);
  const { hypervisor } = sources;
  const inventory = await hypervisor.guests(signal);
  const guest = inventory.find((each) => each.ref.vmid === 610);
  if (guest === undefined) throw new Error('the machine 610 is not in the inventory');
  const listening = changes.wire === undefined ? {} : { watchWireSeconds: 5 };
  const evidence = await examine(sources, guest, { inventory, patienceMs: 60_000, ...listening }, signal);
  return { evidence, chain: evidenceChain(evidence) };
}

/** The findings of every rule, in the order of the registry. */
export async function rawFindings(changes: RawSources = {}): Promise<Finding[]> {
  const input = await rawInput(changes);
  return rules.flatMap((rule) => rule.check(input) ?? []);
}

/** The ids of the rules that fire. */
export async function rulesThatFire(changes: RawSources = {}): Promise<string[]> {
  return (await rawFindings(changes)).map((finding) => finding.rule);
}

/** The sources themselves, for a test that puts its own in the place of some. */
export function rawSources(changes: RawSources = {}): ExamineSources {
  const texts = definedOnly({
    ...nixosTexts,
    ...(changes.client ?? networkManagerTexts()),
    ...changes.guest,
  });
  const stdout = answerOf(texts);
  const pinned = changes.pinned;
  return {
    hypervisor: createProxmoxHypervisor({
      id: 'pve',
      api: apiOf(changes, stdout),
      nodeShell: () => nodeShell(changes, stdout),
      clock: { sleep: () => Promise.resolve() },
    }),
    segments: changes.segments ?? [{ ...mgmt, dhcpServer: 'dnsmasq' }],
    dhcpServer: (id) => rawServer(id, changes.servers?.[id] ?? { leases: leaseLine('alpha'), ...changes }),
    resolver: (id) => rawResolver(id, { ...changes.dns, ...changes.resolvers?.[id] }),
    probes: {
      identity: identityProbe,
      os: osProbe,
      interfaces: interfacesProbe,
      host: hostNamesProbe,
      nixos: nixosProbe,
      cloudInit: cloudInitProbe,
      networkManager: networkManagerProbe,
      networkd: networkdProbe,
      dhcpcd: dhcpcdProbe,
      dhclient: dhclientProbe,
      hostKeys: hostKeysProbe,
    },
    hostKeys: {
      pinned: async () =>
        pinned === undefined
          ? undefined
          : { keys: pinned, learntBy: 'guest agent of pve1/610', learntAt: at },
    },
    ssh: () => scriptedShell(changes.ssh ?? { stdout }),
    readSeed,
    capture: rawCapture(changes.wire),
    now: () => at,
  };
}

/** Answers as the product does; whatever the changes do not speak of is healthy. */
function apiOf(changes: RawSources, stdout: string): ProxmoxApi {
  const template = {
    type: 'qemu',
    vmid: 9000,
    node: 'pve1',
    status: 'stopped',
    name: 'tappaas-nixos',
    template: 1,
  };
  const row = { type: 'qemu', vmid: 610, node: 'pve1', status: 'running', name: 'alpha', ...changes.row };
  const base = `/nodes/pve1/${row.type}/610`;
  const [user = userData, meta = metaData] = [changes.seed?.user, changes.seed?.meta];
  const answers: Readonly<Record<string, unknown>> = {
    '/cluster/resources': [template, row, ...(changes.rows ?? [])],
    [`${base}/status/current`]: { status: row.status },
    [`${base}/config`]:
      changes.configuration instanceof Error ? changes.configuration : configuration(changes, row),
    [`${base}/agent/network-get-interfaces`]:
      changes.agent instanceof Error ? changes.agent : { result: changes.agent ?? agentInterfaces },
    '/nodes/pve1/lxc/610/interfaces': changes.agent ?? agentInterfaces,
    [`${base}/agent/exec`]: changes.inside ?? { pid: 1 },
    [`${base}/agent/exec-status`]: {
      exited: 1,
      exitcode: 0,
      'out-data': stdout,
      'err-data': endMark,
    },
    [`${base}/agent/ping`]: changes.inside ?? { result: {} },
    [`${base}/cloudinit/dump?user`]: user,
    [`${base}/cloudinit/dump?meta`]: meta,
  };
  const answer = async ({ path, params = {} }: ApiCall): Promise<unknown> => {
    if (path.at(-1) === 'config' && String(path[3]) !== '610')
      return otherConfiguration(changes, Number(path[3]));
    const key = `/${path.join('/')}${path.at(-1) === 'dump' ? `?${String(params.type)}` : ''}`;
    if (!(key in answers)) throw new Error(`the kit has no answer for ${key}`);
    if (answers[key] instanceof Error) throw answers[key];
    return answers[key];
  };
  return { isRoot: false, get: answer, post: answer, put: answer, delete: answer };
}

function configuration(
  changes: RawSources,
  row: { readonly type: string },
): Readonly<Record<string, unknown>> {
  const own =
    row.type === 'lxc'
      ? {
          hostname: 'alpha',
          net0: 'name=eth0,bridge=lan,hwaddr=BC:24:11:00:00:01,ip=dhcp,type=veth',
          ostype: 'debian',
        }
      : {
          name: 'alpha',
          agent: 'enabled=1',
          net0: 'virtio=BC:24:11:00:00:01,bridge=lan',
          ipconfig0: 'ip=dhcp',
          ide2: 'local-lvm:vm-610-cloudinit,media=cdrom,size=4M',
          smbios1: 'uuid=00000000-0000-4000-8000-000000000610',
          ostype: 'l26',
        };
  return Object.fromEntries(
    Object.entries({ ...own, ...changes.configuration }).filter(([, value]) => value !== undefined),
  );
}

function otherConfiguration({ others, rows = [] }: RawSources, vmid: number): unknown {
  const given = others?.[vmid];
  if (given instanceof Error) throw given;
  const name = rows.find((each) => each.vmid === vmid)?.name ?? 'tappaas-nixos';
  const digits = String(vmid).padStart(4, '0');
  const mac = `BC:24:11:FF:${digits.slice(0, 2)}:${digits.slice(2, 4)}`;
  return { name, net0: `virtio=${mac},bridge=lan`, ...given };
}

const agentInterfaces = [
  { name: 'lo', 'hardware-address': '00:00:00:00:00:00', 'ip-addresses': [] },
  {
    name: 'ens18',
    'hardware-address': 'bc:24:11:00:00:01',
    'ip-addresses': [{ 'ip-address': '10.2.10.5', 'ip-address-type': 'ipv4', prefix: 24 }],
  },
];

/** The line that ends a wrapped script, as the wrapper itself prints it. */
const endMark = `\n${/printf '\\n(\S+) %s/.exec(wrapScript('', []))?.[1]} 0\n`;

/** A node: it enters containers, and reads snippets by the name that `cicustom` gives them. */
function nodeShell(changes: RawSources, stdout: string): Shell {
  return scriptedShell(({ script, args = [] }) => {
    if (script.includes('pct exec')) return changes.inside ?? { stdout, stderr: endMark };
    const { user = userData, meta = metaData } = changes.seed ?? {};
    const text = args[0]?.includes('meta') ? meta : user;
    return text instanceof Error ? text : { stdout: text };
  });
}

function definedOnly(texts: Changes): GuestTexts {
  return Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
