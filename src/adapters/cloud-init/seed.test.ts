import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../../domain/error.ts';
import { readSeed } from './seed.ts';

/** As Proxmox VE generates them. */
const user = `#cloud-config
hostname: alpha
manage_etc_hosts: true
fqdn: alpha.mgmt.internal
user: tappaas
password: $5$secret
chpasswd:
  expire: False
users:
  - default
package_upgrade: true
`;
const meta = 'instance-id: 6ac1e17a9f1efdf0b85cd8bd7564bde2985ee307\n';

function seed(userText: string, metaText = meta, custom = false) {
  return readSeed({
    user: { text: userText, custom, source: 'user-data of 610' },
    meta: { text: metaText, custom: false, source: 'meta-data of 610' },
  });
}

function refused(read: () => unknown): SourceError {
  try {
    read();
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a seed', () => {
  it('is read as the hypervisor generates it, the name fields and nothing else', () => {
    expect(seed(user)).toEqual({
      userHostname: 'alpha',
      fqdn: 'alpha.mgmt.internal',
      instanceId: '6ac1e17a9f1efdf0b85cd8bd7564bde2985ee307',
      custom: [],
    });
  });

  it('says which texts somebody wrote by hand', () => {
    expect(seed('#cloud-config\n', meta, true)).toEqual({
      instanceId: '6ac1e17a9f1efdf0b85cd8bd7564bde2985ee307',
      custom: ['user-data of 610'],
    });
  });

  it.each([
    ['hostname: beta', 'beta', undefined],
    ['fqdn: beta.srv.internal', 'beta', 'beta.srv.internal'],
    ['hostname: beta.srv.internal', 'beta', 'beta.srv.internal'],
    ['hostname: a.b\nfqdn: c.d', 'a.b', 'c.d'],
    ['hostname: 0610', '0610', undefined],
    ['hostname: on', 'on', undefined],
    ['hostname: one\nhostname: two', 'two', undefined],
    ['x: &n beta\nhostname: *n', 'beta', undefined],
    ['hostname:', undefined, undefined],
    ['hostname: *nothing', undefined, undefined],
    ['hostname: [a, b]', undefined, undefined],
    ['write_files:\n- content: |\n    hostname: no', undefined, undefined],
  ])('gives of %j the name %s', (text, name, fqdn) => {
    expect(seed(`#cloud-config\n${text}\n`)).toMatchObject({
      ...(name === undefined ? {} : { userHostname: name }),
      ...(fqdn === undefined ? {} : { fqdn }),
    });
    expect(Object.keys(seed(`#cloud-config\n${text}\n`))).toHaveLength(2 + Number(!!name) + Number(!!fqdn));
  });

  it.each([
    ['true', true],
    ['"YES"', true],
    ['1', true],
    ['on', true],
    ['false', false],
    ['no', false],
    ['sometimes', false],
  ])('takes preserve_hostname: %s as cloud-init does', (text, preserves) => {
    expect(seed(`#cloud-config\npreserve_hostname: ${text}`).preserveHostname).toBe(preserves);
  });

  it.each([
    ['a script', '#!/bin/sh\nhostname: x\n\t[{'],
    ['a MIME message', 'Content-Type: multipart/mixed; boundary="x"\n\n--x\nhostname: x\n'],
    ['an archive', '#cloud-config-archive\n- content: "hostname: x"'],
    ['a template', '## template: jinja\n#cloud-config\nhostname: {{ v1.x }}'],
    ['YAML without the mark', 'hostname: x'],
    ['nothing', ''],
    ['a long script', `#!/bin/sh\n${'#'.repeat(100_000)}`],
  ])('gives no name where the user-data is %s', (_what, text) => {
    expect(seed(text)).not.toHaveProperty('userHostname');
  });

  it.each([
    ['NoCloud', 'instance-id: i-1\nlocal-hostname: beta\nhostname: other', 'beta', 'i-1'],
    ['OpenStack', '{"uuid": "i-2", "hostname": "beta.srv.internal"}', 'beta.srv.internal', 'i-2'],
    ['no known kind', 'hostname: beta', undefined, undefined],
  ])('knows the meta-data of %s', (_kind, text, name, id) => {
    const { localHostname, instanceId } = seed(user, text);

    expect([localHostname, instanceId]).toEqual([name, id]);
  });

  it.each([
    ['of broken YAML', '#cloud-config\npassword: "secret\nhostname: alpha\n'],
    ['of two documents', '#cloud-config\npassword: secret\n---\nhostname: alpha\n'],
    ['that is a list', '#cloud-config\n- secret\n'],
    ['of deep brackets', `#cloud-config\nsecret: ${'['.repeat(60_000)}`],
    ['of 64 KiB and more', `#cloud-config\nx: ${'secret'.repeat(11_000)}`],
  ])('is refused with a user-data %s, and none of it is in the error', (_what, text) => {
    const error = refused(() => seed(text));

    expect(error).toMatchObject({ code: 'bad-response', source: 'user-data of 610' });
    expect(JSON.stringify([error.message, error.hint, error.cause ?? '', error.stack])).not.toContain(
      'secret',
    );
  });

  it('builds no aliases: a few lines that would grow to millions of values are read at once', () => {
    const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    const text = ['#cloud-config', 'a0: &a0 [x]', ...levels, 'hostname: alpha'].join('\n');

    expect(seed(text).userHostname).toBe('alpha');
  });

  it('is read or refused, whatever the texts hold', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom('a: *b', 'x', '- a', '? b'),
    );
    fc.assert(
      fc.property(text, text, (one, other) => {
        try {
          expect(seed(`#cloud-config\n${one}`, other).custom).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(SourceError);
        }
      }),
    );
  });
});
