import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBundle } from '../../src/bundle/bundle.ts';
import { doctorReport } from '../../src/cli/doctor-report.ts';

const folder = import.meta.dirname;
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.bundle.json'))
  .map((name) => name.replace('.bundle.json', ''));

describe('the bundles of odd states', () => {
  it.each(names)('%s has its findings, byte for byte', (name) => {
    const text = readFileSync(join(folder, `${name}.bundle.json`), 'utf8');

    const { machines } = doctorReport(readBundle(text, name).machines, undefined);

    const findings = machines.map((machine) => machine.findings);
    expect(`${JSON.stringify(findings, null, 2)}\n`).toBe(
      readFileSync(join(folder, `${name}.findings.json`), 'utf8'),
    );
  });

  it('are some', () => {
    expect(names.length).toBeGreaterThanOrEqual(6);
  });
});
