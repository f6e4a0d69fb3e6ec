import { describe, expect, it } from 'vitest';
import {
  builder,
  carried,
  configuration,
  evaluated,
  file,
  text,
} from '../../../test/support/build-on-target.ts';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';

const { signal } = new AbortController();

describe('a configuration that is put into the guest', () => {
  it('travels as an argument, whole, when it stands alone', async () => {
    const shell = scriptedShell();

    await builder(shell).prepare({ forceName: false }, signal);

    expect(shell.given).toMatchObject([
      { root: true, args: ['/etc/nixos/.alpha.nix.new', expect.any(String)] },
    ]);
    expect(carried(shell.given)).toContain(text);
    expect(shell.given[0]?.script).not.toContain('$(id)');
  });

  it('becomes the VM’s own when it is built, not before', async () => {
    const shell = scriptedShell({ stdout: evaluated });
    const alone = builder(shell);

    await alone.prepare({ forceName: false }, signal);
    await alone.evaluate(signal);
    const before = shell.given.length;
    await alone.activate('switch', () => undefined, signal);
    await alone.evaluate(signal);

    expect(shell.given[1]?.args?.[0]).toBe('/etc/nixos/.alpha.nix.new');
    expect(shell.given.slice(before).map(({ args = [] }) => args.slice(0, 2))).toEqual([
      [],
      ['alpha', ''],
      ['/etc/nixos/alpha.nix', 'switch'],
      ['/etc/nixos/alpha.nix', expect.any(String)],
    ]);
    expect(carried(shell.given.slice(before))).toContain(text);
  });

  it('has a folder of its own when it reads others, and a file that imports it from there', async () => {
    const shell = scriptedShell();
    const files = configuration(file('alpha.nix'), file('parts/web.nix', '{ }'), file('run.sh', 'exit'));

    await builder(shell, { configuration: files }).prepare({ forceName: false }, signal);

    const folder = shell.given[0]?.args?.[0];
    expect(folder).toMatch(/^\/etc\/nixos\/truename\/alpha-[0-9a-f]{16}$/);
    expect(shell.given[1]?.args).toEqual([
      folder,
      ...['alpha.nix', '0600', expect.any(String)],
      ...['parts/web.nix', '0600', expect.any(String)],
      ...['run.sh', '0700', expect.any(String)],
    ]);
    expect(carried(shell.given).at(-1)).toContain(
      `imports = [ ./${folder?.slice('/etc/nixos/'.length)}/alpha.nix ]`,
    );
    expect(carried(shell.given).at(-1)).not.toContain('mkForce');
  });

  it('is not sent a second time where just this content is there', async () => {
    const shell = scriptedShell({ stdout: 'there\n' });
    const files = configuration(file('alpha.nix'), file('b.nix'));

    await builder(shell, { configuration: files }).prepare({ forceName: false }, signal);

    expect(shell.given).toHaveLength(2);
  });

  it('declares the VM’s name above it where that is wanted', async () => {
    const shell = scriptedShell();

    await builder(shell).prepare({ forceName: true }, signal);

    expect(carried(shell.given).at(-1)).toContain('networking.hostName = lib.mkForce "alpha";');
  });

  it('is carried in pieces when it is big', async () => {
    const shell = scriptedShell();
    const files = configuration(file('alpha.nix'), file('big', 'x'.repeat(2_500_000)));

    await builder(shell, { configuration: files }).prepare({ forceName: false }, signal);

    const pieces = shell.given.flatMap(({ args = [] }) => (args.includes('big') ? [args.at(-1) ?? ''] : []));
    expect(pieces.length).toBeGreaterThan(2);
    expect(Buffer.concat(pieces.map((each) => Buffer.from(each, 'base64'))).length).toBe(2_500_000);
  });

  it('says when the hardware of the guest had to be generated', async () => {
    const absolute = ['/etc/nixos/hardware-configuration.nix'];
    const files = { ...configuration(file('alpha.nix')), absolute };
    const prepared = (stdout: string) =>
      builder(scriptedShell({ stdout }), { configuration: files }).prepare({ forceName: false }, signal);

    expect(await prepared('generated\n')).toEqual([expect.stringContaining('was generated')]);
    expect(await prepared('')).toEqual([]);
  });

  it('brings the hardware of the guest along where it imports that', async () => {
    const shell = scriptedShell();
    const hardware = '/etc/nixos/hardware-configuration.nix';
    const files = { ...configuration(file('alpha.nix')), absolute: [hardware] };

    await builder(shell, { configuration: files }).prepare({ forceName: false }, signal);

    expect(shell.given[0]).toMatchObject({ root: true, args: [hardware] });
    expect(shell.given[0]?.script).toContain('nixos-generate-config --show-hardware-config');
  });

  it('fails when it cannot be put there', async () => {
    const shell = scriptedShell({ exitCode: 1, stderr: 'No space left on device\n' });

    await expect(builder(shell).prepare({ forceName: false }, signal)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('No space left on device'),
      hint: expect.stringContaining('disk is full'),
    });
  });

  it('as a flake has no name declared above it', async () => {
    const flake = builder(scriptedShell(), { flake: 'alpha' });

    await expect(flake.prepare({ forceName: true }, signal)).rejects.toMatchObject({
      code: 'configuration-names-other',
    });
  });
});
