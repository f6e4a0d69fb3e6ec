import { collectScript } from '../../src/adapters/dnsmasq/collect.ts';
import { hostEntriesScript } from '../../src/adapters/dnsmasq/host-entries.ts';
import { dnsmasqServer } from '../../src/adapters/dnsmasq/server.ts';
import { captureDhcp } from '../../src/adapters/tcpdump/capture.ts';
import { makeFrame, makePcap } from '../../src/adapters/tcpdump/testing.ts';
import { type Address, parseIpv4 } from '../../src/domain/address.ts';
import { type Fqdn, parseFqdn } from '../../src/domain/name.ts';
import type { DhcpServer, DnsAnswer, Resolver } from '../../src/domain/ports.ts';
import type { Capture } from '../../src/observe/hypervisor-looks.ts';
import { scriptedShell } from './scripted-shell.ts';

/** The moment at which everything is read, by every clock. */
export const at = '2026-01-01T12:00:00.000Z';
export const seconds = Date.parse(at) / 1000;

/** The raw texts of one dnsmasq, or the errors of reading them. */
export interface RawServer {
  /** The lease file; empty when left out. */
  readonly leases?: string | Error;
  /** The configuration file. */
  readonly dnsmasq?: string | Error;
  /** The file that its `addn-hosts` names. */
  readonly hosts?: string | Error;
}

/** Records by question, such as `A alpha.mgmt.internal`, over the default ones; `not-served`: no such zone. */
export type RawRecords = Readonly<Record<string, readonly string[] | 'not-served' | Error>>;

/** A dnsmasq whose machine holds these texts. */
export function rawServer(id: string, { leases = '', dnsmasq = '', hosts = '' }: RawServer): DhcpServer {
  const shell = scriptedShell(({ script }) => {
    if (script === hostEntriesScript) {
      if (hosts instanceof Error) return hosts;
      const [conf, entries] = [dnsmasq instanceof Error ? '' : dnsmasq, hosts].map(marked);
      return { stdout: `C/etc/dnsmasq.conf\n${conf}H/var/etc/dnsmasq-hosts\n${entries}end\n` };
    }
    if (script === collectScript) {
      if (dnsmasq instanceof Error) return dnsmasq;
      return { stdout: `P\n=conf-file=/etc/dnsmasq.conf\nC/etc/dnsmasq.conf\n${marked(dnsmasq)}end\n` };
    }
    if (leases instanceof Error) return leases;
    return { stdout: `now=${seconds}\nwritten=${seconds}\nleases\n${leases}end\n` };
  });
  return dnsmasqServer({ id, shell, leaseFile: '/var/lib/misc/dnsmasq.leases' });
}

function marked(text: string): string {
  return text
    .split('\n')
    .map((line) => `=${line}\n`)
    .join('');
}

/**
 * A resolver with these records over those of a healthy machine. `NAME mgmt.internal` without a record: it knows nothing of
 * that name.
 */
export function rawResolver(id: string, dns: RawRecords): Resolver {
  const records: RawRecords = {
    'A alpha.mgmt.internal': ['10.2.10.5'],
    'PTR 10.2.10.5': ['alpha.mgmt.internal'],
    'NAME mgmt.internal': ['there'],
    ...dns,
  };
  const ask = async <T>(question: string, parse: (text: string) => T | undefined): Promise<DnsAnswer<T>> => {
    const answer = records[question] ?? [];
    if (answer instanceof Error) throw answer;
    if (answer === 'not-served') return { status: 'not-served', why: 'no such zone is served' };
    const legal = answer.flatMap((each) => parse(each) ?? []);
    return legal.length === 0 ? { status: 'none' } : { status: 'answered', records: legal };
  };
  return {
    id,
    forward: (name) => ask<Address>(`A ${name}`, parseIpv4),
    forward6: (name) => ask<string>(`AAAA ${name}`, (text) => text),
    reverse: (address) => ask<Fqdn>(`PTR ${address}`, parseFqdn),
    knows: async (name) => (await ask(`NAME ${name}`, (text) => text)).status === 'answered',
  };
}

/** What tcpdump prints at the node where these UDP payloads pass. */
export function rawCapture(payloads: readonly Uint8Array[] | undefined): Capture {
  if (payloads === undefined) return () => Promise.reject(new Error('nobody asked for the wire'));
  const stdout = makePcap(payloads.map((each) => makeFrame(each))).toString('base64');
  const shell = scriptedShell({ stdout, stderr: 'rc=124\n' });
  return ({ device }, mac, heard, signal) => captureDhcp({ device, shell }, mac, heard, signal);
}
