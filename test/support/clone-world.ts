import { randomUUID } from 'node:crypto';
import { guestProbes } from '../../src/cli/wire-probes.ts';
import { SourceError } from '../../src/domain/error.ts';
import type { GuestRef, GuestSummary, Nic } from '../../src/domain/guest.ts';
import type {
  CloneRequest,
  GuestMaker,
  GuestSettings,
  SnippetStore,
  StandingGuest,
} from '../../src/domain/guest-maker.ts';
import type { JournalledRun, LockHolder } from '../../src/domain/journal.ts';
import type { Mac } from '../../src/domain/mac.ts';
import { type Hostname, sameName } from '../../src/domain/name.ts';
import type { Hypervisor } from '../../src/domain/ports.ts';
import type { CloneOrder, CloneSources } from '../../src/provision/clone/context.ts';
import { type Act, type Fate, mortal, mortalMemory } from './mortal-run.ts';
import { macOf, type ReserveWorld, reserveWorld } from './reserve-world.ts';

/** A VM of the world. */
export interface WorldGuest extends Omit<StandingGuest, 'version'> {
  on: boolean;
  changes: number;
  /** How often it is still looked at before the copy is done. */
  looksUntilMade: number;
}

/** A cluster with a template, two DHCP servers, and a journal that outlives the runs. */
export interface CloneWorld {
  readonly reserve: ReserveWorld;
  readonly guests: Map<number, WorldGuest>;
  readonly runs: JournalledRun[];
  readonly held: Map<string, LockHolder>;
  /** Names whose copy fails. */
  readonly failing: Set<string>;
  /** Numbers that somebody takes while they are copied to. */
  readonly stolen: Set<number>;
  /** Texts of the node by volume; undefined where nobody can write any. */
  readonly snippets: Map<string, string> | undefined;
  /** What the hypervisor was asked for, in order. */
  readonly asked: {
    readonly copies: CloneRequest[];
    readonly settings: GuestSettings[];
    /** Looks that read the list of the whole cluster, each by what was looked for. */
    readonly lists: (number | 'all')[];
  };
  /** Sources of a run that is killed at its fate, and what it did until then. */
  run(
    run: string,
    fate?: Fate,
  ): { readonly sources: CloneSources; readonly signal: AbortSignal; readonly acts: string[] };
  order(changes?: Partial<CloneOrder>): CloneOrder;
}

const templateRef: GuestRef = { hypervisor: 'pve', node: 'pve1', vmid: 9000 };

/** The world before anything was made. */
export function cloneWorld({ snippets }: Partial<Pick<CloneWorld, 'snippets'>> = {}): CloneWorld {
  const reserve = reserveWorld([]);
  const guests = new Map<number, WorldGuest>([[9000, templateGuest()]]);
  const runs: JournalledRun[] = [];
  const held = new Map<string, LockHolder>();
  const failing = new Set<string>();
  const stolen = new Set<number>();
  let macs = 0;
  const asked: CloneWorld['asked'] = { copies: [], settings: [], lists: [] };
  const world = { reserve, guests, failing, stolen, snippets, asked };
  return {
    ...world,
    runs,
    held,
    run(run, fate) {
      const end = new AbortController();
      const acts: string[] = [];
      const act = mortal(acts, end, fate);
      const hypervisor = hypervisorOf(world, act);
      const { sources } = reserve;
      return {
        signal: end.signal,
        acts,
        sources: {
          ...sources,
          hypervisor,
          dhcpServer(id) {
            const server = sources.dhcpServer(id);
            const { reserving } = server;
            if (reserving === undefined) return server;
            const write: typeof reserving.write = (...given) =>
              act(`reserve at ${id}`, () => reserving.write(...given));
            return { ...server, reserving: { ...reserving, write } };
          },
          dhcpServers: ['mgmt', 'srv'],
          probes: guestProbes,
          random: () => {
            macs += 1;
            return Uint8Array.of(0x77, macs >> 8, macs & 255);
          },
          patience: { proofMs: 2000, lookMs: 60_000, bootMs: 60_000 },
          reverseRequired: false,
          runs: async () => [...runs].reverse().filter(({ writes }) => writes.length > 0),
          memory: mortalMemory(run, runs, held, act, sources.now),
        },
      };
    },
    order: (changes = {}) => ({
      run: 'run-1',
      names: ['web-1', 'web-2', 'web-3'] as Hostname[],
      from: '9000',
      disks: 'linked',
      reserve: 'where-possible',
      start: true,
      replace: false,
      rollback: false,
      policy: {
        roles: { own: { macs: [] }, hosts: [{ role: 'DHCP server', id: 'mgmt', hosts: ['firewall'] }] },
        templates: ['image'],
        nodes: ['pve1'],
      },
      ...changes,
    }),
  };
}

