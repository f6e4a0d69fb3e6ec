import { X509Certificate } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { readBounded, systemReason } from './bounded-file.ts';
import type { Configuration } from './configuration.ts';
import { conventions, zonesFile } from './conventions.ts';
import { crossReferenceProblems } from './cross-references.ts';
import { parseSource, type SourceDocument } from './document.ts';
import { problemsOf } from './issues.ts';
import { absolutePath } from './paths.ts';
import { ConfigurationError, type ConfigurationProblem, inFileOrder } from './problem.ts';
import { authorityKey, resolveConfiguration } from './resolve.ts';
import { type ConfigurationFile, configurationSchema } from './schema.ts';

/** The name that is looked for. */
const configurationFileName = 'truename.yaml';

/** A larger file is no configuration. */
const maxBytes = 1024 * 1024;

/** Where to look. */
export interface LoadOptions {
  /** The file of `--config`; looked for upwards from the working directory where it is left out. */
  readonly path?: string;
  readonly workingDirectory: string;
  readonly homeDirectory: string;
}

/**
 * The configuration of the file, or the conventions of TAPPaaS where there is none. Throws a
 * `ConfigurationError` with everything that is wrong. Secrets are not read here.
 */
export async function loadConfiguration(options: LoadOptions): Promise<Configuration> {
  const { workingDirectory, homeDirectory } = options;
  const found =
    options.path === undefined
      ? await findUpwards(resolve(workingDirectory))
      : await readRequired(resolve(workingDirectory, options.path));
  if (found === undefined) return conventional(homeDirectory);
  const source = parseSource(found.path, found.text);
  const absolute = (path: string) => absolutePath(path, dirname(found.path), homeDirectory);
  const { file, problems } = validate(source);
  const authorities = await readAuthorities(source, file, absolute);
  const all = [...problems, ...authorities.problems];
  if (file === undefined || all.length > 0) throw new ConfigurationError(found.path, inFileOrder(all));
  const origin = { kind: 'file', path: found.path } as const;
  return resolveConfiguration(file, { origin, absolute, authorities: authorities.texts });
}

function validate(source: SourceDocument): {
  file: ConfigurationFile | undefined;
  problems: ConfigurationProblem[];
} {
  const result = configurationSchema.safeParse(source.value);
  const problems = crossReferenceProblems(source);
  return result.success
    ? { file: result.data, problems }
    : { file: undefined, problems: [...problems, ...problemsOf(result.error, source)] };
}

async function conventional(homeDirectory: string): Promise<Configuration> {
  const path = join(homeDirectory, zonesFile);
  const text = await readIfThere(path);
  const zones = text === undefined ? undefined : parseSource(path, text);
  return resolveConfiguration(conventions(zones), {
    origin: { kind: 'conventions', ...(zones === undefined ? {} : { zonesFile: path }) },
    absolute: (each) => absolutePath(each, homeDirectory, homeDirectory),
    authorities: new Map(),
  });
}

async function findUpwards(directory: string): Promise<{ path: string; text: string } | undefined> {
  const path = join(directory, configurationFileName);
  const text = await readIfThere(path);
  if (text !== undefined) return { path, text };
  const parent = dirname(directory);
  return parent === directory ? undefined : findUpwards(parent);
}

/** Undefined only when there is no such file; a file that cannot be read is an error, never an absence. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readBounded(path, maxBytes);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return undefined;
    throw unreadable(path, reason);
  }
}

async function readRequired(path: string): Promise<{ path: string; text: string }> {
  const text = await readIfThere(path);
  if (text === undefined) throw unreadable(path, 'ENOENT');
  return { path, text };
}

function unreadable(path: string, reason: string): ConfigurationError {
  const message = `The file cannot be read (${reason}).`;
  return new ConfigurationError(path, [{ file: path, line: 1, column: 1, message }]);
}

/** The authorities are no secret, and an error in them is best shown with the line that names the file. */
async function readAuthorities(
  source: SourceDocument,
  file: ConfigurationFile | undefined,
  absolute: (path: string) => string,
): Promise<{ texts: Map<string, string>; problems: ConfigurationProblem[] }> {
  const texts = new Map<string, string>();
  const problems: ConfigurationProblem[] = [];
  for (const { group, id, ca } of authoritiesIn(file)) {
    const path = absolute(ca);
    try {
      const pem = await readBounded(path, maxBytes);
      if (new X509Certificate(pem).subject !== undefined) texts.set(authorityKey(group, id), pem);
    } catch (error) {
      const message = `${group}.${id}.ca: ${path} is no readable PEM certificate (${systemReason(error)}).`;
      problems.push(source.problemAt([group, id, 'ca'], message));
    }
  }
  return { texts, problems };
}

function authoritiesIn(file: ConfigurationFile | undefined) {
  return (['hypervisors', 'dhcpServers'] as const).flatMap((group) =>
    Object.entries(file?.[group] ?? {}).flatMap(([id, definition]) =>
      'ca' in definition && definition.ca !== undefined ? [{ group, id, ca: definition.ca }] : [],
    ),
  );
}
