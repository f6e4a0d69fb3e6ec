#!/bin/sh
# Says what activation of @out@ would do, for snippets that can (stand-in).
systemConfig=@out@
export systemConfig NIXOS_ACTION=dry-activate
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
_status=0
@snippets@
exit "$_status"
