import type { DhcpcdState, NameRule } from '../../src/domain/dhcp-client.ts';
import type { GuestWrite } from '../../src/domain/journal.ts';
import type { Restored } from '../../src/domain/ports.ts';
import type { DhcpClientAction } from '../../src/domain/remedy.ts';
import type { Acknowledgement } from '../dhcp-server.ts';
import { type ClientPlace, leaseState, notOfKind, type SimClient } from './client.ts';

/** dhcpcd.conf as far as names go. */
export interface SimDhcpcdConf {
  /** The name on its `hostname` line; empty for the line without a name. */
  readonly name: string;
  /** The name that Truename took out of that line; absent where it did not. */
  readonly takenOut?: string;
}

/** dhcpcd, with what somebody can do to it past Truename. */
export interface SimDhcpcd extends SimClient {
  readonly kind: 'dhcpcd';
  state(): DhcpcdState;
  /** Undefined where the file is gone. */
  conf: SimDhcpcdConf | undefined;
  /** The family flag that the daemon runs with; undefined for both. A call with another one finds nobody. */
  family: '4' | '6' | undefined;
  /** `dhcpcd -N`: one REQUEST. */
  renew(): void;
  /** The unit is started anew; the address is kept. */
  restart(): void;
}

/** The file of every template. */
const dhcpcdConf = '/etc/dhcpcd.conf';

/** dhcpcd 10.1, one process for all interfaces. What its file says holds from its next start on. */
export function simDhcpcd(place: ClientPlace): SimDhcpcd {
  const { mac, names, server } = place;
  // An IAID of the MAC address, and a DUID of the time at which it was made (RFC 4361, RFC 8415 section 11.2).
  const clientId = `ff:${mac.slice(6)}:00:01:00:01:32:96:68:c8:${mac}`;
  let conf: SimDhcpcdConf | undefined = { name: '' };
  let family: '4' | '6' | undefined;
  let startedWith = '';
  let lease: Acknowledgement | undefined;

  const renew = () => {
    const kernel = names.read().transient;
    const name = startedWith !== '' ? startedWith : kernel === 'localhost' ? undefined : kernel;
    lease = server.request({ mac, clientId, name });
  };
  const restart = () => {
    startedWith = conf?.name ?? '';
    renew();
  };

  return {
    kind: 'dhcpcd',
    state: (): DhcpcdState => ({
      kind: 'dhcpcd',
      version: '10.1.0',
      ...leaseState(place, lease),
      clientId,
      mode: 'manager',
      ...(family === undefined ? {} : { family }),
      file: dhcpcdConf,
      // A look reads the file: it shows what the next start sends.
      now: ruleOf(conf),
      nextBoot: ruleOf(conf),
    }),
    address: () => lease?.address,
    get conf() {
      return conf;
    },
    set conf(to) {
      conf = to;
    },
    get family() {
      return family;
    },
    set family(to) {
      family = to;
    },
    renew,
    restart,
    boot: restart,
    apply(step: DhcpClientAction): number {
      switch (step.kind) {
        case 'rebind-lease':
          if (step.family === family) renew();
          return 0;
        case 'clear-conf-name':
          if (
            conf !== undefined &&
            step.stale !== '' &&
            [conf.name, firstLabel(conf.name)].includes(step.stale)
          )
            conf = { name: '', takenOut: conf.name };
          return 0;
        case 'restart-client':
          restart();
          return 0;
        default:
          throw notOfKind('dhcpcd', step.kind);
      }
    },
    restore(write: GuestWrite): Restored {
      if (write.kind !== 'conf-name') throw notOfKind('dhcpcd', write.kind);
      if (conf === undefined) return 'gone';
      if (conf.takenOut !== undefined && conf.name === '') conf = { name: write.was };
      return conf.name === write.was ? 'restored' : 'changed';
    },
  };
}

function firstLabel(name: string): string {
  return name.split('.')[0] ?? '';
}

function ruleOf(conf: SimDhcpcdConf | undefined): NameRule {
  const name = conf?.name ?? '';
  if (name !== '') return { from: 'profile', name, file: dhcpcdConf };
  return { from: 'transient', cut: false, legalOnly: false };
}
