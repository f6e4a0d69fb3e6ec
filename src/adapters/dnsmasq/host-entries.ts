import { type Address, parseIpv4 } from '../../domain/address.ts';
import { SourceError } from '../../domain/error.ts';
import type { HostEntry, HostQuestion } from '../../domain/host-entry.ts';
import { firstLabel, sameName } from '../../domain/name.ts';
import type { Shell } from '../../domain/ports.ts';
import { readOption, reveal, splitValue } from './option-line.ts';

/**
 * Prints of the configuration files `$3` and so on, and of the files of hosts that they name, the lines that may speak of the
 * full name `$2` or the address `$1`: rather too many than too few, 200 of a file at most. Each has a letter before it that no
 * file can forge: `C` a configuration file, `H` a file of hosts, `=` a line of the last of these, `!` what cannot be read.
 * Without `no-hosts` /etc/hosts is one of them (dnsmasq(8), --no-hosts, --addn-hosts, --hostsdir).
 */
export const hostEntriesScript = `
LC_ALL=C; export LC_ALL
address=$1 fqdn=$2
shift 2
nl='
'
IFS=$nl
set -f
lines() {
  awk -v address="$address" -v fqdn="$fqdn" -v hosts="$2" '
    BEGIN {
      FS = "[ \\t]+"
      count = split(fqdn, label, ".")
      for (i = count; i > 0; i--) { rest = label[i] (rest == "" ? "" : "." rest); over["/" rest "/"] }
      over["/#/"]
    }
    function speaks(line,  i, domain) {
      if (hosts) {
        sub(/#.*/, "", line); sub(/^[ \\t]+/, "", line)
        count = split(line, word)
        if (word[1] == address) return 1
        for (i = 2; i <= count; i++) if (word[i] == fqdn || word[i] == label[1]) return 1
        return 0
      }
      if (line ~ /^[ \\t]*host-record[ \\t]*=/) return index(line, address) || index(line, label[1])
      if (line ~ /^[ \\t]*address[ \\t]*=/) for (domain in over) if (index(line, domain)) return 1
      return 0
    }
    speaks(tolower($0)) { print "=" $0; if (++printed == 200) exit }' "$1"
}
hosts() {
  [ -e "$1" ] || return 0
  [ -r "$1" ] || { printf '!%s\\n' "$1"; return 0; }
  if [ -d "$1" ]; then
    set +f
    for path in "$1"/*; do
      set -f
      case \${path##*/} in *~ | '#'*'#') ;; *) [ -f "$path" ] && hosts "$path" ;; esac
    done
    set -f
  else
    printf 'H%s\\n' "$1"
    lines "$1" 1
  fi
}
none= folders=
for file in "$@"; do
  printf 'C%s\\n' "$file"
  lines "$file" ''
  grep -q '^[[:space:]]*no-hosts[[:space:]]*$' "$file" && none=1
  folders="$folders$nl$(sed -n -e 's/[[:space:]][[:space:]]*#.*$//' -e 's/[[:space:]]*$//' -e 's/"//g' \\
    -e 's/^[[:space:]]*addn-hosts[[:space:]]*=[[:space:]]*//p' \\
    -e 's/^[[:space:]]*hostsdir[[:space:]]*=[[:space:]]*//p' "$file")"
done
[ -n "$none" ] || hosts /etc/hosts
for folder in $folders; do hosts "$folder"; done
echo end`;

/** Reads what {@link hostEntriesScript} printed; undefined when it is not whole. */
export function parseHostEntries(
  text: string,
  about: HostQuestion,
): { readonly entries: readonly HostEntry[]; readonly unreadable: readonly string[] } | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.pop() !== 'end') return undefined;
  const entries: HostEntry[] = [];
  const unreadable: string[] = [];
  let [file, isHosts] = ['', false];
  for (const line of lines) {
    const rest = line.slice(1);
    if (line.startsWith('!')) unreadable.push(rest);
    else if (line.startsWith('=')) entries.push(...entriesIn(rest, isHosts, about, file));
    else [file, isHosts] = [rest, line.startsWith('H')];
  }
  return { entries, unreadable };
}

/** The entries about a name or an address, in the files that dnsmasq reads. */
export async function readHostEntries(
  {
    source,
    shell,
    files,
  }: { readonly source: string; readonly shell: Shell; readonly files: readonly string[] },
  about: HostQuestion,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HostEntry[]> {
  const args = [about.address, about.fqdn, ...files];
  const { exitCode, stdout, stderr } = await shell.run(hostEntriesScript, { args, timeoutMs, signal });
  const read = exitCode === 0 ? parseHostEntries(stdout, about) : undefined;
  if (read === undefined) {
    const why = `reading its host entries ended with ${exitCode}: ${stderr.slice(0, 200)}`;
    throw new SourceError('bad-response', source, why);
  }
  const [closed] = read.unreadable;
  if (closed !== undefined) {
    throw new SourceError('not-found', source, `its host entries in ${closed} cannot be read there`, {
      hint: 'Let the user of this server in truename.yaml read them.',
    });
  }
  return [...read.entries];
}

function entriesIn(line: string, isHosts: boolean, about: HostQuestion, file: string): HostEntry[] {
  if (isHosts) {
    const [first = '', ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
    return matching(parseIpv4(first), names, about, file);
  }
  const option = readOption(line);
  const value = option?.value ?? '';
  if (option?.key === 'host-record') {
    const parts = splitValue(value).map(reveal);
    const address = parts.map(parseIpv4).find((each) => each !== undefined);
    // Names come first; addresses and a time to live follow (dnsmasq(8), --host-record).
    return matching(
      address,
      parts.filter((part) => !/^[\d.]+$|:/.test(part)),
      about,
      file,
    );
  }
  if (option?.key !== 'address') return [];
  const [, ...domains] = reveal(value).split('/');
  const address = parseIpv4(domains.pop() ?? '');
  // It answers for the domain and for all below it, and for no address (dnsmasq(8), --address).
  const over = domains.filter((domain) => domain === '#' || isWithin(about.fqdn, domain.toLowerCase()));
  return address === undefined || over.length === 0 ? [] : [{ address, names: over, file }];
}

function isWithin(name: string, domain: string): boolean {
  return domain !== '' && (name === domain || name.endsWith(`.${domain}`));
}

/** One for the full name or its first label alone, which `expand-hosts` completes, and one for the address. */
function matching(
  address: Address | undefined,
  names: readonly string[],
  about: HostQuestion,
  file: string,
): HostEntry[] {
  if (address === undefined || names.length === 0) return [];
  const named = names.some((each) => sameName(each, about.fqdn) || sameName(each, firstLabel(about.fqdn)));
  return named || address === about.address ? [{ address, names, file }] : [];
}
