import { TruenameError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
import { contentName, wrapperOf } from './build-source.ts';
import type { ConfigurationFile } from './configuration-files.ts';

/** A configuration that was put into a guest. */
export interface Placed {
  /** The file that is evaluated. */
  readonly evaluated: string;
  /** The folder with all files; absent where the file stands alone. */
  readonly folder?: string;
  /** What becomes the VM's file once it is built; absent for a flake, and where it became that already. */
  readonly text?: Buffer;
}

/** Below it each configuration of more than one file has a folder of its own, closed to others. */
const below = '/etc/nixos/truename';

/** `$1` the folder. A folder of this content that is there is whole: it was renamed into place. */
const begin = `
umask 077
[ ! -d "$1" ] || { echo there; exit 0; }
rm -rf "$1.new" && mkdir -p "$1.new" && echo begun`;

/** `$1` the folder, then path, mode and content, again and again; a path that was there already goes on. */
const add = `
umask 077
folder=$1.new; shift
while [ $# -gt 2 ]; do
  case $1 in */*) mkdir -p "$folder/\${1%/*}" || exit ;; esac
  printf '%s' "$3" | base64 -d >>"$folder/$1" && chmod "$2" "$folder/$1" || exit
  shift 3
done`;

/** `$1` the folder. */
const finish = `mv "$1.new" "$1"`;

/** `$1` the VM's name, `$2` its folder or nothing: others of that VM are of before, and go. */
const tidy = `
for old in ${below}/"$1"-????????????????*; do
  rest=\${old##*/"$1"-}
  case \${rest%.new} in *[!0-9a-f]*) continue ;; esac
  [ "$old" = "$2" ] || rm -rf "$old"
done`;

/** `$1` the file, `$2` its text. */
const write = `
umask 077
mkdir -p /etc/nixos
printf '%s' "$2" | base64 -d >"$1" || { rm -f "$1"; exit 1; }`;

/** `$1` and `$2` as in {@link tidy}, `$3` the text of the VM's file. */
const name = `
umask 077
trap 'rm -f "/etc/nixos/.$1.nix.new"' EXIT
printf '%s' "$3" | base64 -d >"/etc/nixos/.$1.nix.new" && mv "/etc/nixos/.$1.nix.new" "/etc/nixos/$1.nix" || exit
${tidy}`;

/** Bytes that go into the guest with one script, which carries them about five times as long. */
const atOnce = 1024 * 1024;

/** What is put into a guest. */
export interface Placing {
  readonly shell: Shell;
  readonly name: string;
  readonly files: readonly ConfigurationFile[];
  /** The name is to be declared above the configuration. */
  readonly forceName: boolean;
  /** The files are a flake. */
  readonly flake: boolean;
}

/**
 * Puts a configuration into the guest, whole or not at all, where it can be evaluated: `/etc/nixos/NAME.nix` stays
 * what it is until {@link settle}. A lone file is evaluated from beside it, so that what it reads there by relative
 * paths is found. Throws `build-failed` where it cannot be written.
 */
export async function place(placing: Placing, signal: AbortSignal): Promise<Placed> {
  const { name: vm, files, forceName, flake } = placing;
  const [first] = files;
  if (first === undefined)
    throw new TruenameError('internal', 'a configuration without a file was to be placed');
  const run = runner(placing, signal);
  const folder = flake || forceName || files.length > 1 ? `${below}/${contentName(vm, files)}` : undefined;
  if (folder !== undefined) await placeFolder(run, folder, files);
  if (flake && folder !== undefined) return { evaluated: `${folder}/flake.nix`, folder };
  const text =
    folder === undefined ? first.content : importing(`${folder}/${first.path}`, forceName ? vm : undefined);
  const evaluated = `/etc/nixos/.${vm}.nix.new`;
  await run(write, [evaluated, text.toString('base64')], evaluated);
  return { evaluated, text, ...(folder === undefined ? {} : { folder }) };
}

/**
 * Makes what was evaluated the VM's own: `/etc/nixos/NAME.nix`, which a person builds by hand later, is the
 * configuration itself or a line that imports it from its folder; folders of before go. Throws `build-failed` where
 * it cannot be written.
 */
export async function settle(
  placing: Pick<Placing, 'shell' | 'name'>,
  { evaluated, folder, text }: Placed,
  signal: AbortSignal,
): Promise<Placed> {
  const run = runner(placing, signal);
  const vm = placing.name;
  const kept = folder === undefined ? {} : { folder };
  if (text === undefined) {
    if (folder !== undefined) await run(tidy, [vm, folder], folder);
    return { evaluated, ...kept };
  }
  const file = `/etc/nixos/${vm}.nix`;
  await run(name, [vm, folder ?? '', text.toString('base64')], file);
  return { evaluated: file, ...kept };
}

/** A file in /etc/nixos that imports another one below it. */
function importing(path: string, vm: string | undefined): Buffer {
  const relative = `./${path.slice('/etc/nixos/'.length)}`;
  return Buffer.from(wrapperOf(/^[A-Za-z0-9._+/-]+$/.test(relative) ? relative : quoted(relative), vm));
}

type Run = (script: string, args: readonly string[], what: string) => Promise<string>;

async function placeFolder(run: Run, folder: string, files: readonly ConfigurationFile[]): Promise<void> {
  if ((await run(begin, [folder], folder)).includes('there')) return;
  let batch: string[] = [];
  let size = 0;
  const send = async () => {
    if (batch.length > 0) await run(add, [folder, ...batch], folder);
    batch = [];
    size = 0;
  };
  for (const { path, content, executable } of files) {
    for (let from = 0; from === 0 || from < content.length; from += atOnce) {
      const piece = content.subarray(from, from + atOnce);
      if (size + piece.length > atOnce) await send();
      batch.push(path, executable ? '0700' : '0600', piece.toString('base64'));
      size += piece.length;
    }
  }
  await send();
  await run(finish, [folder], folder);
}

function runner({ shell }: Pick<Placing, 'shell'>, signal: AbortSignal): Run {
  return async (script, args, what) => {
    const { exitCode, stdout, stderr } = await shell.run(script, {
      args,
      root: true,
      timeoutMs: 60_000,
      signal,
    });
    if (exitCode === 0) return stdout;
    throw new TruenameError('build-failed', `${what} could not be written:\n${stderr.trim().slice(-2000)}`, {
      where: shell.via,
      hint: 'Nothing was activated. Look whether its disk is full or its file system read-only.',
    });
  };
}

/** A path with characters that no path literal may have. */
function quoted(relative: string): string {
  return `(./. + ${JSON.stringify(`/${relative.slice(2)}`).replaceAll('${', '\\${')})`;
}
