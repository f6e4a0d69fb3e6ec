import { join } from 'node:path';
import type { ServerPauses } from '../domain/journal.ts';
import { replaceFile } from './replace-file.ts';
import { aliasFileName, otherSchema, parseObject, readStateFile } from './state-file.ts';

/** Version of the files; one of another version is left alone. */
const schema = 1;

/**
 * For how long the last write kept each DHCP server from answering: one file per server in `server-pauses/` of the state
 * directory. It is said before the next write and decides nothing, so a file that says something else counts as none.
 * Throws `state-unwritable`.
 */
export function serverPauses(directory: string): ServerPauses {
  const file = (server: string) => join(directory, 'server-pauses', aliasFileName(server, 'a pause'));
  return {
    async last(server) {
      const path = file(server);
      const value = parseObject((await readStateFile(path)) ?? '');
      const { pausedMs } = value ?? {};
      return value?.schema === schema && typeof pausedMs === 'number' && pausedMs >= 0 ? pausedMs : undefined;
    },
    async remember(server, pausedMs) {
      const path = file(server);
      const other = otherSchema(path, parseObject((await readStateFile(path)) ?? '')?.schema, schema);
      if (other !== undefined) throw other;
      await replaceFile(path, `${JSON.stringify({ schema, pausedMs: Math.round(pausedMs) })}\n`);
    },
  };
}
