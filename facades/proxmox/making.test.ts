import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import type { ApiToken } from './identity.ts';
import type { ClusterState } from './state.ts';
import { createTestBench, fullToken, settle, type TestBench, templateState } from './testing.ts';

const base = '/nodes/pve1/qemu';
const clonePath = `${base}/9000/clone`;

function bench(changes: Partial<ClusterState> = {}, tokens: readonly ApiToken[] = [fullToken]): TestBench {
  const state = { ...templateState, pools: ['lab'], ...changes };
  return createTestBench(createSimWorld([9000, 101]), { state, tokens });
}

/** A token with these rights and no others, and the header that it is shown with. */
function tokenWith(acl: ApiToken['acl']): { readonly token: ApiToken; readonly header: string } {
  const token = { id: 'ops@pve!few', secret: '8fb0a1c2-0000-4000-8000-000000000002', acl };
  return { token, header: `PVEAPIToken=${token.id}=${token.secret}` };
}

async function end(it: TestBench, answer: { readonly body: string }): Promise<string | undefined> {
  const upid = String((JSON.parse(answer.body) as { data: unknown }).data);
  await settle();
  const state = await it.data('GET', `/nodes/pve1/tasks/${upid}/status`);
  return (state as { exitstatus?: string }).exitstatus;
}

describe('making guests', () => {
  it.each([
    ['8.4.1', 'create linked clone'],
    ['9.1.3', 'creating a clone of VM 9000 with ID 300'],
  ])('tells in its log on %s first: %s', async (version, first) => {
    const it = bench({ version: { version, release: version.slice(0, 3), repoid: '0123456789abcdef' } });

    const answer = await it.call('POST', clonePath, { newid: 300 });
    await settle();

    const upid = String((JSON.parse(answer.body) as { data: unknown }).data);
    const log = (await it.data('GET', `/nodes/pve1/tasks/${upid}/log`)) as readonly { t: string }[];
    expect(log[0]?.t).toContain(first);
  });

  it('copies a template for many at once, whose lock they share, and a running VM for one', async () => {
    const world = createSimWorld([9000, 101]);
    const copying: (() => void)[] = [];
    const guests = [...templateState.guests, { vmid: 101, node: 'pve1', config: { name: 'on' } }];
    const it = createTestBench(world, { state: { ...templateState, guests } });
    await it.task('POST', `${base}/101/status/start`);
    world.knobs.before = () => new Promise((resolve) => copying.push(resolve));

    const of = async (source: number, newid: number) => it.call('POST', `${base}/${source}/clone`, { newid });
    const many = await Promise.all([of(9000, 300), of(9000, 301), of(9000, 302)]);
    await settle();
    const atOnce = copying.length;
    const [first, second] = await Promise.all([of(101, 310), of(101, 311)]);
    await it.clock.advance(1000);
    for (const finish of copying) finish();

    expect([atOnce, copying.length]).toEqual([3, 4]);
    expect(await Promise.all([...many, first].map((answer) => end(it, answer)))).toEqual(Array(4).fill('OK'));
    expect(await end(it, second)).toBe("can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout");
  });

  it('judges a number again in the task, and leaves whose it is by then', async () => {
    const world = createSimWorld([9000]);
    let release: () => void = () => undefined;
    world.knobs.before = () => new Promise((resolve) => (release = resolve));
    const it = createTestBench(world);

    const [first, second] = await Promise.all([
      it.call('POST', clonePath, { newid: 300, name: 'one' }),
      it.call('POST', clonePath, { newid: 300, name: 'two' }),
    ]);
    await it.clock.advance(1000);
    release();
    await it.clock.advance(1000);

    const ends = [await end(it, first), second.status === 200 ? await end(it, second) : second.reason];
    expect(ends[0]).toBe('OK');
    expect(ends[1]).toMatch(/config file already exists|can't lock file .*lock-300.conf' - got timeout/);
    expect(await it.data('GET', `${base}/300/config`)).toMatchObject({ name: 'one' });
  });

  it('puts a copy into its pool, whose rights hold for it then', async () => {
    const { token, header } = tokenWith([
      { path: '/vms/9000', privileges: ['VM.Clone', 'VM.Audit'] },
      { path: '/pool/lab', privileges: ['VM.Allocate', 'VM.Audit', 'Pool.Audit'] },
      { path: '/storage/local-lvm', privileges: ['Datastore.AllocateSpace'] },
      { path: '/sdn', privileges: ['SDN.Use'] },
    ]);
    const it = bench({}, [fullToken, token]);

    const refused = await it.call('POST', clonePath, { newid: 300 }, header);
    const made = await it.call('POST', clonePath, { newid: 300, pool: 'lab' }, header);
    const how = await end(it, made);
    const list = await it.call('GET', '/cluster/resources?type=vm', undefined, header);
    const config = await it.call('GET', `${base}/300/config`, undefined, header);
    const removed = await it.call('DELETE', `${base}/300?purge=1`, undefined, header);

    expect([refused.status, refused.reason]).toEqual([403, 'Permission check failed']);
    expect(how).toBe('OK');
    expect(JSON.parse(list.body).data).toContainEqual(expect.objectContaining({ vmid: 300, pool: 'lab' }));
    expect([config.status, removed.status]).toEqual([200, 200]);
  });

  it('knows no pool and no node but those that are there', async () => {
    const it = bench();
    const reason = async (body: object) => (await it.call('POST', clonePath, { newid: 300, ...body })).reason;

    expect(await reason({ pool: 'none' })).toBe("pool 'none' does not exist");
    expect(await reason({ target: 'pve9' })).toBe("no such cluster node 'pve9'");
    expect(await reason({ target: 'pve2' })).toBe("can't clone VM to node 'pve2' (VM uses local storage)");
    expect(await reason({ full: 1, target: 'pve2', storage: 'local-lvm' })).toBe(
      "can't clone to non-shared storage 'local-lvm'",
    );
  });

  it('moves the configuration to the node that is to have it, in the end', async () => {
    const storages = [{ id: 'local-lvm', type: 'rbd' as const, shared: true }];
    const nodes = templateState.nodes.map(({ name, ip }) => ({ name, ip }));
    const it = bench({ storages, nodes });

    expect(await it.task('POST', clonePath, { newid: 300, target: 'pve2' })).toBe('OK');

    expect((await it.call('GET', `${base}/300/config`)).reason).toContain('does not exist');
    expect(await it.data('GET', '/nodes/pve2/qemu/300/config')).toMatchObject({ cores: 2 });
  });

  it('makes a template of a VM, and no linked copy of what is none', async () => {
    const it = bench();
    await it.task('POST', clonePath, { newid: 300 });

    const early = await it.call('POST', `${base}/300/clone`, { newid: 301, full: 0 });
    const how = await it.task('POST', `${base}/300/template`);
    const again = await it.call('POST', `${base}/300/template`);

    expect(early.reason).toBe("Linked clone feature is not supported for 'local-lvm:vm-300-disk-0' (scsi0)");
    expect([how, again.reason]).toEqual(['OK', "you can't convert a template to a template"]);
    expect(await it.data('GET', `${base}/300/config`)).toMatchObject({
      scsi0: 'local-lvm:base-300-disk-0,size=8G',
      template: 1,
    });
    expect(await it.task('POST', `${base}/300/clone`, { newid: 301, full: 0 })).toBe('OK');
  });

  it.each([
    ['scsi0', '+4G', 'OK'],
    ['scsi0', '1G', 'shrinking disks is not supported'],
    ['scsi7', '1G', "disk 'scsi7' does not exist"],
    ['ide2', '1G', "you can't resize a cdrom"],
  ])('lets %s grow to %s: %s', async (disk, size, how) => {
    const it = bench();
    await it.task('POST', clonePath, { newid: 300 });

    expect(await it.task('PUT', `${base}/300/resize`, { disk, size })).toBe(how);
  });
});

