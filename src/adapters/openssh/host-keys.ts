import { parseHostKeys } from '../../domain/host-key.ts';
import type { GuestProbe } from '../../domain/ports.ts';

/** The public host keys of the machine, each as `type base64`; readable by all (sshd_config(5), HostKey). */
export const hostKeysProbe: GuestProbe<readonly string[]> = {
  section: 'keys',
  script: `
k=0
for f in /etc/ssh/ssh_host_*_key.pub; do k=$((k + 1)); kf keys.$k "$f"; done`,
  parse: (values) => parseHostKeys([...values.values()].join('\n')),
};
