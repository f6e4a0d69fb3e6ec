import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import { metaDataOf } from './cloud-init.ts';
import type { ClusterState } from './state.ts';
import { createTestBench, templateState } from './testing.ts';

const snippets = {
  'user.yaml': '#cloud-config\npackages: [curl]\n',
  'meta.yaml': 'instance-id: fixed\nlocal-hostname: alpha\n',
};
const state: ClusterState = {
  ...templateState,
  storages: [{ id: 'local', type: 'dir', snippets }, ...templateState.storages.slice(1)],
};
const vm = '/nodes/pve1/qemu/300';

describe('cicustom', () => {
  it('changes what the guest gets and nothing of what is dumped', async () => {
    const world = createSimWorld([9000]);
    const bench = createTestBench(world, { state });
    const dump = async (type: string) => String(await bench.data('GET', `${vm}/cloudinit/dump?type=${type}`));
    await bench.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 300, name: 'alpha' });
    const generated = { user: await dump('user'), network: await dump('network'), meta: await dump('meta') };
    await bench.data('PUT', `${vm}/config`, {
      cicustom: 'user=local:snippets/user.yaml,meta=local:snippets/meta.yaml',
    });
    await bench.task('POST', `${vm}/status/start`);

    expect(await dump('user')).toBe(generated.user);
    expect(generated.user).toContain('hostname: alpha\n');
    expect(await dump('meta')).toBe(metaDataOf(generated.user, generated.network));
    expect(world.machines.get(300)).toMatchObject({
      seed: {
        'user-data': snippets['user.yaml'],
        'meta-data': snippets['meta.yaml'],
        'network-config': generated.network,
      },
    });
  });

  it('makes the instance-id of the guest that of the custom user-data', async () => {
    const world = createSimWorld([9000]);
    const bench = createTestBench(world, { state });
    await bench.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 300, name: 'alpha' });
    await bench.data('PUT', `${vm}/config`, { cicustom: 'user=local:snippets/user.yaml' });
    await bench.task('POST', `${vm}/status/start`);
    const network = String(await bench.data('GET', `${vm}/cloudinit/dump?type=network`));
    const given = metaDataOf(snippets['user.yaml'], network);
    expect(world.machines.get(300)).toMatchObject({ seed: { 'meta-data': given } });
    expect(await bench.data('GET', `${vm}/cloudinit/dump?type=meta`)).not.toBe(given);
  });

  it('hides the password from whoever may not set it', async () => {
    const token = { id: 'look@pve!token', secret: 's', acl: [{ path: '/', privileges: ['VM.Audit'] }] };
    const guests = templateState.guests.map((guest) => ({
      ...guest,
      config: { ...guest.config, cipassword: '$5$salt$hash' },
    }));
    const bench = createTestBench(createSimWorld([9000]), { state: { ...state, guests }, tokens: [token] });
    const path = '/nodes/pve1/qemu/9000/cloudinit/dump?type=user';
    const answer = await bench.call('GET', path, undefined, 'PVEAPIToken=look@pve!token=s');
    expect(JSON.parse(answer.body).data).toContain('password: **********\n');
  });
});
