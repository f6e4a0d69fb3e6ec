import { describe, expect, it } from 'vitest';
import type { CloneOptions } from './clone-options.ts';
import { parseTappaasModule, withModule } from './tappaas-module.ts';

const flat = {
  vmname: 'web',
  vmid: 311,
  node: 'tappaas2',
  cores: 2,
  memory: '4096',
  imageType: 'clone',
  image: '8080',
  zone0: 'srv',
  bridge0: 'lan',
  variant: 'acc',
  description: 'a web',
};
const { vmname, vmid, node, ...vm } = flat;
const byService = { vmname, vmid, node, config: { 'cluster:vm': vm, 'network:proxy': { proxyPort: 8080 } } };
const parse = (value: unknown) => parseTappaasModule(JSON.stringify(value), 'module.json');
const typed: CloneOptions = { timeout: '60' };

describe('a TAPPaaS module', () => {
  it('is read as it is, flat', () => {
    expect(parse(flat)).toMatchObject({
      vmname: 'web',
      vmid: 311,
      image: '8080',
      memory: 4096,
      zone0: 'srv',
      unused: ['bridge0', 'description', 'variant'],
    });
  });

  it('is read by service, and what nothing is made of is named', () => {
    expect(parse(byService)).toMatchObject({
      vmname: 'web',
      cores: 2,
      unused: ['bridge0', 'description', 'network:proxy', 'variant'],
    });
  });

  it.each([[], 'text', null, {}, { vmname: '' }, { vmname: 'web', vmid: 'x' }])('is not %j', (value) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('is no file that is no JSON', () => {
    expect(() => parseTappaasModule('{', 'module.json')).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('becomes words of the command line: its zone a segment, and what was typed above it', () => {
    expect(withModule(undefined, typed, parse(flat))).toEqual({
      name: 'web',
      options: { timeout: '60', vmid: '311', node: 'tappaas2', from: '8080', segment: 'srv' },
    });
    expect(withModule('other', { ...typed, vmid: '400' }, parse(flat))).toMatchObject({
      name: 'other',
      options: { vmid: '400' },
    });
    expect(withModule(undefined, { ...typed, target: 'tappaas3' }, parse(flat)).options).not.toHaveProperty(
      'node',
    );
  });

  it('of an image is not cloned', () => {
    expect(() => withModule(undefined, typed, parse({ ...flat, imageType: 'iso' }))).toThrow(
      expect.objectContaining({ code: 'unsupported' }),
    );
  });
});
