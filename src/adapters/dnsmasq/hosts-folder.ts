import { SourceError } from '../../domain/error.ts';
import type { CommandResult, Shell } from '../../domain/ports.ts';
import { dnsmasqProcesses } from './processes.ts';

/** What stands in Truename's file of a folder of hosts; undefined for no file. */
export type FileText = string | undefined;

/**
 * Which dnsmasq processes watch the folder `$1` is told by the inode numbers in their /proc/PID/fdinfo (proc(5)): a folder
 * that was configured after a dnsmasq had been started is not watched by it. Processes of containers are not this
 * machine's.
 */
const watching = `${dnsmasqProcesses}
watchers() {
  ino=$(printf ' ino:%x ' "$(stat -c %i "$1")")
  for pid in $(dnsmasqs); do
    cat "/proc/$pid"/fdinfo/* 2>/dev/null | grep "^inotify " | grep -q -- "$ino" && printf '%s ' "$pid"
  done
}`;

const readScript = `${watching}
[ -d "$1" ] || exit 66
command -v flock >/dev/null && command -v cmp >/dev/null || exit 69
echo "watchers=$(watchers "$1")"
if [ -e "$1/$2" ]; then echo file; cat "$1/$2"; else echo none; fi
echo end`;

/**
 * Puts the text `$6` into the file `$2` of the folder `$1`, or removes it where `$5` is `none`, if `$4` is what stands there
 * (no file where `$3` is `none`). The folder is locked meanwhile by flock(1), which a killed script lets go. dnsmasq passes
 * over a file whose name begins with a dot, and takes up one that is moved into its place (inotify.c). `$7` is `reload`
 * where what was taken out must be forgotten.
 */
const writeScript = `${watching}
exec 9<"$1" || exit 66
n=0
until flock -n 9; do n=$((n + 1)); [ $n -lt 50 ] || exit 75; sleep 0.2; done
if [ "$3" = none ]; then [ ! -e "$1/$2" ] || exit 76
else printf '%s' "$4" | cmp -s - "$1/$2" || exit 76
fi
if [ "$5" = none ]; then rm -f "$1/$2" || exit 77
else
  umask 022
  { printf '%s' "$6" >"$1/.$2.new" && mv -f "$1/.$2.new" "$1/$2"; } || { rm -f "$1/.$2.new"; exit 77; }
fi
[ "$7" != reload ] || for pid in $(watchers "$1"); do kill -HUP "$pid"; done
echo end`;

const timeoutMs = 30_000;

/** Where Truename's file is, and how one gets there. */
export interface OwnFile {
  readonly shell: Shell;
  /** For errors: the server, as the user knows it. */
  readonly source: string;
  readonly folder: string;
  readonly name: string;
}

/** The file as it is. Throws `reservation-not-taken` where nothing that is written there would be taken up. */
export async function readFileIn(
  { shell, source, folder, name }: OwnFile,
  signal: AbortSignal,
): Promise<FileText> {
  const result = await shell.run(readScript, { args: [folder, name], root: true, timeoutMs, signal });
  if (result.exitCode === 66) {
    throw new SourceError('unsupported', source, `its folder of hosts ${folder} is not there`, {
      hint: 'Make the folder, and restart dnsmasq once.',
    });
  }
  if (result.exitCode === 69) {
    throw new SourceError('program-missing', source, 'flock or cmp is not installed there', {
      hint: 'Install util-linux (or busybox with flock) and diffutils on that machine.',
    });
  }
  const match = /^watchers=([\d ]*)\n(none|file)\n([\s\S]*)end\n$/.exec(result.stdout);
  if (result.exitCode !== 0 || match === null) throw failed(source, `reading ${folder}/${name}`, result);
  const [, watchers = '', kind, text = ''] = match;
  if (watchers === '') {
    throw new SourceError(
      'reservation-not-taken',
      source,
      `no running dnsmasq watches its folder of hosts ${folder}`,
      {
        hint: 'It was started before the folder was configured, or cannot watch folders: restart dnsmasq once, on Linux.',
      },
    );
  }
  return kind === 'none' ? undefined : text;
}

/** Replaces the file, or removes it. Throws `reservations-changed`, having changed nothing, where another text stands there. */
export async function replaceFileIn(
  { shell, source, folder, name }: OwnFile,
  { from, to, reload }: { readonly from: FileText; readonly to: FileText; readonly reload: boolean },
  signal: AbortSignal,
): Promise<void> {
  const given = [from, to].flatMap((text) => [text === undefined ? 'none' : 'file', text ?? '']);
  const args = [folder, name, ...given, reload ? 'reload' : ''];
  const result = await shell.run(writeScript, { args, root: true, timeoutMs, signal });
  if (result.exitCode === 0 && result.stdout === 'end\n') return;
  if (result.exitCode === 75 || result.exitCode === 76) {
    const what = result.exitCode === 75 ? 'is being written by somebody else' : 'was changed meanwhile';
    throw new SourceError('reservations-changed', source, `${folder}/${name} ${what}; nothing was written`, {
      hint: 'Run the command again.',
    });
  }
  throw failed(source, `writing ${folder}/${name}`, result);
}

function failed(source: string, what: string, { exitCode, stderr }: CommandResult): SourceError {
  return new SourceError(
    'command-failed',
    source,
    `${what} ended with ${exitCode}: ${stderr.slice(0, 200)}`,
    {
      hint: 'Let the user of this server in truename.yaml be root there, or become it by sudo without a password.',
    },
  );
}
