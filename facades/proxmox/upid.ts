/** What a UPID says. Times are seconds since 1970; `user` has `!token` for a token. */
export interface Upid {
  readonly node: string;
  readonly pid: number;
  /** Hundredths of a second since the node booted. */
  readonly pstart: number;
  readonly starttime: number;
  readonly type: string;
  readonly id: string;
  readonly user: string;
}

// pve-common src/PVE/UPID.pm
const pattern =
  /^UPID:([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):([^:\s/]+):([^:\s/]*):([^:\s/]+):$/;

/** Undefined when `text` is no UPID. */
export function parseUpid(text: string): Upid | undefined {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [, node = '', pid = '', pstart = '', starttime = '', type = '', id = '', user = ''] = found;
  const hexadecimal = (digits: string) => Number.parseInt(digits, 16);
  return {
    node,
    pid: hexadecimal(pid),
    pstart: hexadecimal(pstart),
    starttime: hexadecimal(starttime),
    type,
    id,
    user,
  };
}

/** The text, trailing colon included. */
export function formatUpid({ node, pid, pstart, starttime, type, id, user }: Upid): string {
  const numbers = [pid, pstart, starttime].map((value) => value.toString(16).toUpperCase().padStart(8, '0'));
  return `UPID:${node}:${numbers.join(':')}:${type}:${id}:${user}:`;
}
