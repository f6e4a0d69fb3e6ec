import { describe, expect, it } from 'vitest';
import { doctorReport } from '../../src/cli/doctor-report.ts';
import { TruenameError } from '../../src/domain/error.ts';
import type { Evidence } from '../../src/domain/evidence.ts';
import type { Mac } from '../../src/domain/mac.ts';
import { leaseLine, rawInput, refusal } from '../support/raw-evidence.ts';
import { documentedKeys, keysOf } from './report-keys.ts';

const document = 'docs/reference/doctor-report.md';

/** Reports that between them have every key: a finding with a consequence, a link that nobody saw, a wire. */
async function keysOfReports(): Promise<string[]> {
  const stale = await rawInput({
    leases: leaseLine('tappaas-nixos'),
    inside: refusal('agent-silent'),
    ssh: refusal('unreachable'),
  });
  const seen = await rawInput({ guest: { 'host.transient': 'old', 'host.static': 'alpha\n' } });
  const wired: Evidence = {
    ...seen.evidence,
    wire: {
      seen: 'value',
      source: 'wire of pve1/610',
      at: seen.evidence.takenAt,
      value: {
        port: 'tap610i0',
        seconds: 60,
        unreadable: 0,
        messages: [
          {
            at: seen.evidence.takenAt,
            type: 'REQUEST',
            mac: 'bc:24:11:00:00:01' as Mac,
            hostName: 'alpha',
            fqdn: 'alpha.mgmt.internal',
            fqdnFlags: 1,
            clientId: '01:bc:24:11:00:00:01',
          },
        ],
      },
    },
  };
  const reports = [
    doctorReport([stale.evidence, wired], undefined),
    doctorReport([], new TruenameError('not-found', 'no guest', { where: 'here', hint: 'look' })),
  ];
  return [...new Set(reports.flatMap((report) => keysOf(JSON.parse(JSON.stringify(report)))))].sort();
}

describe(document, () => {
  it('has a row for every key of a report', async () => {
    const keys = await keysOfReports();

    expect(keys.filter((key) => !documentedKeys(document).includes(key))).toEqual([]);
  });

  it('has no row for a key that no report has, those aside that few reports have', async () => {
    const keys = await keysOfReports();
    const rare = ['machines[].findings[].causedBy', 'machines[].wire.value.messages[].address'];

    expect(documentedKeys(document).filter((key) => !keys.includes(key) && !rare.includes(key))).toEqual([]);
  });

  it('has each row once', () => {
    expect(documentedKeys(document)).toEqual([...new Set(documentedKeys(document))]);
  });
});
