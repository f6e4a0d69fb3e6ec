import { createReadStream } from 'node:fs';
import type { Bundle } from '../bundle/bundle.ts';
import { TruenameError } from '../domain/error.ts';

/** No bundle is larger: a fleet of thousands fits. */
const bound = 64 * 1024 * 1024;

/** The bundle in a file, or on stdin for `-`; throws `bundle-invalid` for whatever is none. */
export async function readBundleFile(path: string): Promise<Bundle> {
  const { readBundle } = await import('../bundle/bundle.ts');
  const where = path === '-' ? 'standard input' : path;
  return readBundle(await readBounded(path, where), where);
}

async function readBounded(path: string, where: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      size += (chunk as Buffer).length;
      if (size > bound) break;
      chunks.push(chunk as Buffer);
    }
  } catch (cause) {
    throw new TruenameError('usage', 'there is no readable bundle', { where, cause });
  }
  if (size > bound) throw new TruenameError('bundle-invalid', 'it is larger than any bundle', { where });
  return Buffer.concat(chunks).toString('utf8');
}
