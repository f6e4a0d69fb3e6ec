import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { leaseLine, type RawSources, rawInput, refusal } from '../../../test/support/raw-evidence.ts';
import { networkManagerTexts } from '../../../test/support/raw-guest.ts';
import { TruenameError } from '../../domain/error.ts';
import { doctorReport } from '../doctor-report.ts';
import { renderDoctor } from './doctor.ts';

async function render(changes: RawSources, colour = false): Promise<string> {
  const { evidence } = await rawInput(changes);
  return renderDoctor(doctorReport([evidence], undefined), undefined, colour).join('\n');
}

const stale = { client: networkManagerTexts({ profiles: [{ name: 'old' }] }), leases: leaseLine('old') };

describe('renderDoctor', () => {
  it('says of a healthy machine that it is well, link by link', async () => {
    const text = await render({});

    expect(text).toContain('alpha: VM 610 on pve1, in mgmt, 10.2.10.5');
    expect(text).toContain('inside by the guest agent');
    expect(text).toMatch(/✓ lease +alpha {2}\[10\.2\.10\.5\] {2}\(leases of dnsmasq\)/);
    expect(text.endsWith('Every link bears the name, or needs none.')).toBe(true);
  });

  it('points at the first broken link, and shows cause, proof and cure', async () => {
    const text = await render(stale);

    expect(text.match(/◄ first broken link/g)?.length).toBe(1);
    expect(text).toMatch(/✗ dhcp-client +old .*◄ first broken link/);
    expect(text).toContain('✗ client-sends-old-name');
    expect(text).toMatch(/→ clear-profile-name \[renew, guest\]/);
    expect(
      text.endsWith('The first broken link is dhcp-client.\nMore: truename explain client-sends-old-name'),
    ).toBe(true);
  });

  it('says once what mends a cause and what follows from it', async () => {
    const { evidence, chain } = await rawInput(stale);
    const [finding] = doctorReport([evidence], undefined).machines[0]?.findings ?? [];
    const report = doctorReport([evidence], undefined);
    const twice = {
      ...report,
      machines: report.machines.map((each) => ({
        ...each,
        findings: finding === undefined ? [] : [finding, { ...finding, causedBy: finding.rule }],
      })),
    };

    const text = renderDoctor(twice, undefined, false).join('\n');

    expect(chain.wanted).toBe('alpha');
    expect(text.match(/→ clear-profile-name/g)?.length).toBe(1);
    expect(text).toContain('(follows from client-sends-old-name)');
  });

  it('tells what nobody could look at from what is wrong', async () => {
    const lost = refusal('unreachable', 'no way');
    const text = await render({ inside: lost, ssh: lost, agent: lost });

    expect(text).toMatch(/\? static +could not look: nobody could enter the guest/);
    expect(text).toContain('from outside only (agent: no way; ssh: no way)');
  });

  it('says that no rule knows why, where none does', async () => {
    const text = await render({ dns: { 'PTR 10.2.10.5': [] } });

    expect(text).toContain('The first broken link is reverse (unbound).');
    expect(text).toContain('No rule knows why.');
  });

  it('keeps what others wrote on its line, and harmless', async () => {
    const evil = '\u001b[2J\u202eold\n✓ lease alpha';
    const text = await render({ guest: { 'host.transient': evil, 'host.static': evil } });

    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).not.toMatch(/^\s*✓ lease alpha/m);
  });

  it('shortens what would hide the rest', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      ...{
        type: 'qemu',
        vmid: 9100 + index,
        node: 'pve1',
        status: 'stopped',
        name: `template-${index}`,
        template: 1,
      },
    }));
    const text = await render({ rows, leases: leaseLine('tappaas-nixos') });

    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(600);
    expect(text).toContain('…');
  });

  it('says the same in colour', async () => {
    const coloured = await render(stale, true);

    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(await render(stale));
  });

  it('shows an error as what happened, where, and what to do', () => {
    const error = new TruenameError('not-found', 'no guest is omega', { where: 'pve', hint: 'Look again.' });

    expect(renderDoctor(doctorReport([], error), error, false)).toEqual([
      'error not-found: no guest is omega (pve)',
      '  Look again.',
    ]);
  });
});
