/**
 * A shell function that prints the process ids of every dnsmasq that is this machine's own; those of containers are not.
 * It reads /proc where there is one (proc(5)): not every busybox has a pgrep.
 */
export const dnsmasqProcesses = `
dnsmasqs() {
  if [ -r /proc/self/comm ]; then
    (
      set +f
      for comm in /proc/[0-9]*/comm; do
        read -r name <"$comm" && [ "$name" = dnsmasq ] && pid=\${comm#/proc/} && printf '%s\\n' "\${pid%/comm}"
      done 2>/dev/null
    )
  else pgrep -x dnsmasq
  fi | while read -r pid; do
    space=$(readlink "/proc/$pid/ns/pid" 2>/dev/null)
    [ -n "$space" ] && [ "$space" != "$(readlink /proc/self/ns/pid)" ] || printf '%s\\n' "$pid"
  done
}`;
