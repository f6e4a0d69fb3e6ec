import { SourceError } from '../domain/error.ts';
import type { Mac } from '../domain/mac.ts';
import type { GuestProbe, ProbeValues, Shell } from '../domain/ports.ts';

/**
 * Helpers for the fragments of probes. `kv` prints a value that is known to be harmless, `kb` one that is
 * foreign, `kf` a file, `kc` what a command prints and its exit code; foreign text travels as base64, unless it is made of
 * harmless characters alone, which costs the guest no process.
 * `$devices`: those that bear the MAC address `$1`, now or by birth below a bond, then those above them (bridge,
 * VLAN, bond), one a line; their names may hold anything but blanks, so a fragment that loops over them says `set -f`.
 */
const prelude = `
LC_ALL=C.UTF-8; export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/run/current-system/sw/bin; export PATH
have() { command -v "$1" >/dev/null 2>&1; }
kv() { printf '%s=%s\\n' "$1" "$2"; }
if [ "$(printf a | base64 -w 0 2>/dev/null)" = YQ== ]; then b64() { base64 -w 0; }; else b64() { base64 | tr -d '\\n'; }; fi
kb() { case $2 in b:* | *[!A-Za-z0-9._:/@+,-]*) printf '%s=b:' "$1"; printf '%s' "$2" | b64; echo ;; *) kv "$1" "$2" ;; esac; }
kf() { [ -r "$2" ] || return 0; printf '%s=b:' "$1"; head -c 16384 "$2" | b64; echo; }
kc() { kc_key=$1; shift; kc_out=$(timeout 10 "$@" 2>/dev/null); kv "$kc_key.rc" $?; [ \${#kc_out} -le 65536 ] || kc_out=$(printf '%s' "$kc_out" | head -c 65536); kb "$kc_key" "$kc_out"; }
devices=
climb() { for c_up in "/sys/class/net/$1"/upper_*; do [ -e "$c_up" ] || continue; c_up=\${c_up##*/upper_}; devices="$devices $c_up"; [ "$2" -gt 0 ] && climb "$c_up" $(($2 - 1)); done; }
for c_path in /sys/class/net/*; do
  c_mac=$(cat "$c_path/address" 2>/dev/null)
  [ -r "$c_path/bonding_slave/perm_hwaddr" ] && c_mac="$c_mac $(cat "$c_path/bonding_slave/perm_hwaddr")"
  case " $c_mac " in *" $1 "*) devices="$devices \${c_path##*/}"; climb "\${c_path##*/}" 4 ;; esac
done
set -f
devices=$(printf '%s\\n' $devices | awk 'NF && !seen[$0]++')
set +f
`;

const timeoutMs = 60_000;

/** What every probe read, by section. */
export type Gathered<Probes extends Readonly<Record<string, GuestProbe<unknown>>>> = {
  readonly [Name in keyof Probes]: ReturnType<Probes[Name]['parse']>;
};

/** Runs all probes in one round trip as root, and reads each part. Changes nothing in the guest. */
export async function gather<Probes extends Readonly<Record<string, GuestProbe<unknown>>>>(
  shell: Shell,
  probes: Probes,
  mac: Mac,
  signal: AbortSignal,
): Promise<Gathered<Probes>> {
  const fragments = Object.values(probes).map((probe) => `(\n${probe.script}\n)`);
  const script = `${prelude}\n${fragments.join('\n')}\nkv end 1`;
  const { stdout } = await shell.run(script, { args: [mac], root: true, timeoutMs, signal });
  const values = parseValues(stdout);
  if (values.get('end') !== '1') {
    throw new SourceError('bad-response', shell.via, 'the answer of the guest was cut short');
  }
  const parts = Object.entries(probes).map(([name, probe]) => [name, read(probe, values, shell.via)]);
  return Object.fromEntries(parts) as Gathered<Probes>;
}

function read<T>(probe: GuestProbe<T>, values: ProbeValues, via: string): T {
  try {
    return probe.parse(section(values, probe.section));
  } catch (error) {
    throw new SourceError(
      'bad-response',
      via,
      `what the guest says of ${probe.section} cannot be understood`,
      {
        cause: error,
      },
    );
  }
}

/** Decodes `key=value` lines; lines of another form are passed over, the last of two with one key wins. */
export function parseValues(text: string): ProbeValues {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([a-z][a-z0-9.-]*)=(b:)?(.*)$/.exec(line);
    if (match === null) continue;
    const [, key, encoded, value] = match as unknown as [string, string, string | undefined, string];
    values.set(key, encoded === undefined ? value : Buffer.from(value, 'base64').toString('utf8'));
  }
  return values;
}

function section(values: ProbeValues, name: string): ProbeValues {
  const prefix = `${name}.`;
  const own = [...values].filter(([key]) => key.startsWith(prefix));
  return new Map(own.map(([key, value]) => [key.slice(prefix.length), value]));
}
