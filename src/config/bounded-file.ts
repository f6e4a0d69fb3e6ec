import { open } from 'node:fs/promises';

/** The first `maxBytes` + 1 bytes of a file as UTF-8, so that one more tells that it is too long. */
export async function readBounded(path: string, maxBytes: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return buffer.toString('utf8', 0, length);
    }
  } finally {
    await file.close();
  }
}

/** The code of the system error, such as ENOENT, or `unknown reason`. */
export function systemReason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
