/** Stands in the file before a line from which a name was taken, so that it can be put back there and nowhere else. */
const mark = '# Truename took the name out of the next line.';

/**
 * Rewrites `$1` by the awk program `$2`. The new text goes to a file beside it that has the same mode and owner, and is
 * then moved into its place. A file that is a link, or lies where a declaration or the kernel put it, is left alone:
 * the next activation would bring it back.
 */
const rewrite = `case $1 in /nix/store/*|/proc/*|/etc/network/*) exit 3 ;; esac
[ -f "$1" ] && [ ! -L "$1" ] || exit 3
new=$1.truename-new
trap 'rm -f -- "$new"' EXIT
trap 'exit 1' HUP INT TERM
rewrite() {
  cp -p -- "$1" "$new" && awk "$2" "$1" >"$new" || return
  [ "$(cat "$1")" = "$(cat "$new")" ] || mv -f -- "$new" "$1"
}
`;

/** What a line says, as dhcpcd.conf(5) has it; names come in the environment, where awk changes nothing of them. */
const words = `
function trim(text) { sub(/^[ \\t]+/, "", text); sub(/[ \\t]+$/, "", text); return text }
function option(line) { line = trim(line); sub(/[ \\t].*$/, "", line); return line }
function value(line) {
  line = trim(line)
  if (line !~ /[ \\t]/) return ""
  sub(/^[^ \\t]+[ \\t]+/, "", line)
  if (line !~ /^"/) { sub(/#.*$/, "", line); return trim(line) }
  sub(/^"/, "", line); sub(/"[ \\t]*(#.*)?$/, "", line); gsub(/\\\\\\\\/, "\\001", line); gsub(/\\\\/, "", line); gsub(/\\001/, "\\\\", line)
  return line
}`;

/**
 * Takes the name `$STALE` out of the `hostname` lines that hold for the interface `$DEVICE`: those before the first
 * block and those in its own. With `hostname_short` a client sends the first label only, so that counts as well.
 */
const clear = `${words}
BEGIN { ours = 1; stale = ENVIRON["STALE"] }
{
  word = option($0)
  if (word == "interface") ours = (value($0) == ENVIRON["DEVICE"])
  else if (word == "ssid" || word == "profile") ours = 0
  else if (ours && word == "hostname") {
    name = value($0); label = name; sub(/\\..*$/, "", label)
    if (name != "" && (name == stale || label == stale)) { print "${mark}"; print "hostname"; next }
  }
  print
}`;

/** Puts the name `$NAME`, as it is written in the file, behind each line that is marked and still bare. */
const putBack = `{
  if (held != "") {
    if ($0 == "hostname") print "hostname " ENVIRON["NAME"]; else { print held; print }
    held = ""
  } else if ($0 == "${mark}") held = $0
  else print
}
END { if (held != "") print held }`;

/** Prints the names of the `hostname` lines, one in a line. */
const named = `${words}
option($0) == "hostname" && value($0) != "" { print value($0) }`;

/** `$1` the file, `$2` the interface, `$3` the name. Only the file changes; dhcpcd reads it when it starts. */
export const clearName = `${rewrite}
DEVICE=$2 STALE=$3; export DEVICE STALE
rewrite "$1" '${clear}'`;

/**
 * `$1` the file, `$2` the name that was there, `$3` the same as it is written in the file. It goes back to where it
 * was taken from; a mark whose next line is not bare any more has been overtaken by somebody's edit.
 */
export const restoreName = `[ -e "$1" ] || { echo gone; exit 0; }
${rewrite}
held() { awk '${named}' "$1" | grep -qxF -e "$2"; }
marked() { awk -v mark='${mark}' 'held && $0 == "hostname" { found = 1 } { held = ($0 == mark) } END { exit !found }' "$1"; }
if marked "$1"; then
  NAME=$3; export NAME
  rewrite "$1" '${putBack}' && ! marked "$1" && held "$1" "$2" || exit 1
elif ! held "$1" "$2"; then
  echo changed
  exit 0
fi
echo restored`;

/** A name as dhcpcd.conf(5) takes it: in quotes where a blank, a quote, a backslash or a hash would end it. */
export function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
}
