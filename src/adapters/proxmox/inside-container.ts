import { SourceError } from '../../domain/error.ts';
import type { GuestRef } from '../../domain/guest.ts';
import type { CommandResult, Shell } from '../../domain/ports.ts';
import { unwrapErrors, wrapScript } from '../../lib/script.ts';
import { shown } from '../../lib/shown.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { adminPath } from './node-script.ts';
import { powerNow } from './power-now.ts';
import { replay } from './replay.ts';
import { inTime } from './waiting.ts';

/** What the node's script ends with when `pct` is not there. */
const noPct = 97;

/** `$1`: the container; `$2`: its script, which goes to the shell inside on stdin (pct(1)). */
const script = `${adminPath}
command -v pct >/dev/null || exit ${noPct}
printf '%s' "$2" | pct exec "$1" -- /bin/sh -s
`;

/**
 * A root shell in a container by `pct exec` on its node. Throws what the node's shell throws, `program-missing`
 * where the node has no `pct`, `guest-off` for a container that does not run, and `bad-response` for output that
 * has no end.
 */
export function containerShell(api: ProxmoxApi, ref: GuestRef, node: Shell): Shell {
  const via = `pct exec ${ref.vmid} on ${ref.node}`;
  return {
    via,
    async run(given, { args = [], timeoutMs, signal, onLine }) {
      const words = [String(ref.vmid), wrapScript(given, args)];
      const running = node.run(script, { args: words, root: true, timeoutMs, signal });
      const result = await inTime(running, `the end of the script in container ${ref.vmid}`, signal);
      const ended = unwrapErrors(result.stderr);
      if (ended === undefined) throw await whyNoEnd(result, api, ref, via, signal);
      if (onLine !== undefined) replay([result.stdout, ended.stderr], onLine);
      return { exitCode: ended.exitCode, stdout: result.stdout, stderr: ended.stderr };
    },
  };
}

async function whyNoEnd(
  result: CommandResult,
  api: ProxmoxApi,
  ref: GuestRef,
  via: string,
  signal: AbortSignal,
): Promise<SourceError> {
  if (result.exitCode === noPct) {
    return new SourceError('program-missing', proxmox, 'pct is not installed there', {
      where: ref.node,
      hint: 'The machine must be a node of Proxmox VE.',
    });
  }
  if ((await powerNow(api, { ref, kind: 'container' }, signal)) === 'stopped') {
    return new SourceError('guest-off', via, `container ${ref.vmid} does not run`, { hint: 'Start it.' });
  }
  const said = shown(result.stderr);
  const message = `the script did not come to its end there${said === '' ? '' : `: ${said}`}`;
  return new SourceError('bad-response', via, message);
}
