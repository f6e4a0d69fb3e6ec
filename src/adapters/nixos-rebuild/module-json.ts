import type { ConfigurationFiles } from './configuration-files.ts';

/** A module's JSON as it was installed for one VM. */
export interface InstalledModule {
  readonly path: string;
  /** Its content; fails where it is not there. */
  readonly text: () => Promise<Buffer>;
}

/**
 * TAPPaaS modules read their settings from a JSON file beside the configuration, of the same name; what was installed
 * for a VM (`~/config/VMNAME.json` at the controller) differs from what the module ships, and takes its place. A
 * configuration that reads no such file is left as it is.
 */
export async function installedModule(
  configuration: ConfigurationFiles,
  installed: InstalledModule,
): Promise<ConfigurationFiles & { readonly notes: readonly string[] }> {
  const own = configuration.files[0]?.path.replace(/\.nix$/, '.json');
  const shipped = configuration.files.find(({ path }) => path === own);
  if (shipped === undefined) return { ...configuration, notes: [] };
  const content = await installed.text().catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (content === undefined || content.equals(shipped.content)) return { ...configuration, notes: [] };
  return {
    ...configuration,
    files: configuration.files.map((file) => (file === shipped ? { ...file, content } : file)),
    bytes: configuration.bytes - shipped.content.length + content.length,
    notes: [`${installed.path} takes the place of ${shipped.path}`],
  };
}
