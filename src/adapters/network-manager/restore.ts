import { SourceError } from '../../domain/error.ts';
import type { GuestWrite } from '../../domain/journal.ts';
import type { Restored, Shell } from '../../domain/ports.ts';
import { readRestored } from '../../lib/restored.ts';
import { type AppliedConnection, readApplied } from './applied.ts';
import { runAsRoot } from './run.ts';

type ProfileWrite = Extract<GuestWrite, { kind: 'profile-name' | 'profile-sends-name' }>;

/** How a property of the saved profile is read, and written again. */
const properties = {
  'profile-name': {
    read: 'nmcli -e no -g ipv4.dhcp-hostname connection show uuid "$1"',
    write: 'nmcli -w 20 connection modify uuid "$1" ipv4.dhcp-hostname "$2"',
  },
  // `no` or `yes` on 1.42; `0`, or `1` and `-1` for what NetworkManager.conf says, on 1.52. Empty is the default.
  'profile-sends-name': {
    read: `nmcli -e no -g ipv4.dhcp-send-hostname connection show uuid "$1" | sed 's/^[0f].*/no/; s/^[^n].*/yes/'`,
    write: `value=no; [ "$2" = no ] || value=; nmcli -w 20 connection modify uuid "$1" ipv4.dhcp-send-hostname "$value"`,
  },
} as const;

/** Ends the script where the profile `$1` is not known: nmcli(1), exit code 10. */
const isThere = `nmcli -g connection.uuid connection show uuid "$1" >/dev/null
case $? in 0) ;; 10) echo gone; exit 0 ;; *) exit 1 ;; esac`;

/**
 * Compares and sets in one go: `$1` the profile's uuid, `$2` what was there, `$3` what was written. Changing a saved
 * profile sends nothing by itself.
 */
function compareAndSet({ read, write }: (typeof properties)[ProfileWrite['kind']]): string {
  return `${isThere}
read_now() { ${read}; }
now=$(read_now "$1") || exit 1
if [ "$now" != "$2" ]; then
  [ "$now" = "$3" ] || { echo changed; exit 0; }
  ${write}
  [ "$(read_now "$1")" = "$2" ] || exit 1
fi
echo restored`;
}

/** Prints the copy of the profile `$1` that is in force, as busctl has it. */
const showApplied = `${isThere}
device=$(nmcli -e no -g GENERAL.DEVICES connection show uuid "$1")
[ -n "$device" ] || { echo gone; exit 0; }
path=$(nmcli -e no -g GENERAL.DBUS-PATH device show "$device") || exit 1
timeout 10 busctl --json=short call org.freedesktop.NetworkManager "$path" org.freedesktop.NetworkManager.Device GetAppliedConnection u 0`;

/**
 * Puts back what was written into a saved profile, and lets the device be. What stands in the copy in force alone
 * cannot be put back without asking the DHCP server: it fades, unless it is gone by itself.
 */
export async function restoreProfile(
  shell: Shell,
  write: GuestWrite,
  signal: AbortSignal,
): Promise<Restored> {
  if (write.kind !== 'profile-name' && write.kind !== 'profile-sends-name')
    throw new SourceError('internal', 'NetworkManager', `a ${write.kind} is nothing of NetworkManager's`);
  if (write.copy === 'in-force') return lookAtApplied(shell, write, signal);
  const script = compareAndSet(properties[write.kind]);
  const args = [write.connection, text(write.was), text(write.wrote)];
  const { stdout, stderr } = await runAsRoot(shell, script, args, signal);
  const said = readRestored(stdout);
  if (said !== undefined) return said;
  throw failed(shell, 'the connection profile could not be put back', stderr);
}

async function lookAtApplied(shell: Shell, write: ProfileWrite, signal: AbortSignal): Promise<Restored> {
  const { stdout, stderr } = await runAsRoot(shell, showApplied, [write.connection], signal);
  if (stdout.trim() === 'gone') return 'gone';
  const applied = readApplied(stdout);
  if (applied === undefined) throw failed(shell, 'the profile in force could not be read', stderr);
  const now = valueIn(applied, write);
  if (now === write.was) return 'restored';
  return now === write.wrote ? 'fades' : 'changed';
}

function valueIn(applied: AppliedConnection, { kind }: ProfileWrite): string | boolean {
  return kind === 'profile-name' ? applied.name : applied.sendsName;
}

function text(value: string | boolean): string {
  return typeof value === 'string' ? value : value ? 'yes' : 'no';
}

function failed(shell: Shell, what: string, stderr: string): SourceError {
  const hint = stderr.trim().slice(0, 300) || 'Look at the profile with nmcli.';
  return new SourceError('command-failed', 'NetworkManager', what, { where: shell.via, hint });
}
