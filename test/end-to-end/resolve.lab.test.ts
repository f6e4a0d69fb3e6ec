import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addHostEntry } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import type { ReportedResolution, ResolveReport } from '../../src/cli/resolve-report.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('resolve', {});
  await stage.clone(9012, 680, 'alpha', 'mgmt');
  await stage.clone(9012, 681, 'beta', 'mgmt');
  await stage.clone(9012, 682, 'gamma', 'srv');
  await stage.clone(9011, 683, 'delta', 'mgmt');
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

async function resolve(
  ...args: string[]
): Promise<{ exitCode: number; guests: readonly ReportedResolution[] }> {
  const { exitCode, stdout, stderr } = await stage.truename(folder, ['resolve', ...args, '--json']);
  if (stdout === '') throw new Error(`it ended with ${exitCode}:\n${stderr}`);
  return { exitCode, guests: (JSON.parse(stdout) as ResolveReport).guests };
}

const kinds = (guest: ReportedResolution | undefined) => guest?.losses.map(({ kind }) => kind);

/** Lets Unbound read its configuration anew (SIGHUP). */
const reloadUnbound = `for comm in /proc/[0-9]*/comm; do
  [ "$(cat "$comm" 2>/dev/null)" != unbound ] || { pid=\${comm#/proc/}; kill -HUP "\${pid%/comm}"; }
done`;

/** Adds a line to Unbound's server clause. */
const addToUnbound = (line: string) => `cd /usr/local/etc
awk '{ print } /^server:/ { print line }' line='${line}' unbound.conf >unbound.new
cp unbound.new unbound.conf
${reloadUnbound}`;

describe('truename resolve', () => {
  it('asks each resolver forward and reverse, with the seconds that an address may be remembered', async () => {
    const lease = await stage.lease(680, 'mgmt');

    const { exitCode, guests } = await resolve('alpha');

    const [resolver] = guests[0]?.resolvers ?? [];
    expect([exitCode, kinds(guests[0])]).toEqual([0, []]);
    expect(resolver?.a).toMatchObject({ status: 'answered', records: [{ value: lease?.address }] });
    expect(resolver?.a.records[0]?.ttlSeconds).toBeTypeOf('number');
    expect(resolver?.aaaa.status).toBe('none');
    expect(resolver?.ptr.records).toEqual([{ value: 'alpha.mgmt.internal', ttlSeconds: null }]);
  });

  it('tells a reverse zone that is not forwarded, which matters to nobody here', async () => {
    const { exitCode, guests } = await resolve('gamma');

    expect([exitCode, kinds(guests[0])]).toEqual([0, ['reverse-zone-not-forwarded']]);
  });

  it('tells a lease that bears another name, and blames no resolver for it', async () => {
    const { exitCode, guests } = await resolve('delta');

    expect([exitCode, kinds(guests[0])]).toEqual([1, ['lease-bears-another-name']]);
  });

  it('tells a domain that the resolver does not forward', async () => {
    const elsewhere = await stage.folder('elsewhere', { resolver: { mgmt: '10.2.20.1' } });
    const run = async () => {
      const { stdout } = await stage.truename(elsewhere, ['resolve', 'alpha', '--json']);
      return kinds((JSON.parse(stdout) as ResolveReport).guests[0]);
    };
    // The other firewall forwards this domain as well; the reverse zone is not its own.
    expect(await run()).toEqual(['reverse-zone-not-forwarded']);
    const answerItself = `sed -i '/local-zone: "mgmt.internal."/s/transparent/static/' /usr/local/etc/unbound.conf`;
    await runInside(stage.lab.paths, 'fw-srv', `${answerItself}\n${reloadUnbound}`);

    await expect
      .poll(run, { timeout: 20_000, interval: 1000 })
      .toEqual(['domain-not-forwarded', 'reverse-zone-not-forwarded']);
  });

  it('tells a static entry that shadows the lease', async () => {
    await addHostEntry(stage.lab.firewalls.mgmt, '10.2.10.66 beta.mgmt.internal');

    const { exitCode, guests } = await resolve('beta');

    expect(exitCode).toBe(1);
    expect(kinds(guests[0])).toContain('static-entry-shadows-lease');
  });

  it('tells a PTR that was left behind', async () => {
    const { address = '' } = (await stage.lease(680, 'mgmt')) ?? {};
    const labels = `${address.split('.').reverse().join('.')}.in-addr.arpa`;
    const entry = `  local-data: "${labels}. IN PTR former.mgmt.internal."`;
    await runInside(stage.lab.paths, 'fw-mgmt', addToUnbound(entry));

    await expect
      .poll(async () => kinds((await resolve('alpha')).guests[0]), { timeout: 20_000, interval: 1000 })
      .toEqual(['leftover-ptr']);
  });

  it('says what it could not ask', async () => {
    const closed = await stage.folder('closed', { resolver: { mgmt: '10.2.10.99' } });

    const { exitCode, stdout } = await stage.truename(closed, ['resolve', 'alpha']);

    expect(exitCode).toBe(3);
    expect(stdout).toContain('could not be asked');
  });
});
