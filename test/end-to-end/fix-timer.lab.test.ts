import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import type { FixReport } from '../../src/cli/fix-report.ts';
import { fixedGuest } from './fix-stage.ts';
import { openStage, type Stage } from './stage.ts';
import { equipGuest } from './truename-guest.ts';

let stage: Stage;

/** The guest that Truename runs on, and the one that it mends. */
const [controller, mended] = [860, 861];

const inside = (vmid: number, script: string) => runInside(stage.lab.paths, String(vmid), script);
const spoil = `uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)
  nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm; nmcli device reapply eth0; sleep 1`;

/**
 * `truename fix` as a transient service, as a timer starts one: no terminal, no HOME, no agent, a system that is
 * read-only.
 */
async function asService(
  properties: readonly string[],
): Promise<{ exitCode: number; report: FixReport; log: string }> {
  const given = properties.map((each) => `-p ${each}`).join(' ');
  const program = '/usr/local/bin/truename fix mend --config /etc/truename/truename.yaml --json';
  const script = `set +e
systemd-run --wait --pipe --quiet -p ProtectSystem=strict -p ProtectHome=read-only ${given} ${program} >/tmp/out 2>/tmp/log
echo "$?" >/tmp/code; cat /tmp/out`;
  const printed = await inside(controller, script);
  return {
    exitCode: Number(await inside(controller, 'cat /tmp/code')),
    report: JSON.parse(printed) as FixReport,
    log: await inside(controller, 'cat /tmp/log'),
  };
}

beforeAll(async () => {
  stage = await openStage();
  await stage.cluster.clone(9014, controller, 'ctl', 'lan');
  await stage.cluster.clone(9014, mended, 'mend', 'lan');
  for (const vmid of [controller, mended]) await stage.firstLease(vmid, 'mgmt');
  for (const vmid of [controller, mended]) await stage.booted(vmid);
  await equipGuest(stage, controller);
}, 200_000);

afterAll(async () => {
  await stage?.lab.down();
});

describe('truename fix from a timer', () => {
  it('keeps its state in the directory of its unit, and needs nothing else to write to', async () => {
    await inside(mended, spoil);

    const { exitCode, report, log } = await asService(['StateDirectory=truename']);

    expect([exitCode, fixedGuest(report, mended).outcome], log).toEqual([0, 'mended']);
    expect((await stage.lease(mended, 'mgmt'))?.name).toBe('mend');
    expect(await inside(controller, 'ls /var/lib/truename/journal')).toContain('.jsonl');
    expect(await inside(controller, 'ls /var/lib/truename/locks 2>/dev/null || true')).toBe('');
  });

  it('says that it cannot remember anything where state is read-only, and mends all the same', async () => {
    await inside(mended, spoil);

    const { exitCode, report, log } = await asService([]);

    expect([exitCode, fixedGuest(report, mended).outcome], log).toEqual([0, 'mended']);
    expect(log).toContain('nothing of this run can be remembered');
  });

  it('spares the machine that it runs on, unless that is named itself', async () => {
    await inside(controller, spoil);
    const all = '/usr/local/bin/truename fix --all --config /etc/truename/truename.yaml --json';

    const printed = await inside(
      controller,
      `export PATH="/usr/local/bin:$PATH"; set +e; STATE_DIRECTORY=/tmp/state ${all} 2>/dev/null; true`,
    );

    const guest = fixedGuest(JSON.parse(printed) as FixReport, controller);
    expect([guest.outcome, guest.reason, guest.why]).toEqual([
      'left',
      'spared',
      expect.stringContaining('runs Truename'),
    ]);
  });
});
