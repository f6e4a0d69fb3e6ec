import { parseIpv4 } from '../../src/domain/address.ts';
import { TruenameError } from '../../src/domain/error.ts';
import type { RunEvent } from '../../src/domain/event.ts';
import { parseMac } from '../../src/domain/mac.ts';
import { parseFqdn, parseHostname } from '../../src/domain/name.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import type { RebuildRequest } from '../../src/provision/rebuild/context.ts';
import type { RebuildResult } from '../../src/provision/rebuild/result.ts';
import { everyRemedy } from '../support/every-remedy.ts';

const at = '2026-01-02T03:04:05.000Z';
const name = must(parseHostname('myvm'));
const address = must(parseIpv4('10.2.10.101'));

/** A request as `truename rebuild` makes it. */
export const sampleRequest: RebuildRequest = {
  name,
  vmid: 610,
  node: 'tappaas1',
  configuration: '/root/myvm.nix',
  buildOn: 'target',
  dryRun: false,
  takeName: false,
  keepDeclaredName: false,
  rollbackOnFailure: false,
  lockMs: 0,
  mayReboot: true,
};

/** One event of each type that a report is made of. */
export const sampleEvents: readonly RunEvent[] = [
  { type: 'step-ended', step: 'find', at, seconds: 0.9, result: 'VM 610 on node tappaas1', passed: true },
  { type: 'step-failed', step: 'proof', at, seconds: 120, code: 'timeout' },
  { type: 'note', step: 'cloud-init', at, text: 'cloud-init: an error' },
];

const snapshot: Snapshot = {
  hypervisor: { seen: 'value', value: 'myvm', source: 'hypervisor', at },
  guest: { seen: 'not-observable', code: 'unreachable', why: 'no session', source: 'ssh', at },
  lease: {
    seen: 'value',
    value: { lease: { address, mac: must(parseMac('bc:24:11:00:00:01')), name: 'myvm' }, readAt: at },
    source: 'leases',
    at,
  },
  resolvers: [
    {
      resolver: 'firewall',
      forward: { seen: 'empty', source: 'firewall', at },
      reverse: { seen: 'value', value: { status: 'not-served', why: 'no zone' }, source: 'firewall', at },
    },
  ],
};

/** Every kind of remedy, so that each of its keys is in the report. */
const remedies = everyRemedy('test');

/** A result in which nothing is left out. */
export const sampleResult: RebuildResult = {
  outcome: 'not-proven',
  segment: 'mgmt',
  fqdn: must(parseFqdn('myvm.mgmt.internal')),
  address,
  before: snapshot,
  after: snapshot,
  proof: {
    now: [{ link: 'forward', of: 'firewall', state: 'refuted', because: 'it does not resolve', at }],
    lasts: [{ link: 'next-boot', state: 'not-observable', because: 'no session', at }],
    proven: false,
  },
  remedies,
  error: new TruenameError('timeout', 'the time is over', { where: 'VM 610', hint: 'Run it again.' }),
};

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The sample holds an illegal value.');
  return value;
}
