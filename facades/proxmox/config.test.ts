import { describe, expect, it } from 'vitest';
import { createSimWorld } from '../../sim/world.ts';
import { createTestBench, type TestBench } from './testing.ts';

const vm = '/nodes/pve1/qemu/300';

async function withClone(started: boolean): Promise<TestBench> {
  const bench = createTestBench(createSimWorld([9000]));
  await bench.task('POST', '/nodes/pve1/qemu/9000/clone', { newid: 300, name: 'alpha' });
  if (started) await bench.task('POST', `${vm}/status/start`);
  return bench;
}

async function config(bench: TestBench, query = ''): Promise<Record<string, unknown>> {
  return (await bench.data('GET', `${vm}/config${query}`)) as Record<string, unknown>;
}

describe('config of a stopped VM', () => {
  it('stores values in the normal form', async () => {
    const bench = await withClone(false);
    await bench.data('PUT', `${vm}/config`, {
      net0: 'model=virtio,tag=220,firewall=yes,bridge=vmbr0,macaddr=02:00:00:00:00:0a',
      tags: 'Zeta alpha;zeta',
      agent: 'enabled=1',
    });
    expect(await config(bench)).toMatchObject({
      net0: 'virtio=02:00:00:00:00:0a,bridge=vmbr0,firewall=1,tag=220',
      tags: 'alpha;zeta',
      agent: 'enabled=1',
    });
  });

  it('makes a new MAC when net0 comes without one', async () => {
    const bench = await withClone(false);
    const before = (await config(bench)).net0;
    await bench.data('PUT', `${vm}/config`, { net0: 'virtio,bridge=vmbr0,tag=210' });
    const after = (await config(bench)).net0;
    expect(after).toMatch(/^virtio=BC:24:11:[0-9A-F:]{8},bridge=vmbr0,tag=210$/);
    expect(after).not.toBe(before);
  });

  it('guards against a change by others', async () => {
    const bench = await withClone(false);
    const { digest } = await config(bench);
    await bench.data('PUT', `${vm}/config`, { name: 'beta', digest });
    const late = await bench.call('PUT', `${vm}/config`, { name: 'gamma', digest });
    expect(late.reason).toBe('checksum mismatch (file change by other user?)');
  });

  it('refuses nothing to do, unknown options, and bad keys', async () => {
    const bench = await withClone(false);
    expect((await bench.call('PUT', `${vm}/config`, {})).reason).toBe('no options specified');
    const unknown = await bench.call('PUT', `${vm}/config`, { delete: 'nonsense' });
    expect(JSON.parse(unknown.body)).toMatchObject({ errors: { delete: "unknown option 'nonsense'" } });
    const key = await bench.call('PUT', `${vm}/config`, { sshkeys: 'ssh-ed25519%20AAAA%20x' });
    expect(key.reason).toBe('SSH public key validation error');
    const good = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBKYNlcXUQbUBPnlkK0WhFQvLNyeUkyL5JrfKUQzQKQR ops';
    await bench.data('PUT', `${vm}/config`, { sshkeys: encodeURIComponent(good) });
    expect(await config(bench)).toMatchObject({ sshkeys: encodeURIComponent(good) });
  });

  it('allows one cloud-init drive', async () => {
    const bench = await withClone(false);
    const second = await bench.call('PUT', `${vm}/config`, { ide3: 'local-lvm:cloudinit' });
    expect(second.reason).toBe("ide3 - cloud-init drive is already attached at 'ide2'");
    await bench.data('PUT', `${vm}/config`, { delete: 'ide2' });
    await bench.data('PUT', `${vm}/config`, { ide3: 'local-lvm:cloudinit' });
    expect(await config(bench)).toMatchObject({ ide3: 'local-lvm:vm-300-cloudinit,media=cdrom' });
  });

  it('never shows the password, and stores it crypted', async () => {
    const bench = await withClone(false);
    await bench.data('PUT', `${vm}/config`, { cipassword: 'secret' });
    expect(await config(bench)).toMatchObject({ cipassword: '**********' });
    const user = String(await bench.data('GET', `${vm}/cloudinit/dump?type=user`));
    expect(user).toMatch(/^password: \$5\$[./0-9A-Za-z]{8,16}\$[./0-9A-Za-z]{43}$/m);
  });

  it('runs in a task when posted, unless it is waited for', async () => {
    const bench = await withClone(false);
    expect(await bench.task('POST', `${vm}/config`, { name: 'beta' })).toBe('OK');
    expect(await bench.data('POST', `${vm}/config`, { name: 'gamma', background_delay: 5 })).toBeNull();
    bench.faults.task = () => ({ error: 'boom' });
    const failed = await bench.call('POST', `${vm}/config`, { name: 'delta', background_delay: 5 });
    expect(failed.reason).toBe('failed to update VM 300: boom');
  });
});

describe('config of a running VM', () => {
  it('takes names and cloud-init settings now and leaves hardware pending', async () => {
    const bench = await withClone(true);
    await bench.data('PUT', `${vm}/config`, { name: 'beta', ciuser: 'ops', cores: 4, delete: 'agent' });

    expect(await config(bench, '?current=1')).toMatchObject({
      name: 'beta',
      ciuser: 'ops',
      cores: 2,
      agent: '1',
    });
    expect(await config(bench)).toMatchObject({ cores: 4 });
    expect(await config(bench)).not.toHaveProperty('agent');
    const pending = await bench.data('GET', `${vm}/pending`);
    expect(pending).toContainEqual({ key: 'cores', value: 2, pending: 4 });
    expect(pending).toContainEqual({ key: 'agent', value: '1', delete: 1 });

    await bench.data('PUT', `${vm}/config`, { revert: 'cores,agent' });
    expect(await config(bench)).toMatchObject({ cores: 2, agent: '1' });
  });

  it('does not rebuild the image, says so, and rebuilds it on request', async () => {
    const bench = await withClone(true);
    await bench.data('PUT', `${vm}/config`, { name: 'beta' });
    const stale = await bench.data('GET', `${vm}/cloudinit`);
    await bench.data('PUT', `${vm}/cloudinit`);
    const fresh = await bench.data('GET', `${vm}/cloudinit`);
    expect(stale).toContainEqual({ key: 'name', value: 'alpha', pending: 'beta' });
    expect(fresh).toContainEqual({ key: 'name', value: 'beta' });
  });
});

describe('rights by key', () => {
  it('asks for the group of the key, and for the bridge of a network device', async () => {
    const privileges = ['VM.Config.Options', 'VM.Config.Network', 'VM.Audit'];
    const token = { id: 'lim@pve!it', secret: 'x', acl: [{ path: '/vms', privileges }] };
    const bench = createTestBench(createSimWorld([9000]), { tokens: [token] });
    const put = async (body: object) => {
      const answer = await bench.call(
        'PUT',
        '/nodes/pve1/qemu/9000/config',
        body,
        'PVEAPIToken=lim@pve!it=x',
      );
      return `${answer.status} ${answer.reason}`;
    };
    expect(await put({ name: 'ok' })).toBe('200 OK');
    expect(await put({ cores: 4 })).toBe('403 Permission check failed (/vms/9000, VM.Config.CPU)');
    expect(await put({ ciuser: 'ops' })).toBe('200 OK');
    const sdn = '403 Permission check failed (/sdn/zones/localnetwork/vmbr0/210, SDN.Use)';
    expect(await put({ net0: 'virtio,bridge=vmbr0' })).toBe(sdn);
  });
});
