import { createHash } from 'node:crypto';
import {
  nameSources,
  type PackagedFile,
  type StandingUnits,
  type UnitSettings,
} from '../../domain/guest-units.ts';
import { parseHostname } from '../../domain/name.ts';
import type { FileChange } from './context.ts';

/** Where the settings stand in a guest. */
export const settingsPath = '/etc/truename/guest.conf';

/** What an installation would change: nothing where all files are the package's and both units are enabled. */
export function installing(
  packaged: readonly PackagedFile[],
  standing: StandingUnits,
  settings: UnitSettings,
): FileChange[] {
  const files = packaged.flatMap(({ target, content }): FileChange[] => {
    if (target === undefined) return [];
    const now = standing.files.find(({ path }) => path === target.path);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const same = now?.sha256 === sha256 && now.mode === target.mode && now.ofRoot === true;
    const was = now?.sha256 === undefined ? 'absent' : same ? 'same' : 'other';
    return [{ path: target.path, was, becomes: same ? 'kept' : 'written' }];
  });
  return [...files, settingsChange(standing.settings, settings)];
}

/** What taking them away would change. */
export function uninstalling(standing: StandingUnits): FileChange[] {
  const files = standing.files.flatMap(({ path, sha256 }): FileChange[] =>
    sha256 === undefined ? [] : [{ path, was: 'same', becomes: 'removed' }],
  );
  const settings: FileChange = { path: settingsPath, was: 'same', becomes: 'removed' };
  return [...files, ...(standing.settings === undefined ? [] : [settings])];
}

/** The words of the installer for these settings; none keeps what stands there. */
export function installerWords({ templateNames, sources, resetMachineId }: UnitSettings): string[] {
  return [
    ...(templateNames ?? []).flatMap((name) => ['--template-name', name]),
    ...(sources ?? []).flatMap((source) => ['--source', source]),
    ...(resetMachineId === true ? ['--reset-machine-id'] : []),
  ];
}

/**
 * What the units are to be told: what was asked for, and of the rest what stands in the guest's file already. The site's templates
 * are for a guest that was told nothing yet. Empty where nothing was asked for and a file is there: it was somebody's decision.
 */
export function settingsFor(
  asked: UnitSettings,
  text: string | undefined,
  templates: readonly string[],
): UnitSettings {
  const known = [...new Set(templates)].flatMap((each) => parseHostname(each) ?? []);
  if (text === undefined) return known.length === 0 ? asked : { templateNames: known, ...asked };
  return Object.keys(asked).length === 0 ? {} : { ...settingsIn(text), ...asked };
}

/** The settings in a guest's file; what it does not say, or says in a way that the installer does not write, is left out. */
function settingsIn(text: string): UnitSettings {
  const found = new Map(
    text.split('\n').flatMap((line) => {
      const match = /^(TRUENAME_[A-Z_]+)="?([A-Za-z0-9 -]*)"?$/.exec(line);
      return match === null ? [] : [[match[1], match[2] ?? ''] as const];
    }),
  );
  const words = (key: string) => (found.get(key) ?? '').split(' ').filter((word) => word !== '');
  const templateNames = words('TRUENAME_TEMPLATE_NAMES').flatMap((word) => parseHostname(word) ?? []);
  const sources = nameSources.filter((each) => words('TRUENAME_SOURCES').includes(each));
  const ordered = words('TRUENAME_SOURCES').flatMap((word) => sources.find((each) => each === word) ?? []);
  return {
    ...(templateNames.length === 0 ? {} : { templateNames }),
    ...(ordered.length === 0 ? {} : { sources: ordered }),
    ...(found.has('TRUENAME_RESET_MACHINE_ID')
      ? { resetMachineId: found.get('TRUENAME_RESET_MACHINE_ID') === 'yes' }
      : {}),
  };
}

function settingsChange(text: string | undefined, settings: UnitSettings): FileChange {
  if (text === undefined) return { path: settingsPath, was: 'absent', becomes: 'written' };
  const same = Object.keys(settings).length === 0 || says(text, settings);
  return { path: settingsPath, was: same ? 'same' : 'other', becomes: same ? 'kept' : 'written' };
}

/** What was not said is written as the installer's default, so it counts as that; but for names, which it reads in the guest. */
function says(
  text: string,
  { templateNames, sources = nameSources, resetMachineId = false }: UnitSettings,
): boolean {
  const found = settingsIn(text);
  return (
    (templateNames === undefined || found.templateNames?.join(' ') === templateNames.join(' ')) &&
    found.sources?.join(' ') === sources.join(' ') &&
    found.resetMachineId === resetMachineId
  );
}