function templateGuest(): WorldGuest {
  return {
    ref: templateRef,
    name: 'tappaas-nixos',
    template: true,
    uuid: 'template',
    nics: [{ slot: 'net0', mac: macOf(9000), bridge: 'mgmt', ipv4: 'dhcp' }],
    agentEnabled: false,
    cloudInit: true,
    tags: [],
    on: false,
    changes: 0,
    looksUntilMade: 0,
  };
}

type WorldParts = Pick<CloneWorld, 'reserve' | 'guests' | 'failing' | 'stolen' | 'snippets' | 'asked'>;

function hypervisorOf(world: WorldParts, act: Act): Hypervisor {
  const { guests } = world;
  const of = ({ vmid }: Pick<GuestRef, 'vmid'>): WorldGuest => {
    const guest = guests.get(vmid);
    if (guest === undefined) throw new SourceError('not-found', 'pve', `there is no VM ${vmid}`);
    return guest;
  };
  return {
    id: 'pve',
    async find(vmid) {
      world.asked.lists.push(vmid);
      const guest = guests.get(vmid);
      if (guest !== undefined && guest.looksUntilMade > 0) {
        guest.looksUntilMade -= 1;
        if (guest.looksUntilMade === 0) finishCopy(guest);
      }
      return guest && summaryOf(guest);
    },
    async guests() {
      world.asked.lists.push('all');
      return [...guests.values()].map(summaryOf);
    },
    configuration: async ({ ref }) => of(ref),
    async seed({ customSeed: { meta } = {} }) {
      const generated = { text: 'instance-id: 6ac1\n', custom: false, source: 'generated' };
      const text = meta === undefined ? generated.text : world.snippets?.get(meta);
      if (text === undefined) throw new SourceError('not-found', 'pve', `${meta} does not exist`);
      return { user: generated, meta: { ...generated, text } };
    },
    power: (ref) => act(`start ${ref.vmid}`, async () => start(world, of(ref))),
    making: makerOf(world, of, act),
  };
}

/** What is known of a copy only when it is done. */
const copies = new WeakMap<WorldGuest, { readonly name: string; readonly description: string }>();

function finishCopy(guest: WorldGuest): void {
  Object.assign(guest, copies.get(guest));
  delete (guest as { lock?: string }).lock;
}

function summaryOf({ ref, name, template, on, lock, tags }: WorldGuest): GuestSummary {
  const told = { ref, kind: 'vm', power: on ? 'running' : 'stopped', template, tags } as const;
  return { ...told, ...(name === '' ? {} : { name }), ...(lock === undefined ? {} : { lock }) };
}

/** It asks as its template does, and is leased what its server was told, or what it says. */
function start({ reserve, snippets }: WorldParts, guest: WorldGuest): void {
  guest.on = true;
  const meta = guest.customSeed?.meta;
  const text = meta === undefined ? '' : snippets?.get(meta);
  if (text === undefined) throw new SourceError('command-failed', 'pve', `volume '${meta}' does not exist`);
  const told = /^local-hostname: (.*)$/m.exec(text)?.[1];
  for (const { mac, bridge } of guest.nics) {
    const server = reserve.servers[bridge as 'mgmt'];
    if (server.leases.some((lease) => lease.mac === mac)) continue;
    const name = server.own.find((own) => own.mac === mac)?.name ?? told ?? 'tappaas-nixos';
    const address = `10.2.10.${50 + server.leases.length}`;
    server.leases.push({ address: address as never, mac, name });
  }
}

