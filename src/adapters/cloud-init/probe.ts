import type { CloudInitState } from '../../domain/guest-facts.ts';
import type { GuestProbe, ProbeValues, Shell } from '../../domain/ports.ts';
import { givenNames, preservesHostname, readMapping, type YamlMapping } from './names.ts';
import { progressOf } from './progress.ts';

/**
 * Reads what cloud-init wrote about its own run, and the names that it was given. Of user-data, which may hold
 * secrets, only lines with three keys leave the guest. `cloud-config.txt` is what cloud-init made of all parts
 * of the user-data in its network stage; before that there is only the text itself.
 */
export const cloudInitProbe: GuestProbe<CloudInitState> = {
  section: 'ci',
  script: `
have cloud-init || exit 0
kv ci.installed 1
[ -e /run/cloud-init/disabled ] && kv ci.disabled 1
[ -e /etc/cloud/cloud-init.disabled ] && kv ci.off 1
[ -e /run/systemd/container ] || kb ci.cmdline "$(tr ' ' '\\n' </proc/cmdline | sed -n 's/^cloud-init=//p' | tail -n 1 | head -c 100)"
for f in status result; do kb ci.$f "$(head -c 131072 /run/cloud-init/$f.json 2>/dev/null)"; done
for f in /var/lib/cloud/instance/cloud-config.txt /var/lib/cloud/instance/user-data.txt; do
  case $(head -c 13 "$f" 2>/dev/null | tr -d '\\000') in '#cloud-config') ;; *) continue ;; esac
  for w in hostname fqdn preserve_hostname; do
    kb ci.user.\${w%%_*} "$(sed -n "/^$w:/p" "$f" | tail -n 1 | head -c 400)"
  done
  break
done
kb ci.preserve "$(cat /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*.cfg 2>/dev/null | sed -n '/^preserve_hostname:/p' | tail -n 1 | head -c 400)"
kb ci.local "$(sed -n '/^  "meta_data": {$/,/^  }/s/^   "local-hostname": \\(".*"\\),*$/\\1/p' /run/cloud-init/instance-data.json 2>/dev/null | head -n 1 | head -c 400)"
id=$(head -c 300 /var/lib/cloud/data/instance-id 2>/dev/null)
kb ci.instance "$id"
kb ci.fetched "$(stat -c %Y /run/cloud-init/cloud-id 2>/dev/null)"
kb ci.added "$(stat -c %Y /var/lib/cloud/instances 2>/dev/null)"
kb ci.other "$(ls -1t /var/lib/cloud/instances 2>/dev/null | grep -vxF -e "$id" | head -n 1 | head -c 300)"
[ -d /run/systemd/system ] && kc ci.units systemctl show -p Id -p LoadState -p Before cloud-init-local.service cloud-init.service cloud-init-network.service`,
  parse(values) {
    const user = readMappingOf(values, ['user.hostname', 'user.fqdn', 'user.preserve']);
    const preserve = preservesHostname(user) ?? preservesHostname(readMappingOf(values, ['preserve']));
    return {
      ...progressOf(values),
      ...defined('givenName', givenNames(user).hostname),
      ...defined('localHostname', jsonText(values.get('local'))),
      ...defined('preserveHostname', preserve),
      ...defined('instanceId', textOf(values.get('instance'))),
      ...defined('previousInstanceId', previousInstance(values)),
      ...defined('orderedBefore', before(values, ['cloud-init-local.service'])),
      ...defined('networkStageBefore', before(values, networkStages)),
    };
  },
};

/** Waits inside the guest until cloud-init has finished, well or not, at most the given time. */
export async function waitForCloudInit(shell: Shell, seconds: number, signal: AbortSignal): Promise<void> {
  const script = `
PATH=$PATH:/run/current-system/sw/bin
command -v cloud-init >/dev/null 2>&1 || exit 0
left=$1
while [ "$left" -gt 0 ] && [ ! -e /run/cloud-init/result.json ] && [ ! -e /run/cloud-init/disabled ]; do
  left=$((left - 1)); sleep 1
done`;
  await shell.run(script, { args: [String(seconds)], timeoutMs: (seconds + 15) * 1000, signal });
}

/** Each line for itself, so that one that is no YAML takes no other with it. */
function readMappingOf(values: ProbeValues, keys: readonly string[]): YamlMapping {
  const lines = keys.map((key) => lineMapping(values.get(key) ?? ''));
  return { text: (key) => lines.map((line) => line.text(key)).find((text) => text !== undefined) };
}

function lineMapping(line: string): YamlMapping {
  try {
    return readMapping(line);
  } catch {
    return { text: () => undefined };
  }
}

/**
 * The instance of the boot before. cloud-init's own file for that (`previous-instance-id`) is overwritten by the
 * second stage of each boot. But each boot links `cloud-id` as soon as its data are there, before it adds a folder
 * for an instance that is new; and the folder of its predecessor is then the last one changed beside it.
 */
function previousInstance(values: ProbeValues): string | undefined {
  const [fetched, added] = [values.get('fetched'), values.get('added')].map((text) =>
    /^\d{1,12}$/.test(text ?? '') ? Number(text) : undefined,
  );
  if (fetched === undefined || added === undefined) return undefined;
  return textOf(values.get(added >= fetched ? 'other' : 'instance'));
}

/** The network stage's unit is called so since cloud-init 24.3, and `cloud-init.service` before and on NixOS. */
const networkStages = ['cloud-init-network.service', 'cloud-init.service'];

/** Units before which the first of these that is loaded is ordered. */
function before(values: ProbeValues, units: readonly string[]): readonly string[] | undefined {
  if (values.get('units.rc') !== '0') return undefined;
  const blocks = (values.get('units') ?? '').split(/\n{2,}/).map((block) => block.split('\n'));
  const loaded = units.flatMap((unit) =>
    blocks.filter((lines) => lines.includes(`Id=${unit}`) && lines.includes('LoadState=loaded')),
  );
  const line = loaded[0]?.find((each) => each.startsWith('Before='));
  return line?.slice('Before='.length).split(' ').filter(Boolean);
}

function jsonText(json: string | undefined): string | undefined {
  try {
    const value: unknown = JSON.parse(json ?? '');
    return typeof value === 'string' ? textOf(value) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(text: string | undefined): string | undefined {
  return text?.trim() || undefined;
}

function defined<Key extends string, T>(key: Key, value: T | undefined): { [K in Key]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: T });
}
