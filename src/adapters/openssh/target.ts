/** A machine that one reaches by ssh, and how its host key is trusted. */
export interface SshTarget {
  /** The name that the user's ssh configuration knows; shown to people. */
  readonly name: string;
  readonly user: string;
  /** Where to connect instead of what the name resolves to. */
  readonly address?: string;
  readonly port?: number;
  readonly identityFile?: string;
  /** Under which the user's own known_hosts files may hold its keys; absent: under the host connected to. */
  readonly knownAs?: string;
  /** Absent: the user's own known_hosts files decide. */
  readonly pinned?: {
    /** The name under which the keys stand in the file. */
    readonly alias: string;
    readonly file: string;
  };
}

/** Options that hold for every connection, whatever the user's configuration says (ssh_config(5)). */
const always = {
  BatchMode: 'yes',
  StrictHostKeyChecking: 'yes',
  UpdateHostKeys: 'no',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  ClearAllForwardings: 'yes',
  Tunnel: 'no',
  PermitLocalCommand: 'no',
  RemoteCommand: 'none',
  RequestTTY: 'no',
  EscapeChar: 'none',
  ConnectTimeout: '10',
  ServerAliveInterval: '5',
  ServerAliveCountMax: '4',
} as const;

/** The arguments of ssh(1) up to and including the host; a command may follow. */
export function sshArguments(target: SshTarget, controlPath: string | undefined): string[] {
  const options: Record<string, string> = { ...always, User: target.user };
  if (target.address !== undefined) options.HostName = target.address;
  if (target.port !== undefined) options.Port = String(target.port);
  if (target.identityFile !== undefined) options.IdentityFile = quoted(target.identityFile);
  if (target.knownAs !== undefined) options.HostKeyAlias = target.knownAs;
  if (target.pinned !== undefined) {
    options.HostKeyAlias = target.pinned.alias;
    options.UserKnownHostsFile = quoted(target.pinned.file.replaceAll('%', '%%'));
    options.GlobalKnownHostsFile = '/dev/null';
    options.CheckHostIP = 'no';
  }
  if (controlPath !== undefined) {
    options.ControlMaster = 'auto';
    options.ControlPath = controlPath;
    options.ControlPersist = '60';
  }
  const pairs = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  return ['-T', ...pairs, '--', target.name];
}

/** A file name with a space stands in double quotes (ssh_config(5)). */
function quoted(file: string): string {
  return /\s/.test(file) ? `"${file}"` : file;
}
