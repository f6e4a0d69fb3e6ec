import { SourceError } from '../../domain/error.ts';
import type { GuestWrite } from '../../domain/journal.ts';
import type { DhcpClient, Restored, Shell } from '../../domain/ports.ts';
import type { DhcpClientRemedy } from '../../domain/remedy.ts';
import { readRestored } from '../../lib/restored.ts';
import { clearName, quoted, restoreName } from './conf-name.ts';
import { dhcpcdProbe } from './probe.ts';

const setUp = 'PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin; LC_ALL=C.UTF-8; export PATH LC_ALL\n';

/** `runs NAME` prints the process that left `NAME.pid` in dhcpcd's folder, where it lives and has its socket. */
const functions = `folder=/run/dhcpcd
runs() {
  if [ "$1" = pid ]; then socket=$folder/sock pidfile=$folder/pid; else socket=$folder/$1.sock pidfile=$folder/$1.pid; fi
  [ -S "$socket" ] && pid=$(cat "$pidfile" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dhcpcd ] && echo "$pid"
}
`;

/**
 * `bound INTERFACE FLAG` waits while the daemon has no address: it probes one that it was just leased for 5 s (RFC
 * 5227), and forgets a renewal that it is told to make meanwhile (measured on 10.1).
 */
const bound = `bound() {
  n=0
  until timeout 5 dhcpcd -U $2 "$1" 2>/dev/null | grep -q '^ip_address='; do
    n=$((n + 1)); [ $n -lt 20 ] || return 0; sleep 0.5
  done
}
`;

/**
 * `$1` the interface, `$2` the family flag or nothing. A call whose flag is not the daemon's finds no socket and starts
 * a second client, so the socket is looked for first. `-N` renews: one REQUEST to the server alone, which keeps the
 * address while nobody answers. `-n` gives it up 5 s later, and at once where the file was edited (measured on 10.1).
 */
const renew = `${functions}${bound}case $1 in -*) exit 3 ;; esac
runs "$1$2" >/dev/null || runs pid >/dev/null || exit 3
bound "$1" "$2"
timeout 20 dhcpcd -N $2 "$1"`;

/**
 * `$1` the interface. Restarts the unit whose main process the daemon is; any other, such as ifupdown's, would take
 * more down with it. The daemon is killed, for one that ends by itself takes the address away unless its file says
 * `persistent`, and probes it for 5 s when it comes back; a new one finds the address in place and goes on with it. A
 * unit of ours does both, so that no lost session can come between.
 */
const restart = `${functions}command -v systemd-run >/dev/null || exit 3
pid=$(runs "$1-4" || runs "$1-6" || runs "$1" || runs pid) || exit 3
unit=$(sed -n 's|.*/\\([^/]*\\.service\\)$|\\1|p' "/proc/$pid/cgroup" | head -n 1)
[ -n "$unit" ] && [ "$(systemctl show --value -p MainPID -- "$unit")" = "$pid" ] || exit 3
systemctl reset-failed truename-restart-dhcpcd.service 2>/dev/null
systemd-run --quiet --collect --wait --unit=truename-restart-dhcpcd --description="Truename restarts dhcpcd" --property=RuntimeMaxSec=60 --setenv=PATH="$PATH" --setenv=UNIT="$unit" \\
  /bin/sh -c 'systemctl kill --signal=KILL -- "$UNIT"; systemctl restart -- "$UNIT"'`;

/** dhcpcd 9 and 10, by its command line, its file and its unit. */
export const dhcpcd: DhcpClient = {
  kind: 'dhcpcd',
  probe: dhcpcdProbe,
  async apply(shell, remedy, signal) {
    const { script, args } = commandsOf(remedy);
    // No exit code counts: what came of it is read back.
    await shell.run(`${setUp}${script}`, { args, root: true, timeoutMs: 60_000, signal });
  },
  restore: restoreConf,
};

function commandsOf(remedy: DhcpClientRemedy): { script: string; args: readonly string[] } {
  switch (remedy.kind) {
    case 'rebind-lease':
      return {
        script: renew,
        args: [remedy.device, remedy.family === undefined ? '' : `-${remedy.family}`],
      };
    case 'clear-conf-name':
      return { script: clearName, args: [remedy.file, remedy.device, remedy.stale] };
    case 'restart-client':
      return { script: restart, args: [remedy.device] };
    default:
      throw new SourceError('internal', 'dhcpcd', `${remedy.kind} is no step of dhcpcd's`);
  }
}

async function restoreConf(shell: Shell, write: GuestWrite, signal: AbortSignal): Promise<Restored> {
  if (write.kind !== 'conf-name')
    throw new SourceError('internal', 'dhcpcd', `a ${write.kind} is nothing of dhcpcd's`);
  const args = [write.file, write.was, quoted(write.was)];
  const options = { args, root: true, timeoutMs: 30_000, signal };
  const { stdout, stderr } = await shell.run(`${setUp}${restoreName}`, options);
  const said = readRestored(stdout);
  if (said !== undefined) return said;
  throw new SourceError('command-failed', 'dhcpcd', `the name could not be put back into ${write.file}`, {
    where: shell.via,
    hint: stderr.trim().slice(0, 300) || 'Look whether the file may be written.',
  });
}
