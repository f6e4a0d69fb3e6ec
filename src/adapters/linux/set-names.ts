import { SourceError } from '../../domain/error.ts';
import type { GuestWrite } from '../../domain/journal.ts';
import type { Restored, Shell } from '../../domain/ports.ts';
import { readRestored } from '../../lib/restored.ts';

const setUp = 'PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin; LC_ALL=C.UTF-8; export PATH LC_ALL\n';

/** hostname(5): the first line that is no comment. */
const functions = `file=/etc/hostname
static_name() { sed -n '/^[[:space:]]*#/d; s/^[[:space:]]*//; s/[[:space:]]*$//; /./{p;q;}' "$file" 2>/dev/null; }
kernel_name() { uname -n; }
# In a container /proc/sys is read-only as a rule; the system call behind hostname(1) is allowed.
set_kernel() { { printf %s "$1" >/proc/sys/kernel/hostname; } 2>/dev/null || hostname -- "$1"; }
# By hostnamed, so that whoever listens to it hears of it. A link is somebody's declaration, and is left alone.
set_static() {
  if command -v hostnamectl >/dev/null && [ -d /run/systemd/system ]; then
    timeout 10 hostnamectl --static set-hostname -- "$1"
    [ "$(static_name)" != "$1" ] || return 0
  fi
  [ ! -L "$file" ] || return 1
  umask 022
  if [ -z "$1" ]; then rm -f "$file"; return; fi
  printf '%s\\n' "$1" >"$file.new" && mv -f "$file.new" "$file" || { rm -f "$file.new"; return 1; }
}
`;

/**
 * Sets the kernel's name; the static one stays as it is. Whether it took is read back, as everything is. `$1` is
 * the name, here and below.
 */
export async function setTransientName(shell: Shell, name: string, signal: AbortSignal): Promise<void> {
  const script = `${setUp}${functions}set_kernel "$1"`;
  await shell.run(script, { args: [name], root: true, timeoutMs: 10_000, signal });
}

/**
 * Sets static and kernel's name by hostnamed, and by the file where there is no hostnamed or it does not answer; the
 * pretty name stays. No DHCP client asks for anything because of it. Whether it took is read back.
 */
export async function setStaticName(shell: Shell, name: string, signal: AbortSignal): Promise<void> {
  const script = `${setUp}${functions}set_static "$1" && { [ "$(kernel_name)" = "$1" ] || set_kernel "$1"; }`;
  await shell.run(script, { args: [name], root: true, timeoutMs: 30_000, signal });
}

/**
 * `$1` what was there, `$2` what was written. A name that nothing holds any more cannot be put back. hostnamed gives
 * the kernel the static name too; where the kernel had another by now, it keeps that.
 */
const compareAndSet = {
  'static-name': `now=$(static_name)
if [ "$now" != "$1" ]; then
  [ -n "$now" ] || { echo gone; exit 0; }
  [ "$now" = "$2" ] || { echo changed; exit 0; }
  kernel=$(kernel_name)
  set_static "$1"
  [ "$(static_name)" = "$1" ] || exit 1
  [ "$kernel" = "$2" ] || [ "$(kernel_name)" = "$kernel" ] || set_kernel "$kernel"
fi
echo restored`,
  'transient-name': `now=$(kernel_name)
if [ "$now" != "$1" ]; then
  [ "$now" = "$2" ] || { echo changed; exit 0; }
  set_kernel "$1"
  [ "$(kernel_name)" = "$1" ] || exit 1
fi
echo restored`,
} as const;

/** Puts back a static or kernel's name where it is still the one that was written; no DHCP client is told. */
export async function restoreHostName(
  shell: Shell,
  write: Extract<GuestWrite, { kind: 'static-name' | 'transient-name' }>,
  signal: AbortSignal,
): Promise<Restored> {
  const script = `${setUp}${functions}${compareAndSet[write.kind]}`;
  const args = [write.was, write.wrote];
  const { stdout, stderr } = await shell.run(script, { args, root: true, timeoutMs: 30_000, signal });
  const said = readRestored(stdout);
  if (said !== undefined) return said;
  throw new SourceError('command-failed', 'Linux', `the ${write.kind} could not be put back`, {
    where: shell.via,
    hint: stderr.trim().slice(0, 300) || 'Look whether /etc/hostname may be written.',
  });
}
