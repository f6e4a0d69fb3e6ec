#!/bin/sh
# Second stage of the boot where the machine can start it (init=…): the boot hook first, so that PID 1 reads the
# declared /etc, then the machine's own systemd.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
[ ! -x /usr/local/libexec/lab-nixos-boot ] || /usr/local/libexec/lab-nixos-boot @out@
exec /usr/lib/systemd/systemd "$@"
