import { dnsmasqProcesses } from './processes.ts';

/** What was found of a dnsmasq's configuration on its machine, not interpreted yet. */
export interface Collected {
  /** The options on the command line of each process, `key=value`, in order; never quoted. */
  readonly processes: readonly (readonly string[])[];
  /** The lines of configuration files that matter here, by path. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** All lines of files that hold nothing but hosts, by path; the last one too where it has no end. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Files and folders that are there and may not be read. */
  readonly unreadable: ReadonlySet<string>;
  /** Configuration files that are named and not there. */
  readonly missing: ReadonlySet<string>;
}

/**
 * Collects the configuration of the dnsmasq processes here, or of the file `$1` when that is not empty. POSIX alone,
 * for FreeBSD and busybox too. What it finds it prints, each line with a letter before it that no file can forge: `P`
 * a process, `C` a configuration file, `H` a file of hosts, `=` a line of the last of these, `!` what cannot be read,
 * `?` what is not there. It collects too much rather than too little: the suffixes of a conf-dir are applied by the
 * reader. Processes of containers are not this machine's. Without /proc, words are what blanks part.
 */
export const collectScript = `${dnsmasqProcesses}
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export PATH
nl='
'
IFS=$nl
set -f
seen=$nl
count=0
new() {
  case $seen in *"$nl$1$2$nl"*) return 1 ;; esac
  seen="$seen$1$2$nl"
  count=$((count + 1))
  [ "$count" -le 2000 ] || { echo over; return 1; }
  [ -e "$2" ] || { printf '?%s\\n' "$2"; return 1; }
  [ -r "$2" ] || { printf '!%s\\n' "$2"; return 1; }
}
conf() {
  new C "$1" && [ -f "$1" ] || return 0
  printf 'C%s\\n' "$1"
  sed -n -e '/^[[:space:]]*dhcp-host/s/^/=/p' -e '/^[[:space:]]*conf-/s/^/=/p' \\
    -e '/^[[:space:]]*dhcp-range/s/^/=/p' -e '/^[[:space:]]*dhcp-lease-max/s/^/=/p' \\
    -e '/^[[:space:]]*domain[[:space:]]*=/s/^/=/p' "$1" | awk '{ print }'
  follow "$(refs <"$1")"
}
confs() {
  new D "$1" || return 0
  set +f
  for path in "$1"/*; do set -f; [ -f "$path" ] && conf "$path"; done
  set -f
}
hosts() {
  new H "$1" || return 0
  if [ -d "$1" ]; then
    set +f
    for path in "$1"/*; do set -f; [ -f "$path" ] && hosts "$path"; done
    set -f
  else
    printf 'H%s\\n' "$1"
    awk '{ print "=" $0 }' "$1"
  fi
}
refs() {
  sed -n -e 's/[[:space:]][[:space:]]*#.*$//' -e 's/[[:space:]]*$//' -e 's/"//g' \\
    -e 's/^[[:space:]]*\\(conf-[a-z]*\\)[[:space:]]*=[[:space:]]*/\\1=/p' \\
    -e 's/^[[:space:]]*\\(dhcp-hosts[a-z]*\\)[[:space:]]*=[[:space:]]*/\\1=/p'
}
follow() {
  for line in $1; do
    case $line in
      conf-file=*) conf "\${line#*=}" ;;
      conf-dir=*) line=\${line#*=}; confs "\${line%%,*}" ;;
      dhcp-hostsfile=* | dhcp-hostsdir=*) hosts "\${line#*=}" ;;
    esac
  done
}
options() {
  awk 'BEGIN { name["C"] = "conf-file"; name["7"] = "conf-dir"; name["G"] = "dhcp-host"; name["s"] = "domain"
      name["F"] = "dhcp-range"; name["X"] = "dhcp-lease-max" }
    NR == 1 { next }
    want != "" { print want "=" $0; want = ""; next }
    /^--(conf-file|conf-dir|dhcp-host|dhcp-hostsfile|dhcp-hostsdir|domain|dhcp-range|dhcp-lease-max)=/ { print substr($0, 3); next }
    /^--(conf-file|conf-dir|dhcp-host|dhcp-hostsfile|dhcp-hostsdir|domain|dhcp-range|dhcp-lease-max)$/ { want = substr($0, 3); next }
    /^-[C7GsFX]$/ { want = name[substr($0, 2, 1)]; next }
    /^-[C7GsFX]/ { print name[substr($0, 2, 1)] "=" substr($0, 3) }'
}
process() {
  echo P
  printf '%s\\n' "$1" | sed -n '/./s/^/=/p'
  follow "$(printf '%s\\n' "$1" | refs)"
}
default=/etc/dnsmasq.conf
[ -e /usr/local/etc/dnsmasq.conf ] && default=/usr/local/etc/dnsmasq.conf
if [ -n "$1" ]; then process "conf-file=$1"
else
  pids=$(dnsmasqs)
  [ -n "$pids" ] || process "conf-file=$default"
  for pid in $pids; do
    if [ -r "/proc/$pid/cmdline" ]; then words=$(tr '\\0' '\\n' <"/proc/$pid/cmdline")
    else words=$(ps -ww -o args= -p "$pid" | tr ' ' '\\n')
    fi
    words=$(printf '%s\\n' "$words" | options)
    case $nl$words in *"\${nl}conf-file="*) ;; *) words="$words\${nl}conf-file=$default" ;; esac
    process "$words"
  done
fi
echo end`;

/** Reads what {@link collectScript} printed; undefined when it is not whole, or more than 2000 files. */
export function parseCollected(text: string): Collected | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.pop() !== 'end' || lines.includes('over')) return undefined;
  const processes: string[][] = [];
  const files = new Map<string, string[]>();
  const hosts = new Map<string, string[]>();
  const unreadable = new Set<string>();
  const missing = new Set<string>();
  let last: string[] = [];
  const begin: Readonly<Record<string, (path: string) => unknown>> = {
    P: () => processes.push(last),
    C: (path) => files.set(path, last),
    H: (path) => hosts.set(path, last),
    '!': (path) => unreadable.add(path),
    '?': (path) => missing.add(path),
  };
  for (const line of lines) {
    const [letter = '', rest] = [line[0], line.slice(1)];
    if (letter === '=') last.push(rest);
    else {
      last = [];
      begin[letter]?.(rest);
    }
  }
  return { processes, files, hosts, unreadable, missing };
}
