import { describe, expect, it } from 'vitest';
import { leaseLine, rawInput } from '../../test/support/raw-evidence.ts';
import { networkManagerTexts, systemTexts } from '../../test/support/raw-guest.ts';
import { diagnose } from '../checks/diagnose.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Mac } from '../domain/mac.ts';
import { observed } from '../domain/observation.ts';
import { evidenceChain } from '../observe/evidence-chain.ts';
import { makeBundle, readBundle, renderBundle } from './bundle.ts';
import { hashNames } from './hash-names.ts';

const key = Buffer.from('0123456789abcdef');
const made = { madeAt: '2026-01-01T12:00:00.000Z', version: '0.0.0' };

/** A machine with a name that can be told from every other word, in each place that may hold one. */
async function canaries(): Promise<Evidence> {
  const { evidence } = await rawInput({
    row: { name: 'zqvm', pool: 'zqpool', tags: 'zqtag' },
    rows: [
      { type: 'qemu', vmid: 9001, node: 'zqnode', status: 'stopped', name: 'zqtemplate', template: 1 },
      { type: 'qemu', vmid: 611, node: 'zqnode', status: 'running', name: 'ZQVM.zqother' },
    ],
    configuration: {
      name: 'zqvm',
      searchdomain: 'zqsearch.example',
      cicustom: 'user=local:snippets/zqsnippet.yaml',
    },
    client: networkManagerTexts({
      profiles: [{ name: 'zqsaved', id: 'zqprofile' }],
      applied: 'zqapplied',
      believes: 'zqbelief',
      options: { host_name: 'zqtaken' },
    }),
    guest: {
      'host.static': 'zqstatic\n',
      'host.transient': 'zqkernel',
      'ci.user.hostname': 'hostname: zqgiven\n',
      ...systemTexts('next', 'zqdeclared'),
    },
    leases: `${leaseLine('zqlease')}${leaseLine('zqvm').replaceAll('00:00:01', '00:00:02').replace('10.2.10.5', '10.2.10.6')}`,
    dnsmasq: 'dhcp-host=bc:24:11:00:00:01,zqreserved\ndhcp-host=bc:24:11:00:00:03,zqtwin,10.2.10.5\n',
    dns: { 'PTR 10.2.10.5': ['zqptr.zqdomain.example'] },
    hosts: '10.2.10.5 zqhost.zqdomain.example zqalias\n',
    seed: { user: '#cloud-config\nhostname: zqseed\nfqdn: zqseed.zqfull.example\n' },
    segments: [
      {
        name: 'zqzone',
        domain: 'zqdomain.example',
        bridge: 'lan',
        dhcpServer: 'dnsmasq',
        resolvers: ['unbound'],
      },
    ],
  });
  const why = 'could not reach zqvm.zqdomain.example at zqnode';
  const where = { source: 'configurations of zqvm', at: made.madeAt };
  const ref = { hypervisor: 'zqcluster', node: 'zqnode', vmid: 612 };
  const mac = 'bc:24:11:00:00:02' as Mac;
  return {
    ...evidence,
    neighbours: {
      ...evidence.neighbours,
      holders: observed([{ mac, ref, name: 'zqholder', template: false }], where),
      elsewhere: [{ dhcpServer: 'zqserver', leases: evidence.neighbours.leases }],
    },
    agent: { seen: 'not-observable', code: 'timeout', why, source: 'agent of zqnode', at: made.madeAt },
  };
}

describe('hashNames', () => {
  it('leaves no name, in fields, sentences and paths', async () => {
    const bundle = makeBundle([await canaries()], made);

    const text = renderBundle(hashNames(bundle, key));

    expect(renderBundle(bundle).match(/zq[a-z]+/gi)?.length).toBeGreaterThan(30);
    for (const name of ['zqtwin', 'zqhost', 'zqalias', 'zqholder', 'zqserver', 'zqcluster'])
      expect(renderBundle(bundle)).toContain(name);
    expect([...new Set(text.match(/zq[a-z]+/gi) ?? [])]).toEqual([]);
    expect(readBundle(text, 'test').namesHashed).toBe(true);
  });

  it('leaves what fired, where, and how badly', async () => {
    const bundle = makeBundle([await canaries()], made);
    const outline = (machines: readonly Evidence[]) =>
      machines.flatMap((each) => {
        const { findings, firstBroken } = diagnose(each, evidenceChain(each));
        return [firstBroken?.link, ...findings.map(({ rule, severity, link }) => [rule, severity, link])];
      });

    expect(outline(bundle.machines).length).toBeGreaterThan(3);
    expect(outline(hashNames(bundle, key).machines)).toEqual(outline(bundle.machines));
  });

  it('gives one name one hash, whatever its case, and keeps what makes it legal or not', async () => {
    const hashOf = async (name: string) => {
      const { evidence } = await rawInput();
      const snapshot = {
        ...evidence.snapshot,
        hypervisor: observed(name, { source: 'test', at: made.madeAt }),
      };
      const [machine] = hashNames(makeBundle([{ ...evidence, snapshot }], made), key).machines;
      const seen = machine?.snapshot.hypervisor;
      return seen?.seen === 'value' ? seen.value : undefined;
    };

    expect(await hashOf('Alpha')).toBe(await hashOf('alpha'));
    expect(await hashOf('alpha')).not.toBe(await hashOf('beta'));
    expect(await hashOf('my_vm-1.example')).toMatch(/^x[0-9a-f]+_x[0-9a-f]+-x[0-9a-f]+\.x[0-9a-f]+$/);
    expect((await hashOf('a'.repeat(64)))?.length).toBe(64);
    expect(await hashOf('localhost')).toBe('localhost');
  });

  it('keeps addresses, MAC addresses and full names legal', async () => {
    const { evidence } = await rawInput();

    const [machine] = hashNames(makeBundle([evidence], made), key).machines;

    expect(machine?.nic?.mac).toBe('bc:24:11:00:00:01');
    expect(JSON.stringify(machine)).toContain('"10.2.10.5"');
    expect(machine?.fqdn).toMatch(/^x[0-9a-f]{12}\.x[0-9a-f]{12}\.internal$/);
  });

  it('cannot be compared with a bundle under another key', async () => {
    const bundle = makeBundle([(await rawInput()).evidence], made);

    expect(hashNames(bundle, Buffer.from('another')).machines[0]?.wanted).not.toBe(
      hashNames(bundle, key).machines[0]?.wanted,
    );
  });
});
