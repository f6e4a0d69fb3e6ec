import { SourceError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
import { parseJson } from '../../lib/json.ts';
import { shown } from '../../lib/shown.ts';
import { readAnswer } from './channel.ts';
import { askFunction, scriptMs, socketError } from './control-socket.ts';
import { statusSchema } from './schema.ts';

/** A DHCPv4 daemon on the machine of a shell. */
export interface KeaPlace {
  readonly source: string;
  readonly shell: Shell;
  readonly socket: string;
  /** The file that it is started with. */
  readonly file: string;
}

/** What it says at one moment. */
export interface KeaState {
  /** Its answer to `config-get`, as it came. */
  readonly running: string;
  /** Its answer to `list-commands`, as it came. */
  readonly commands: string;
  /** The text of its file, without newlines at its end. */
  readonly file: string;
}

const get = '{ "command": "config-get" }';

/** The words of a process's command line are parted by zero bytes (proc(5)). */
const readState = `${askFunction}
running=$(ask "$1" '${get}' 20) || exit
commands=$(ask "$1" '{ "command": "list-commands" }' 20) || exit
status=$(ask "$1" '{ "command": "status-get" }' 20) || exit
pid=$(printf '%s' "$status" | sed -n 's/.*"pid": *\\([0-9][0-9]*\\).*/\\1/p')
[ -r "$2" ] || exit 65
if tr '\\000' '\\n' <"/proc/$pid/cmdline" | grep -Fqx -e "$2" -e "-c$2"; then started=yes; else started=no; fi
printf '%s\\n' "$running" "$commands" "$status" "$started"
cat "$2" && printf '\\nend\\n'`;

/** Reads what a daemon runs with and what its file says. */
export async function readKeaState(place: KeaPlace, signal: AbortSignal): Promise<KeaState> {
  const { source, shell, socket, file } = place;
  const args = [socket, file];
  const { exitCode, stdout, stderr } = await shell.run(readState, { args, timeoutMs: scriptMs, signal });
  if (exitCode === 65) {
    throw new SourceError('not-found', source, `its configuration ${file} cannot be read there`, {
      hint: 'Let the user of this server in truename.yaml read it, or name the right configurationFile.',
    });
  }
  if (exitCode !== 0) throw socketError(exitCode, stderr, source, socket);
  const [running = '', commands = '', status = '', started = '', ...rest] = stdout.split('\n');
  const text = rest.join('\n');
  const parsed = statusSchema.safeParse(readAnswer(parseJson(status), '', source).arguments);
  if (!text.endsWith('\nend\n') || !parsed.success)
    throw new SourceError('bad-response', source, 'the answer was cut short');
  if (started !== 'yes') {
    throw new SourceError('configuration-invalid', source, `its Kea was not started with ${file}`, {
      hint: 'Name as configurationFile of this server in truename.yaml what ps shows behind -c of kea-dhcp4.',
    });
  }
  return { running, commands, file: text.slice(0, -'\nend\n'.length).replace(/\n+$/, '') };
}

/** What is written, and what must stand there for it: commands as texts of JSON. */
export interface KeaWrite {
  readonly from: KeaState;
  readonly test: string;
  readonly set: string;
  readonly write: string;
  /** Sets what ran before. */
  readonly back: string;
}

/**
 * One after the other, holding a lock on the file against other writers of this kind. What ends it: 65 for another state than the
 * one expected, 70 for a refused configuration, 74 for one that could not be written to its file and was taken back.
 */
const change = `${askFunction}
worked() { printf '%s' "$1" | grep -Eq '"result": *0 *[,}]'; }
exec 9<"$2" || exit 65
flock -n 9 || exit 65
[ "$(ask "$1" '${get}' 20)" = "$3" ] && [ "$(cat "$2")" = "$4" ] || exit 65
answer=$(ask "$1" "$5" 20) || exit
worked "$answer" || { printf '%s' "$answer" >&2; exit 70; }
answer=$(ask "$1" "$6" 20) || exit
worked "$answer" || { printf '%s' "$answer" >&2; exit 70; }
answer=$(ask "$1" "$7" 20)
worked "$answer" || { printf '%s' "$answer" >&2; ask "$1" "$8" 20 >/dev/null; exit 74; }`;

/** Makes a change to what runs and to the file, or none. */
export async function writeKeaState(place: KeaPlace, wanted: KeaWrite, signal: AbortSignal): Promise<void> {
  const { source, shell, socket, file } = place;
  const { from, test, set, write, back } = wanted;
  const args = [socket, file, from.running, from.file, test, set, write, back];
  const { exitCode, stderr } = await shell.run(change, { args, timeoutMs: 2 * scriptMs, signal });
  if (exitCode === 0) return;
  if (exitCode === 65)
    throw new SourceError('reservations-changed', source, 'its configuration was changed meanwhile', {
      hint: 'Try again.',
    });
  if (exitCode === 70)
    throw new SourceError('command-failed', source, `Kea refuses the configuration: ${shown(stderr)}`);
  if (exitCode === 74) {
    const why = `Kea could not write ${file}, and runs as before: ${shown(stderr)}`;
    throw new SourceError('command-failed', source, why, {
      hint: `Let the user that Kea runs as write ${file}.`,
    });
  }
  throw socketError(exitCode, stderr, source, socket);
}