function makerOf(world: WorldParts, of: (ref: GuestRef) => WorldGuest, act: Act): GuestMaker {
  const { guests, failing, stolen, snippets, asked } = world;
  const standing = (ref: GuestRef): StandingGuest => {
    const { on: _, changes, looksUntilMade: __, ...guest } = of(ref);
    return { ...guest, version: String(changes) };
  };
  return {
    async freeNumber({ from = 100, besides }) {
      let free = from;
      while (guests.has(free) || besides?.has(free) === true) free += 1;
      return free;
    },
    clone(request) {
      const { source, vmid, name, description, targetNode: node = source.node } = request;
      asked.copies.push(request);
      const copy = (looksUntilMade: number): WorldGuest => {
        const made: WorldGuest = {
          ...of(source),
          ref: { ...source, node, vmid },
          name: '',
          template: false,
          uuid: randomUUID(),
          nics: of(source).nics.map((nic: Nic, index) => ({
            ...nic,
            mac: `bc:24:11:ff:0${index}:${(vmid % 256).toString(16).padStart(2, '0')}` as Mac,
          })),
          lock: 'clone',
          looksUntilMade,
        };
        copies.set(made, { name, description });
        guests.set(vmid, made);
        return made;
      };
      const effect = async () => {
        if (stolen.delete(vmid)) copies.set(copy(0), { name: 'stranger', description: 'of another run' });
        if (guests.get(vmid)?.looksUntilMade === 0) finishCopy(guests.get(vmid) as WorldGuest);
        if (guests.has(vmid)) throw new SourceError('guest-number-taken', 'pve', `VM ${vmid} exists`);
        if (failing.has(name)) throw new SourceError('command-failed', 'pve', 'no space left');
        finishCopy(copy(0));
        return { ref: { ...source, node, vmid }, warnings: [] };
      };
      return act(`clone ${name}`, effect, () => void copy(3));
    },
    standing: async (ref) => standing(ref),
    configure: ({ ref, version }, settings) =>
      act(`configure ${ref.vmid}`, async () => {
        const guest = of(ref);
        if (String(guest.changes) !== version) throw new SourceError('guest-changed', 'pve', 'changed');
        asked.settings.push(settings);
        apply(guest, settings);
        return standing(ref);
      }),
    regenerateSeed: async () => undefined,
    stop: (ref) => act(`stop ${ref.vmid}`, async () => void Object.assign(of(ref), { on: false })),
    remove: ({ ref }) =>
      act(`remove ${ref.vmid}`, async () => {
        if (of(ref).on) throw new SourceError('guest-on', 'pve', 'it runs');
        guests.delete(ref.vmid);
      }),
    ...(snippets === undefined ? {} : { snippets: storeOf(snippets, act) }),
  };
}

function storeOf(snippets: Map<string, string>, act: Act): SnippetStore {
  const volume = (file: string) => `local:snippets/${file}`;
  return {
    volume: async (_, file) => volume(file),
    write: (_, file, text) =>
      act(`write ${file}`, async () => {
        snippets.set(volume(file), text);
        return volume(file);
      }),
    remove: (_, gone) => act(`delete ${gone}`, async () => void snippets.delete(gone)),
  };
}

function apply(guest: WorldGuest, { nics = [], name, searchDomain, customSeed }: GuestSettings): void {
  const changed = guest.nics.map((nic) => {
    const said = nics.find(({ slot }) => slot === nic.slot);
    const bridge = said?.bridge === undefined ? {} : { bridge: said.bridge };
    return said === undefined ? nic : { ...nic, ...bridge, mac: said.mac, ipv4: 'dhcp' as const };
  });
  const rest = {
    ...(name === undefined ? {} : { name }),
    ...(searchDomain === undefined ? {} : { searchDomain }),
    ...(customSeed === undefined ? {} : { customSeed }),
  };
  Object.assign(guest, { nics: changed, ...rest, changes: guest.changes + 1 });
}

/** The VM of this name. */
export function guestNamed({ guests }: CloneWorld, name: string): WorldGuest | undefined {
  return [...guests.values()].find((each) => sameName(each.name, name));
}
