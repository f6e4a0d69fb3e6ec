import { SourceError } from '../../domain/error.ts';
import type { GuestWrite } from '../../domain/journal.ts';
import type { DhcpClient, Restored, Shell } from '../../domain/ports.ts';
import type { DhcpClientRemedy } from '../../domain/remedy.ts';
import { readRestored } from '../../lib/restored.ts';
import { dropInFunctions, dropInText } from './drop-in.ts';
import { networkdProbe } from './probe.ts';

const setUp = 'PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin; LC_ALL=C.UTF-8; export PATH LC_ALL\n';

/**
 * A reload sets up anew each link whose file or drop-in is another than it was, by time of change if not by text: one
 * REQUEST with the name as it is now, and no packet is lost. (Measured on 257: a new text, the same text written again,
 * and a comment alone; `renew` sends the name of the client's set-up.)
 */
const writeAndReload = `${dropInFunctions}put "$1" "$2" && timeout 20 networkctl reload`;

/** systemd-networkd, by drop-ins of Truename's own and networkctl. */
export const networkd: DhcpClient = {
  kind: 'networkd',
  probe: networkdProbe,
  async apply(shell, remedy, signal) {
    const { script, args } = commandsOf(remedy);
    // No exit code counts: what came of it is read back.
    await shell.run(`${setUp}${script}`, { args, root: true, timeoutMs: 60_000, signal });
  },
  restore: restoreDropIn,
};

function commandsOf(remedy: DhcpClientRemedy): { script: string; args: readonly string[] } {
  switch (remedy.kind) {
    case 'write-drop-in':
      return { script: writeAndReload, args: [remedy.path, dropInText({ name: remedy.name })] };
    case 'silence-link':
      return { script: writeAndReload, args: [remedy.path, dropInText('send-none')] };
    case 'reload-link':
      return { script: writeAndReload, args: [remedy.path, dropInText('nothing')] };
    case 'reconfigure-link':
      return { script: 'timeout 20 networkctl reconfigure -- "$1"', args: [remedy.device] };
    default:
      throw new SourceError('internal', 'systemd-networkd', `${remedy.kind} is no step of networkd's`);
  }
}

/**
 * `$1` the file, `$2` the text that was there, `$3` what was written; `$2` is empty where there was no file. The files
 * are compared by what they say, not by their comments. networkd hears of it at its next reload.
 */
const compareAndSet = `${dropInFunctions}meant() { printf %s "$1" | says -; }
there() {
  if [ -z "$2" ]; then [ ! -e "$1" ]; else [ -f "$1" ] && [ "$(says "$1")" = "$(meant "$2")" ]; fi
}
if ! there "$1" "$2"; then
  [ -e "$1" ] || { echo gone; exit 0; }
  there "$1" "$3" || { echo changed; exit 0; }
  if [ -n "$2" ]; then put "$1" "$2"; else rm -f -- "$1"; fi
  there "$1" "$2" || exit 1
fi
[ -n "$2" ] || rmdir -- "\${1%/*}" 2>/dev/null
echo restored`;

async function restoreDropIn(shell: Shell, write: GuestWrite, signal: AbortSignal): Promise<Restored> {
  if (write.kind !== 'drop-in')
    throw new SourceError('internal', 'systemd-networkd', `a ${write.kind} is nothing of networkd's`);
  const was = write.was === null ? '' : dropInText(write.was);
  const args = [write.path, was, dropInText(write.wrote)];
  const options = { args, root: true, timeoutMs: 30_000, signal };
  const { stdout, stderr } = await shell.run(`${setUp}${compareAndSet}`, options);
  const said = readRestored(stdout);
  if (said !== undefined) return said;
  throw new SourceError('command-failed', 'systemd-networkd', `${write.path} could not be put back`, {
    where: shell.via,
    hint: stderr.trim().slice(0, 300) || 'Look whether its folder may be written.',
  });
}
