import { describe, expect, it } from 'vitest';
import { sshArguments } from './target.ts';

const target = { name: 'web-1', user: 'root' };

function optionsOf(args: readonly string[]): Record<string, string> {
  const pairs = args.flatMap((arg, index) => (args[index - 1] === '-o' ? [arg] : []));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

describe('sshArguments', () => {
  it('never asks, forwards nothing, and ends with the name behind --', () => {
    const args = sshArguments(target, undefined);

    expect(args.slice(-2)).toEqual(['--', 'web-1']);
    expect(optionsOf(args)).toMatchObject({
      BatchMode: 'yes',
      StrictHostKeyChecking: 'yes',
      ForwardAgent: 'no',
      ForwardX11: 'no',
      ClearAllForwardings: 'yes',
      PermitLocalCommand: 'no',
      RemoteCommand: 'none',
      RequestTTY: 'no',
      User: 'root',
    });
  });

  it('leaves to the configuration of the user what was not given', () => {
    const options = optionsOf(sshArguments(target, undefined));

    for (const key of [
      'HostName',
      'Port',
      'IdentityFile',
      'HostKeyAlias',
      'UserKnownHostsFile',
      'ControlPath',
    ]) {
      expect(options).not.toHaveProperty(key);
    }
  });

  it('goes to the address, under the pinned alias and no other file', () => {
    const pinned = { alias: 'truename-vm-610-u', file: '/state/host-keys/truename-vm-610-u' };
    const options = optionsOf(
      sshArguments({ ...target, address: '10.2.10.5', port: 2222, pinned }, '/run/x/%C'),
    );

    expect(options).toMatchObject({
      HostName: '10.2.10.5',
      Port: '2222',
      HostKeyAlias: pinned.alias,
      UserKnownHostsFile: pinned.file,
      GlobalKnownHostsFile: '/dev/null',
      ControlMaster: 'auto',
      ControlPath: '/run/x/%C',
    });
  });

  it('keeps one file name one file name', () => {
    const pinned = { alias: 'a', file: '/my state/100%/a' };
    const options = optionsOf(sshArguments({ ...target, identityFile: '/my keys/id', pinned }, undefined));

    expect(options).toMatchObject({
      UserKnownHostsFile: '"/my state/100%%/a"',
      IdentityFile: '"/my keys/id"',
    });
  });
});
