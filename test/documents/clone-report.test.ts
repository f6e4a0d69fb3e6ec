import { describe, expect, it } from 'vitest';
import { cloneReport } from '../../src/cli/clone-report.ts';
import { guestReport } from '../../src/cli/guest-report.ts';
import { lintTemplateReport } from '../../src/cli/lint-template-report.ts';
import { removeReport } from '../../src/cli/remove-report.ts';
import type { Address } from '../../src/domain/address.ts';
import { TruenameError } from '../../src/domain/error.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Fqdn, Hostname } from '../../src/domain/name.ts';
import type { CloneOutcome, CloneResult, CloneRun } from '../../src/provision/clone/result.ts';
import type { GuestUnitsResult } from '../../src/provision/guest-units/context.ts';
import type { RemoveResult } from '../../src/provision/remove/request.ts';
import { documentedKeys, keysOf } from './report-keys.ts';

const error = new TruenameError('name-taken', 'taken', { where: 'web', hint: 'Choose another name.' });
const ref = { hypervisor: 'pve', node: 'pve1', vmid: 100 };
const at = '2026-01-01T12:00:00.000Z';
const verdict = { link: 'forward' as const, of: 'mgmt', state: 'proven' as const, because: 'seen', at };

function result(outcome: CloneOutcome): CloneResult {
  const sent = { from: 'static' as const, name: 'web' };
  return {
    name: 'web' as Hostname,
    ref,
    fqdn: 'web.mgmt.internal' as Fqdn,
    nics: [{ slot: 'net0', mac: 'bc:24:11:00:00:01' as Mac, segment: 'mgmt', reserved: true }],
    outcome,
    why: 'so',
    notes: ['note'],
    continued: false,
    address: '10.2.10.5' as Address,
    reservation: [verdict],
    proof: { now: [verdict], lasts: [verdict], proven: true },
    sends: { now: sent, nextBoot: sent },
    error,
  };
}

const rebuilt = new Map([['web', { outcome: 'failed' as const, error }]]);

function run(outcomes: readonly CloneOutcome[]): CloneRun {
  const servers = [
    { id: 'mgmt', place: '/hosts/truename', reach: 'guest' as const, lastPauseSeconds: 2, writes: 1 },
  ];
  return {
    run: 'run-1',
    dryRun: false,
    source: { ref, name: 'image' },
    servers,
    results: outcomes.map(result),
  };
}

const removed: RemoveResult = {
  name: 'web',
  ref,
  outcome: 'removed',
  why: 'so',
  reservations: [
    { name: 'web', was: null, becomes: null, outcome: 'released', why: 'so', notes: ['note'], readBack: [] },
  ],
  error,
};

const installed: GuestUnitsResult = {
  name: 'web',
  ref,
  outcome: 'failed',
  why: 'so',
  via: 'agent',
  files: [{ path: '/etc/truename/guest.conf', was: 'absent', becomes: 'written' }],
  error,
};

const look = {
  name: 'image',
  vmid: 9000,
  faults: [{ id: 'no-agent' as const, why: 'off', cure: 'on' }],
  inside: { seen: 'value' as const, value: 'agent', source: 'inside', at },
};

/** Errors of guests have the keys of the run's. */
const likeReported = (key: string) => key.replace(/^(?:guests|clones)\[\](?:\.rebuild)?\.error\./, 'error.');

describe.each<[string, readonly object[]]>([
  [
    'docs/reference/clone-report.md',
    [cloneReport({ ...run(['proven']), rebuilt }, undefined), cloneReport(undefined, error)],
  ],
  ['docs/reference/remove-report.md', [removeReport([removed], { dryRun: false }, error)]],
  ['docs/reference/guest-report.md', [guestReport('install', false, [installed], error)]],
  ['docs/reference/lint-template-report.md', [lintTemplateReport(look, error)]],
])('%s', (document, reports) => {
  it('has a row for every key, once, and none for a key that there is not', () => {
    const keys = reports.flatMap((each) => keysOf(JSON.parse(JSON.stringify(each)))).map(likeReported);
    expect(documentedKeys(document).sort()).toEqual([...new Set(keys)].sort());
  });
});

describe('how truename clone ends', () => {
  it('counts what came of a rebuild', () => {
    expect(cloneReport({ ...run(['proven']), rebuilt }, undefined).exitCode).toBe(1);
    const right = new Map([['web', { outcome: 'proven' as const }]]);
    expect(cloneReport({ ...run(['not-proven']), rebuilt: right }, undefined).exitCode).toBe(0);
  });

  it.each<[number, readonly CloneOutcome[], TruenameError | undefined]>([
    [0, ['proven', 'made', 'planned'], undefined],
    [3, ['proven', 'not-proven'], undefined],
    [1, ['not-proven', 'failed'], undefined],
    [1, ['refused'], undefined],
    [1, ['rolled-back'], undefined],
    [1, [], new TruenameError('busy', 'another run')],
    [2, [], new TruenameError('not-found', 'no template')],
  ])('is %i', (exitCode, outcomes, thrown) => {
    expect(cloneReport(run(outcomes), thrown).exitCode).toBe(exitCode);
  });
});
