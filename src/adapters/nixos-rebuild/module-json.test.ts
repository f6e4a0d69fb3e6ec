import { describe, expect, it } from 'vitest';
import { installedModule } from './module-json.ts';

const shipped = Buffer.from('{"vmname":"web"}');
const installed = Buffer.from('{"vmname":"web-2"}');

function configuration(...paths: readonly string[]) {
  const files = paths.map((path) => ({
    path,
    content: path.endsWith('.json') ? shipped : Buffer.from(''),
    executable: false,
  }));
  return { files, absolute: [], bytes: shipped.length };
}

const missing = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOENT' }));

describe('the JSON that was installed for a VM', () => {
  it('takes the place of the one that the module ships, and that is said', async () => {
    const found = await installedModule(configuration('web.nix', 'web.json'), {
      path: '/home/tappaas/config/web-2.json',
      text: async () => installed,
    });

    expect(found.files[1]?.content).toEqual(installed);
    expect(found.bytes).toBe(installed.length);
    expect(found.notes).toEqual([expect.stringContaining('web-2.json takes the place of web.json')]);
  });

  it.each([
    ['the configuration reads no such file', configuration('web.nix', 'other.json'), async () => installed],
    ['none was installed', configuration('web.nix', 'web.json'), missing],
    ['both are the same', configuration('web.nix', 'web.json'), async () => shipped],
  ])('changes nothing where %s', async (_what, given, text) => {
    expect(await installedModule(given, { path: '/x', text })).toEqual({ ...given, notes: [] });
  });

  it('that cannot be read ends the run', async () => {
    const text = () => Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }));

    await expect(installedModule(configuration('web.nix', 'web.json'), { path: '/x', text })).rejects.toThrow(
      'denied',
    );
  });
});
