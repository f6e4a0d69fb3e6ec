import { SourceError } from '../../domain/error.ts';
import type { Liveness, Shell } from '../../domain/ports.ts';
import { parseJson } from '../../lib/json.ts';
import { shown } from '../../lib/shown.ts';
import { type KeaAnswer, type KeaChannel, readAnswer } from './channel.ts';
import { askFunction, whyUnanswered } from './control-socket.ts';
import { statusSchema } from './schema.ts';

const statusGet = { command: 'status-get' };

/** For an answer, in seconds; a daemon that works answers in milliseconds. */
const patience = 5;

/** UDP port 67 is 0043 in /proc/net/udp (proc(5)); elsewhere sockstat(1) tells. */
const look = `${askFunction}
answer=$(ask "$1" '${JSON.stringify(statusGet)}' ${patience})
echo "code=$?"
if [ -r /proc/net/udp ]; then grep -q ':0043 ' /proc/net/udp && echo port=67
else sockstat -4 -l -P udp -p 67 2>/dev/null | grep -q '[.:]67[^0-9]' && echo port=67
fi
printf 'answer=%s\\nend\\n' "$answer"`;

/** Whether a Kea would answer a client: it answers its control socket, serves DHCP, and something listens on UDP port 67. */
export async function lookAtSocket(
  shell: Shell,
  { source, socket }: { readonly source: string; readonly socket: string },
  signal: AbortSignal,
): Promise<Liveness> {
  const { stdout } = await shell.run(look, { args: [socket], timeoutMs: 20_000, signal });
  const match = /^code=(\d{1,3})\n(port=67\n)?answer=([\s\S]*)\nend\n$/.exec(stdout);
  if (match === null) throw new SourceError('bad-response', source, 'the answer was cut short');
  const [, code, port, text = ''] = match;
  const known = whyUnanswered(Number(code), socket);
  if (known?.code === 'unreachable' || known?.code === 'timeout') return { alive: false, why: known.why };
  if (known !== undefined)
    throw new SourceError(
      known.code,
      source,
      known.why,
      known.hint === undefined ? {} : { hint: known.hint },
    );
  const told = livenessOf(readAnswer(parseJson(text), '', source), source);
  if (!told.alive) return told;
  if (port === undefined) return { alive: false, why: 'Kea answers, but nothing listens on UDP port 67' };
  return { alive: true, sign: `${told.sign}, and UDP port 67 is listened on` };
}

/** The same by what the daemon says of itself alone. */
export async function askAlive(channel: KeaChannel, signal: AbortSignal): Promise<Liveness> {
  return livenessOf(await channel.ask(4, statusGet, signal), channel.source);
}

function livenessOf({ result, text, arguments: given }: KeaAnswer, source: string): Liveness {
  if (result !== 0) return { alive: false, why: `Kea does not tell its status: ${shown(text)}` };
  const status = statusSchema.safeParse(given);
  if (!status.success) throw new SourceError('bad-response', source, 'its status cannot be understood');
  const { sockets, 'dhcp-state': state } = status.data;
  if (state?.['globally-disabled'] === true)
    return { alive: false, why: 'Kea answers, but its DHCP service is disabled (dhcp-disable)' };
  if (sockets !== undefined && sockets.status !== 'ready')
    return { alive: false, why: `Kea answers, but its sockets are ${shown(sockets.status)}` };
  return { alive: true, sign: 'Kea answers and serves DHCP' };
}
