import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Hostname } from '../domain/name.ts';
import { ownerOfMeta, ownMeta, ownMetaFile, withoutForeignMeta } from './own-meta.ts';

const uuid = '5b1ff1f5-6d5c-4b0f-8f1c-1f3b6d0c8a52';
const other = '00000000-6d5c-4b0f-8f1c-1f3b6d0c8a52';
const name = 'web-01' as Hostname;

describe('ownMeta', () => {
  it('is lines where the generated meta-data is', () => {
    const text = ownMeta('instance-id: 6ac1e17a9f1efdf0b85cd8bd7564bde2985ee307\n', name, uuid);
    expect(parse(text)).toEqual({ 'instance-id': uuid, 'local-hostname': 'web-01' });
  });

  it('is an object where the generated meta-data is, with all that stood in it', () => {
    const network = { network_config: { content_path: '/content/0000' } };
    const text = ownMeta(JSON.stringify({ uuid: '6ac1', ...network }), name, uuid);
    expect(JSON.parse(text)).toEqual({ uuid, hostname: 'web-01', ...network });
  });
});

describe('the name of the file', () => {
  it('says whose it is', () => {
    expect(ownerOfMeta(`nfs:snippets/${ownMetaFile(uuid)}`)).toBe(uuid);
  });

  it.each([
    'local:snippets/meta.yaml',
    `local:iso/truename-${uuid}.yaml`,
    `local:snippets/x-truename-${uuid}.yaml`,
    `local:snippets/truename-${uuid}.yaml.old`,
    'local:snippets/truename-web.yaml',
  ])('is not that of %s', (volume) => {
    expect(ownerOfMeta(volume)).toBeUndefined();
  });
});

describe('withoutForeignMeta', () => {
  const user = 'local:snippets/user.yaml';
  const volume = (of: string) => `local:snippets/${ownMetaFile(of)}`;

  it.each([
    ['keeps what a person wrote', { user, meta: 'local:snippets/meta.yaml' }, undefined],
    ['keeps that of the VM itself', { user, meta: volume(uuid) }, undefined],
    ['takes away that of the VM it is a copy of', { user, meta: volume(other) }, { user }],
  ])('%s', (_, customSeed, left) => {
    expect(withoutForeignMeta({ uuid, customSeed })).toEqual(left ?? customSeed);
  });
});
