import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiToken } from '../../facades/proxmox/identity.ts';
import { makerPrivileges } from '../../lab/templates.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import { type Bench, overRest, startBench } from './hypervisor-bench.ts';

const { signal } = new AbortController();
const source = { hypervisor: 'lab', node: 'pve1', vmid: 9000 };

/** For each privilege a token that has all the others; and one that has all. */
const tokens = ['none', ...makerPrivileges].map((without): ApiToken & { readonly without: string } => ({
  id: `truename@pve!without-${without.replaceAll('.', '-')}`,
  secret: randomUUID(),
  acl: [{ path: '/', privileges: makerPrivileges.filter((each) => each !== without) }],
  without,
}));

/** Everything that making a guest and removing it takes. */
async function makeAndRemove(bench: Bench, token: ApiToken, vmid: number): Promise<void> {
  const hypervisor = overRest(bench, token);
  const { making } = hypervisor;
  const name = `c-${vmid}` as Hostname;
  const { ref } = await making.clone({ source, vmid, name, description: 'a test', disks: 'linked' }, signal);
  const nics = [{ slot: 'net0', mac: 'bc:24:11:5e:00:01' as Mac, bridge: 'vmbr1', ipv4: 'dhcp' as const }];
  const before = await making.standing(ref, signal);
  const settings = { name, nics, searchDomain: 'srv.internal', tags: ['truename'] };
  const guest = await making.configure(before, settings, signal);
  await making.regenerateSeed(ref, signal);
  await hypervisor.power(ref, 'start', signal);
  await making.stop(ref, signal);
  await making.remove(guest, signal);
}

for (const release of ['8.4.1', '9.1.3']) {
  describe(`the smallest role, Proxmox VE ${release}`, () => {
    let bench: Bench;
    let vmid = 600;

    beforeAll(async () => {
      bench = await startBench(release, tokens);
    });

    afterAll(() => bench.close());

    it.each(tokens)('is whole, and without $without is named what is missing', async (token) => {
      vmid += 1;
      const making = makeAndRemove(bench, token, vmid);
      if (token.without === 'none') return making;

      const error: unknown = await making.then(
        () => undefined,
        (reason: unknown) => reason,
      );

      expect(error).toMatchObject({ name: 'SourceError', code: 'permission-refused' });
      const { message, hint } = error as { message: string; hint?: string };
      expect(`${message} ${hint}`).toContain(token.without);
    });
  });
}
