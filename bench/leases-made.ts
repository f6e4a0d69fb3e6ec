import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** Lease files that were made, and how many distinct leases they hold. */
export interface MadeLeases {
  readonly files: readonly string[];
  readonly rows: number;
  readonly distinct: number;
}

const seconds = 1_767_272_400;

/** A lease file of dnsmasq, every seventh guest without name, and an IPv6 part. */
export async function makeDnsmasqLeases(path: string, rows: number): Promise<MadeLeases> {
  await write(path, rows + 101, (index) => {
    if (index === rows) return 'duid 00:01:00:01:2c:aa:bb:cc:bc:24:11:00:00:ff';
    if (index > rows)
      return `${seconds} ${index} fd00::${(index - rows).toString(16)} six-${index} 00:03:00:01:${mac(index)}`;
    const name = index % 7 === 0 ? '*' : `guest-${index}`;
    return `${seconds + index} ${mac(index)} ${address(index)} ${name} 01:${mac(index)}`;
  });
  return { files: [path], rows, distinct: rows };
}

const header =
  'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context';

/**
 * The lease files of a Kea whose clean-up did not finish: `.2` as an earlier clean-up left it, and the file of now, with three
 * in four rows of an address written before; escapes in every 50th user context and some names.
 */
export async function makeKeaLeases(path: string, rows: number): Promise<MadeLeases> {
  const distinct = Math.floor(rows / 4);
  const files = [`${path}.2`, `${path}.1`, path];
  const parts = [distinct, distinct, rows - 2 * distinct];
  let begin = 0;
  for (const [part, file] of files.entries()) {
    const from = begin;
    await write(file, (parts[part] as number) + 1, (index) => {
      if (index === 0) return header;
      const at = from + index - 1;
      return keaRow(at, at < distinct ? at : (at * 7919) % distinct);
    });
    begin += parts[part] as number;
  }
  return { files, rows, distinct };
}

function keaRow(at: number, guest: number): string {
  const name = at % 97 === 0 ? `guest-${guest}&#x2c${at}` : `guest-${guest}.srv.internal`;
  const context = at % 50 === 0 ? `{ "at": ${at}&#x2c "by": "client" }` : '';
  return `${address(guest)},${mac(guest)},01:${mac(guest)},3600,${seconds + at},1,0,0,${name},0,${context}`;
}

function address(index: number): string {
  return `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
}

function mac(index: number): string {
  return `bc:24:11:${[index >> 16, index >> 8, index].map((part) => (part & 255).toString(16).padStart(2, '0')).join(':')}`;
}

async function write(path: string, lines: number, line: (index: number) => string): Promise<void> {
  const out = createWriteStream(path);
  for (let at = 0; at < lines; at += 10_000) {
    const some = Array.from({ length: Math.min(10_000, lines - at) }, (_, index) => line(at + index));
    if (!out.write(`${some.join('\n')}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
