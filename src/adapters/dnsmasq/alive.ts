import type { Liveness } from '../../domain/ports.ts';

/**
 * A server that is there and cannot answer is not alive: a stopped (T), dead (Z) or blocked (D) process is told from a
 * running one by ps(1); FreeBSD needs -ax to show daemons, busybox does not know it. A server is in state D for a moment
 * whenever it waits for its disk, so one that seems blocked is looked at for another second.
 */
export const lookAlive = `
states() {
  { ps -ax -o stat= -o comm= 2>/dev/null || ps -o stat,comm; } |
    awk '{ n = split($2, path, "/"); if (path[n] == "dnsmasq") print "state=" $1 }'
}
nl='
'
n=0
while :; do
  found=$(states)
  case $nl$found in *"\${nl}state="[!D]*) break ;; esac
  [ -n "$found" ] && [ $n -lt 10 ] || break
  n=$((n + 1)); sleep 0.1
done
[ -z "$found" ] || printf '%s\\n' "$found"
{ sockstat -4 -l -P udp -p 67 2>/dev/null || netstat -lun 2>/dev/null; } | grep -q '[.:]67[^0-9]' && echo port=67
echo end`;

/** What {@link lookAlive} saw; undefined when it is not whole. */
export function readLife(text: string): Liveness | undefined {
  if (!text.endsWith('end\n')) return undefined;
  const states = [...text.matchAll(/^state=(\S+)$/gm)].map((match) => match[1] as string);
  if (states.length === 0) return { alive: false, why: 'no dnsmasq process runs' };
  const working = states.filter((state) => !/^[TZD]/.test(state));
  if (working.length === 0) return { alive: false, why: `dnsmasq is in state ${states.join(', ')}` };
  if (!text.includes('port=67')) return { alive: false, why: 'nothing listens on UDP port 67' };
  return { alive: true, sign: 'dnsmasq runs and listens on UDP port 67' };
}
