import { SourceError } from '../../domain/error.ts';
import type { GuestRef } from '../../domain/guest.ts';
import type { Shell } from '../../domain/ports.ts';
import { unwrapErrors, wrapScript } from '../../lib/script.ts';
import { shown } from '../../lib/shown.ts';
import { execByAgent } from './agent-exec.ts';
import type { ProxmoxApi } from './client.ts';
import { replay } from './replay.ts';
import type { Waiting } from './waiting.ts';

/**
 * A root shell in a VM by its guest agent, which runs as root. Output comes at the end, not line by line; a
 * script that does not end in time goes on in the guest. Throws what `execByAgent` throws, and `bad-response`
 * for output that was cut or has no end.
 */
export function agentShell(api: ProxmoxApi, ref: GuestRef, waiting: Waiting): Shell {
  const via = `guest agent of ${ref.node}/${ref.vmid}`;
  return {
    via,
    async run(script, { args = [], timeoutMs, signal, onLine }) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const input = wrapScript(inAscii(script), args);
      const result = await execByAgent(api, ref, ['/bin/sh', '-s'], input, waiting, limited);
      if (result.cut) throw new SourceError('bad-response', via, 'the answer was too long');
      const ended = unwrapErrors(result.stderr);
      if (ended === undefined) throw new SourceError('bad-response', via, noEnd(result.stderr));
      if (onLine !== undefined) replay([result.stdout, ended.stderr], onLine);
      return { exitCode: ended.exitCode, stdout: result.stdout, stderr: ended.stderr };
    },
  };
}

/**
 * The script with no character but ASCII ones, since what becomes of others on their way depends on the node's
 * locale (pve-common PVE/JSONSchema.pm, `get_options`): as octal escapes of printf(1p) `%b`, evaluated.
 */
function inAscii(script: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ASCII characters.
  if (/^[\u0001-\u007f]*$/.test(script)) return script;
  const escaped = [...Buffer.from(script, 'utf8')].map((byte) => {
    const plain = byte < 0x80 && byte !== 0x27 && byte !== 0x5c;
    return plain ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  });
  return `eval "$(printf '%b' '${escaped.join('')}')"`;
}

function noEnd(stderr: string): string {
  const said = shown(stderr);
  return `the script did not come to its end there${said === '' ? '' : `: ${said}`}`;
}
