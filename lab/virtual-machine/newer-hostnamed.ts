import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../command.ts';
import { debianArchive, derived, type Say } from '../tree/cache.ts';

/** The release after that of the guests: the first of Debian whose hostnamed knows `SYSTEMD_ETC_HOSTNAME`. */
const suite = 'forky';

/** A mirror that stands still is no worse for a guest that lives a minute; the index is signed all the same (apt.conf(5)). */
const anyAge = '--aptopt=Acquire::Check-Valid-Until "false"';

/** hostnamed and the one library that belongs to its version. */
const wanted = ['./usr/lib/systemd/systemd-hostnamed', './usr/lib/*/systemd/libsystemd-shared-*.so'];

/**
 * A layer to be laid over a guest's tree, with the hostnamed of a newer systemd in it and nothing else of that: it speaks D-Bus
 * with everybody, and runs under an older systemd. It throws where the release has none that reads the variable.
 */
export async function newerHostnamed(say: Say): Promise<string> {
  const archive = await debianArchive('newer-hostnamed', suite, ['systemd'], say, 'extract', [anyAge]);
  const make = async (folder: string) => {
    await mkdir(folder, { recursive: true });
    await command('tar', ['--extract', '--file', archive, '--directory', folder, '--wildcards', ...wanted]);
    await command('grep', ['--quiet', '--recursive', 'SYSTEMD_ETC_HOSTNAME', join(folder, 'usr')]);
  };
  return derived({ name: 'newer-hostnamed', from: [archive], inputs: [], make }, say);
}
