import { posix } from 'node:path';
import { SourceError } from '../../domain/error.ts';
import type { ReservationWriter, Shell } from '../../domain/ports.ts';
import { changedBy, type ReservationChange } from '../../domain/reservation.ts';
import type { ConfiguredHosts } from './configured-hosts.ts';
import { type FileText, type OwnFile, readFileIn, replaceFileIn } from './hosts-folder.ts';
import { ownFileName, readOwnFile, writeOwnFile } from './own-file.ts';

/** What the writer needs of its server. */
export interface DnsmasqWriterOptions {
  readonly source: string;
  readonly shell: Shell;
  /** What the server is told as it stands in its configuration now. */
  readonly configured: (signal: AbortSignal) => Promise<ConfiguredHosts>;
}

/** What a version looks like: whether there is a file, and its text. */
const none = 'none';

/**
 * Writes reservations into a file of Truename's own in the folder that dnsmasq is told to watch (`dhcp-hostsdir`). What is
 * added is in force at once. What is taken out, or becomes something else, is forgotten only when dnsmasq reads all its
 * files of hosts anew (SIGHUP): a change that does so reaches the segment, for lines of others that were not in force yet
 * then are.
 */
export function dnsmasqReservationWriter({
  source,
  shell,
  configured,
}: DnsmasqWriterOptions): ReservationWriter {
  const fileIn = (folder: string): OwnFile => ({ shell, source, folder, name: ownFileName });
  return {
    async standing(signal) {
      const { reservations, processes } = await configured(signal);
      const { folder, domains, ranges } = watchedFolder(processes, source);
      const text = await readFileIn(fileIn(folder), signal);
      const own = text === undefined ? [] : readOwnFile(text);
      const place = posix.join(folder, ownFileName);
      if (own === undefined) {
        throw new SourceError('reservation-conflict', source, `${place} holds what Truename did not write`, {
          hint: 'Move those lines to another file in that folder.',
        });
      }
      return {
        version: text === undefined ? none : `file ${text}`,
        own,
        others: reservations.filter(({ file }) => posix.normalize(file) !== place),
        place,
        adoption: 'above',
        needsAddress: false,
        ...(domains.includes('#') ? {} : { domains }),
        ...(ranges.length === 0 ? {} : { ranges }),
      };
    },
    reach: (change) => (forgets(change) ? 'segment' : 'guest'),
    async write(change, { version, own, place }, signal) {
      const from: FileText = version === none ? undefined : version.slice('file '.length);
      const to = writeOwnFile(changedBy(own, change));
      await replaceFileIn(fileIn(posix.dirname(place)), { from, to, reload: forgets(change) }, signal);
    },
  };
}

/** Something that stood there is to be forgotten. */
function forgets(change: ReservationChange): boolean {
  return change.some(({ was }) => was !== null);
}

/** The folder of hosts of the one dnsmasq that has any; what has none is no DHCP server to write to. */
function watchedFolder(processes: ConfiguredHosts['processes'], source: string) {
  const [found, ...more] = processes.filter(({ hostFolders }) => hostFolders.length > 0);
  const [folder] = found?.hostFolders ?? [];
  if (found === undefined || folder === undefined) {
    throw new SourceError(
      'unsupported',
      source,
      'its configuration names no folder of hosts that it watches',
      {
        hint: 'Make a folder, add the line dhcp-hostsdir=/etc/dnsmasq-hosts.d (its path) to the configuration, and restart dnsmasq once.',
      },
    );
  }
  if (more.length > 0) {
    throw new SourceError(
      'configuration-invalid',
      source,
      'several dnsmasq with folders of hosts run there',
      {
        hint: 'Name the configurationFile of this one in truename.yaml.',
      },
    );
  }
  return {
    folder: posix.normalize(`${folder}/`).replace(/(.)\/$/, '$1'),
    domains: found.domains,
    ranges: found.limits.ranges,
  };
}
