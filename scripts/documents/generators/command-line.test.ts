import { describe, expect, it } from 'vitest';
import { commandLineHelp } from './command-line.ts';

describe('commandLineHelp', () => {
  it('has a section for the program and one for each command', () => {
    const headings = commandLineHelp()
      .split('\n')
      .filter((line) => line.startsWith('## '));

    expect(headings[0]).toBe('## `truename`');
    expect(headings).toContain('## `truename rebuild`');
  });

  it('shows what --help shows, exit codes too', () => {
    const help = commandLineHelp();

    expect(help).toContain('Usage: truename rebuild [options] <vmname> <vmid> <node> [nix-config-path]');
    expect(help).toContain('--dry-run');
    expect(help).toContain('Exit codes:\n  0  ');
  });

  it('does not depend on the terminal', () => {
    const lines = commandLineHelp().split('\n');

    expect(lines.some((line) => line.length > 80)).toBe(true);
    expect(lines.join('')).not.toContain('\u001b');
  });
});
