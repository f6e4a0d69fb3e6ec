import type { DropIn } from '../../domain/journal.ts';

const mark = '# Written by Truename.\n';

/** The whole text of a drop-in of Truename's own. */
export function dropInText(dropIn: DropIn): string {
  if (dropIn === 'nothing') return mark;
  // A `SendHostname=no` in the file itself would keep the name back (systemd.network(5)).
  const lines = dropIn === 'send-none' ? 'SendHostname=no\n' : `SendHostname=yes\nHostname=${dropIn.name}\n`;
  return `${mark}[DHCPv4]\n${lines}`;
}

/**
 * Shell functions on drop-ins. `put FILE TEXT` writes one by a file beside it, whose name ends in `.new` because
 * networkd reads all that end in `.conf`; it can be read by all, for networkd has a user of its own. A folder that it
 * made stays only where something is in it. `says FILE` prints what a file says, without comments and empty lines.
 */
export const dropInFunctions = `umask 022
put() {
  mkdir -p -- "\${1%/*}" && printf %s "$2" >"$1.new" && mv -f -- "$1.new" "$1" && return
  rm -f -- "$1.new"
  rmdir -- "\${1%/*}" 2>/dev/null
  return 1
}
says() { sed '/^[#;]/d; /^[[:space:]]*$/d' "$1"; }
`;
