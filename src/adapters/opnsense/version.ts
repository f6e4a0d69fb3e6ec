import { SourceError } from '../../domain/error.ts';
import type { OpnsenseApi } from './api.ts';
import { read } from './read.ts';
import { systemInformationSchema } from './schema.ts';

/** A release of the product, such as 25.7.11: year, month, and the number of its update. */
export type Release = readonly [year: number, month: number, update: number];

/** The release in a text such as `OPNsense 26.7.2_1-amd64`, or undefined; a development version counts as update 0. */
export function parseRelease(text: string): Release | undefined {
  const match = /^OPNsense (\d{2})\.(\d{1,2})(?:\.(\d{1,3}))?(?![\d.]*\d)/.exec(text);
  if (match === null) return undefined;
  const [, year, month, update = '0'] = match;
  return [Number(year), Number(month), Number(update)];
}

/** True for a release that is `since`, or came after it. */
export function isSince(release: Release, since: Release): boolean {
  const differs = release.findIndex((part, index) => part !== since[index]);
  return differs < 0 || (release[differs] as number) > (since[differs] as number);
}

/**
 * The release of the product, or undefined where the user of the API key may not see it: that needs a privilege of its own
 * (`page-system-login-logout`), whose pattern was camel case up to 25.1 (opnsense/core M/Core/ACL/ACL.xml). `core/firmware`
 * says it too, to whoever may also reboot the firewall, so it is not asked.
 */
export async function readRelease(api: OpnsenseApi, signal: AbortSignal): Promise<Release | undefined> {
  for (const action of ['system_information', 'systemInformation']) {
    try {
      const answer = await api.get({ path: ['diagnostics', 'system', action], signal });
      const { versions } = read(systemInformationSchema, answer, api.source, action);
      return versions.map(parseRelease).find((each) => each !== undefined);
    } catch (error) {
      const hidden =
        error instanceof SourceError && (error.code === 'permission-refused' || error.code === 'unsupported');
      if (!hidden) throw error;
    }
  }
  return undefined;
}