describe('removing guests', () => {
  it('asks for purge where high availability knows the VM, and forgets it then', async () => {
    const guests = [{ vmid: 101, node: 'pve1', config: { name: 'ha' }, highAvailability: true }];
    const it = bench({ guests });

    const plain = await it.call('DELETE', `${base}/101`);
    const purged = await it.task('DELETE', `${base}/101?purge=1`);

    expect(plain.reason).toBe('unable to remove VM 101 - used in HA resources and purge parameter not set.');
    expect(purged).toBe('OK');
    expect((await it.call('GET', `${base}/101/config`)).reason).toContain('does not exist');
  });

  it('removes no template that a copy stands on', async () => {
    const it = bench();
    await it.task('POST', clonePath, { newid: 300 });

    expect(await it.task('DELETE', `${base}/9000`)).toContain('still in use by linked clone');
  });
});

describe('numbers', () => {
  it('gives those of the range that the datacentre is set to', async () => {
    const it = bench({ nextId: { lower: 9000, upper: 9001 } });

    expect(await it.data('GET', '/cluster/nextid')).toBe('9001');
    await it.task('POST', clonePath, { newid: 9001 });
    expect((await it.call('GET', '/cluster/nextid')).reason).toContain('range [9000, 9001]');
  });
});

describe('errors before 8.4', () => {
  it('are told by the reason phrase alone', async () => {
    const it = bench({ version: { version: '8.2.4', release: '8.2', repoid: '0' } });

    const answer = await it.call('POST', clonePath, { newid: 300, target: 'pve9' });

    expect(JSON.parse(answer.body)).toEqual({ data: null });
    expect(answer.reason).toBe("no such cluster node 'pve9'");
  });
});
