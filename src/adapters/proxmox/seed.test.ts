import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { scriptedApi } from '../../../test/support/scripted-proxmox-api.ts';
import { type GivenScript, scriptedShell } from '../../../test/support/scripted-shell.ts';
import type { GuestConfiguration } from '../../domain/guest.ts';
import type { CommandResult } from '../../domain/ports.ts';
import { createPveshApi } from './pvesh.ts';
import { readSeed } from './seed.ts';

const { signal } = new AbortController();
const dump = 'GET /nodes/pve1/qemu/610/cloudinit/dump';
const secret = '$5$saltsalt$hash';
const user = `#cloud-config\nhostname: alpha\npassword: ${secret}\n`;
const meta = 'instance-id: 6ac1\n';
const configuration: GuestConfiguration = {
  ref: { hypervisor: 'pve', node: 'pve1', vmid: 610 },
  name: 'alpha',
  template: false,
  nics: [],
  agentEnabled: true,
  cloudInit: true,
};

function generated() {
  return scriptedApi({
    [dump]: [
      (call: { params?: { type?: unknown } }) => Promise.resolve(call.params?.type === 'user' ? user : meta),
    ],
  });
}

function onNode(answer: Partial<CommandResult> | ((given: GivenScript) => Partial<CommandResult>)) {
  const shell = scriptedShell(answer);
  const nodes: string[] = [];
  const nodeShell = (node: string) => {
    nodes.push(node);
    return shell;
  };
  return { shell, nodes, nodeShell };
}

const custom = (volume: string): GuestConfiguration => ({ ...configuration, customSeed: { user: volume } });

describe('readSeed', () => {
  it('gives the texts that the product generates', async () => {
    const api = generated();

    expect(await readSeed(api, undefined, configuration, signal)).toEqual({
      user: { text: user, custom: false, source: 'generated user-data of 610' },
      meta: { text: meta, custom: false, source: 'generated meta-data of 610' },
    });
    expect(api.params).toEqual([{ type: 'user' }, { type: 'meta' }]);
  });

  it('reads on the guest’s node what stands in for a generated text', async () => {
    const { shell, nodes, nodeShell } = onNode({ stdout: 'hostname: own\n' });
    const given = {
      ...configuration,
      customSeed: { meta: 'nas:snippets/a b$(id).yaml', vendor: 'x:snippets/v' },
    };

    const seed = await readSeed(generated(), nodeShell, given, signal);

    expect(seed.user.custom).toBe(false);
    expect(seed.meta).toEqual({
      text: 'hostname: own\n',
      custom: true,
      source: 'nas:snippets/a b$(id).yaml',
    });
    expect(nodes).toEqual(['pve1']);
    expect(shell.given).toMatchObject([{ root: true, args: ['nas:snippets/a b$(id).yaml', '1048577'] }]);
    expect(shell.given[0]?.script).not.toContain('nas');
  });

  it('says that a volume cannot be read without a way into the nodes', async () => {
    await expect(
      readSeed(generated(), undefined, custom('local:snippets/a.yaml'), signal),
    ).rejects.toMatchObject({
      name: 'SourceError',
      code: 'unsupported',
      message: expect.stringContaining('local:snippets/a.yaml'),
      hint: expect.stringContaining('ssh'),
    });
  });

  it('throws not-found without a cloud-init drive, and asks for nothing', async () => {
    const api = scriptedApi({});

    await expect(
      readSeed(api, undefined, { ...configuration, cloudInit: false }, signal),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(api.asked).toEqual([]);
  });

  it.each([
    '/etc/shadow',
    'local:iso/a.iso',
    'local:snippets/../../etc/shadow',
    'local:snippets/..',
    '--help:snippets/a',
    'local:snippets/a\nb',
    'local:snippets/',
  ])('reads no such volume as %j', async (volume) => {
    const { shell, nodeShell } = onNode({ stdout: 'x' });

    await expect(readSeed(generated(), nodeShell, custom(volume), signal)).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.not.stringContaining('\n'),
    });
    expect(shell.given).toEqual([]);
  });

  it.each([
    [{ exitCode: 97 }, 'program-missing'],
    [{ exitCode: 98, stderr: "storage 'nas' does not exist\n" }, 'command-failed'],
    [{ exitCode: 99 }, 'not-found'],
    [{ stdout: 'x'.repeat(1_048_577) }, 'unsupported'],
    [{ stdout: `${'x'.repeat(1_048_575)}ü` }, 'unsupported'],
  ])('reads the ending %o as %s', async (result, code) => {
    const { nodeShell } = onNode(result);

    await expect(readSeed(generated(), nodeShell, custom('nas:snippets/a'), signal)).rejects.toMatchObject({
      code,
    });
  });

  it('says nothing of a text in an error, however it came', async () => {
    const overPvesh = createPveshApi({
      shellTo: () => scriptedShell({ stdout: `"${user}` }),
      entryNodes: ['pve1'],
      timeoutMs: 1000,
    });
    const wrongType = scriptedApi({ [dump]: [{ text: user }] });
    const tooLong = scriptedApi({ [dump]: [user.padEnd(4 * 1024 * 1024)] });
    const snippet = onNode({ exitCode: 1, stdout: user }).nodeShell;

    for (const failing of [
      () => readSeed(overPvesh, undefined, configuration, signal),
      () => readSeed(wrongType, undefined, configuration, signal),
      () => readSeed(tooLong, undefined, configuration, signal),
      () => readSeed(generated(), snippet, custom('nas:snippets/a'), signal),
    ]) {
      const error: unknown = await failing().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hostname');
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    }
  });
});
