import type { NameRule, NetworkdState } from '../../src/domain/dhcp-client.ts';
import type { DropIn, GuestWrite } from '../../src/domain/journal.ts';
import type { Restored } from '../../src/domain/ports.ts';
import type { DhcpClientAction } from '../../src/domain/remedy.ts';
import type { Acknowledgement } from '../dhcp-server.ts';
import { type ClientPlace, isHostName, leaseState, notOfKind, type SimClient } from './client.ts';

/** What a drop-in says: one of Truename's own kinds, or a text of somebody else's. */
export type SimDropIn = DropIn | { readonly other: string };

/** systemd-networkd, with what somebody can do to it past Truename. */
export interface SimNetworkd extends SimClient {
  readonly kind: 'networkd';
  state(): NetworkdState;
  /** Files beside the .network file, by path; whoever changes one must have networkd reload. */
  readonly dropIns: Map<string, SimDropIn>;
  /** `networkctl reconfigure`: gives the lease back and sets the link up with the name as it is now. */
  reconfigure(): void;
}

/** The .network file of every template. */
const networkFile = '/etc/systemd/network/10-ethernet.network';

/** `networkctl reconfigure` takes the address away for this long: 1 of 375 pings at 16 ms in the lab. */
const reconfigureMs = 16;

/**
 * systemd-networkd 257 with one link. It repeats the name with which it set the link up, whatever the machine is called by
 * then, and sets it up anew when it reloads after a file of it was written.
 */
export function simNetworkd(place: ClientPlace, machineId: () => string): SimNetworkd {
  const { mac, names, server } = place;
  const dropIns = new Map<string, SimDropIn>();
  const clientId = () => `ff:00:00:00:01:00:02:00:00:ab:11:${bytesOf(machineId())}`;
  let lease: Acknowledgement | undefined;

  const setUp = () => {
    const rule = ruleOf(dropIns);
    const kernel = names.read().transient;
    const named = rule.from === 'profile' ? rule.name : kernel;
    const name = rule.from === 'nothing' || named === 'localhost' || !isHostName(named) ? undefined : named;
    lease = server.request({ mac, clientId: clientId(), name });
  };
  const writeAndReload = (path: string, text: DropIn) => {
    // Written anew it is another file than before, whatever it says.
    dropIns.set(path, text);
    setUp();
  };

  return {
    kind: 'networkd',
    state: (): NetworkdState => ({
      kind: 'networkd',
      version: '257',
      ...leaseState(place, lease),
      clientId: clientId(),
      file: networkFile,
      dropIns: inOrder(dropIns).map(([path]) => path),
      now: ruleOf(dropIns),
      nextBoot: ruleOf(lasting(dropIns)),
    }),
    address: () => lease?.address,
    dropIns,
    reconfigure: setUp,
    boot() {
      for (const path of dropIns.keys()) if (path.startsWith('/run/')) dropIns.delete(path);
      setUp();
    },
    apply(step: DhcpClientAction): number {
      switch (step.kind) {
        case 'write-drop-in':
          writeAndReload(step.path, { name: step.name });
          return 0;
        case 'silence-link':
          writeAndReload(step.path, 'send-none');
          return 0;
        case 'reload-link':
          writeAndReload(step.path, 'nothing');
          return 0;
        case 'reconfigure-link':
          setUp();
          return reconfigureMs;
        default:
          throw notOfKind('systemd-networkd', step.kind);
      }
    },
    restore(write: GuestWrite): Restored {
      if (write.kind !== 'drop-in') throw notOfKind('systemd-networkd', write.kind);
      const { path, was, wrote } = write;
      const now = dropIns.get(path);
      if (says(now) === says(was ?? undefined)) return 'restored';
      if (now === undefined) return 'gone';
      if (says(now) !== says(wrote)) return 'changed';
      if (was === null) dropIns.delete(path);
      else dropIns.set(path, was);
      return 'restored';
    },
  };
}

/** Drop-ins apply in the order of their names, whatever folder they are in (systemd.network(5)). */
function inOrder(dropIns: ReadonlyMap<string, SimDropIn>): (readonly [string, SimDropIn])[] {
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return [...dropIns].sort(([left], [right]) => (nameOf(left) < nameOf(right) ? -1 : 1));
}

function lasting(dropIns: ReadonlyMap<string, SimDropIn>): Map<string, SimDropIn> {
  return new Map([...dropIns].filter(([path]) => !path.startsWith('/run/')));
}

function ruleOf(dropIns: ReadonlyMap<string, SimDropIn>): NameRule {
  let rule: NameRule = { from: 'transient', cut: false, legalOnly: true };
  for (const [path, text] of inOrder(dropIns)) {
    if (text === 'send-none') rule = { from: 'nothing', why: `${path} sets SendHostname=no` };
    else if (typeof text === 'object' && 'name' in text)
      rule = { from: 'profile', name: text.name, file: path };
  }
  return rule;
}

function says(text: SimDropIn | undefined): string {
  return JSON.stringify(text ?? null);
}

/** The first eight bytes of a machine-id, parted by colons. */
function bytesOf(machineId: string): string {
  return machineId.slice(0, 16).match(/../g)?.join(':') ?? '';
}
