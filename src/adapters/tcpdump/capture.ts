import { SourceError } from '../../domain/error.ts';
import type { Mac } from '../../domain/mac.ts';
import type { CommandResult, NodePort } from '../../domain/ports.ts';
import type { DhcpMessage, WireCapture } from '../../domain/wire.ts';
import { parseDhcpMessage } from './dhcp-message.ts';
import { readDatagram } from './frame.ts';
import { ethernet, readPcap } from './pcap.ts';

/** BSD sysexits: no input (the device), and unavailable (the program). */
const noDevice = 66;
const noProgram = 69;

/**
 * `$1` device, `$2` seconds, `$3` filter. The time is kept by timeout(1) on the node, so that nothing stays
 * behind when the connection is cut. tcpdump(8): -U writes each packet at once and --immediate-mode takes it
 * at once from the kernel, so that none is lost at the end; -Z root, for the dropped user may not be there.
 */
const script = `
PATH=$PATH:/usr/sbin:/sbin; export PATH
[ -e "/sys/class/net/$1" ] || exit ${noDevice}
command -v tcpdump >/dev/null 2>&1 || exit ${noProgram}
{
  timeout -k 2 "$2" tcpdump -i "$1" -n -U --immediate-mode -Z root -s 2048 -c 200 -w - "$3"
  printf '\\nrc=%s\\n' "$?" >&2
} | base64
[ -e "/sys/class/net/$1" ] || exit ${noDevice}`;

/** timeout(1): the time was over, as it should be. */
const timeIsOver = 124;

/**
 * Looks at the DHCP packets of one MAC address at a port for so many seconds (1 to 3600), or until there are
 * 200 of them. Packets of the answer that are broadcast count; those of other machines do not. Throws
 * `not-found` when the port is not there (the guest is off, or moved), `program-missing` without tcpdump.
 */
export async function captureDhcp(
  port: NodePort,
  mac: Mac,
  seconds: number,
  signal: AbortSignal,
): Promise<WireCapture> {
  const { device, shell } = port;
  const result = await shell.run(script, {
    args: [device, String(seconds), filterFor(mac)],
    root: true,
    timeoutMs: (seconds + 20) * 1000,
    signal,
  });
  return { port: device, seconds, ...read(bytesOf(result, port), port, mac) };
}

/**
 * Packets of the MAC address, and packets to anybody that carry it as `chaddr`, 28 bytes into the message behind
 * a UDP header of 8; with a VLAN tag too, which moves what follows it in the filter (pcap-filter(7)).
 */
function filterFor(mac: Mac): string {
  const digits = mac.replaceAll(':', '');
  const chaddr = `(udp[36:4] = 0x${digits.slice(0, 8)} and udp[40:2] = 0x${digits.slice(8)})`;
  const dhcp = `(udp and (port 67 or port 68) and (ether host ${mac} or ${chaddr}))`;
  return `${dhcp} or (vlan and ${dhcp})`;
}

function bytesOf({ exitCode, stdout, stderr }: CommandResult, { device, shell }: NodePort): Buffer {
  const source = `tcpdump (${shell.via})`;
  if (exitCode === noDevice) {
    throw new SourceError('not-found', source, `there is no network device ${device}`, {
      hint: 'The guest is off, or on another node.',
    });
  }
  if (exitCode === noProgram) {
    throw new SourceError('program-missing', source, 'tcpdump is not installed on the node', {
      hint: 'Install it there: apt install tcpdump',
    });
  }
  const ended = [...stderr.matchAll(/^rc=(\d{1,3})$/gm)].at(-1)?.[1];
  if (exitCode !== 0 || (ended !== '0' && ended !== String(timeIsOver))) {
    const said = stderr.replace(/\s+/g, ' ').trim().slice(-300);
    throw new SourceError('command-failed', source, `the capture ended with ${ended ?? exitCode}: ${said}`);
  }
  return Buffer.from(stdout, 'base64');
}

function read(bytes: Buffer, { shell }: NodePort, mac: Mac): Pick<WireCapture, 'messages' | 'unreadable'> {
  const capture = readPcap(bytes);
  if (capture === undefined) {
    throw new SourceError('bad-response', `tcpdump (${shell.via})`, 'the answer is no capture');
  }
  const messages: DhcpMessage[] = [];
  let unreadable = capture.cut ? 1 : 0;
  for (const { at, bytes: frame } of capture.packets) {
    const datagram = capture.linkType === ethernet ? readDatagram(frame) : undefined;
    const message = datagram === undefined ? undefined : parseDhcpMessage(datagram.payload, at);
    if (message === undefined) unreadable += 1;
    else if (message.mac === mac) messages.push(message);
  }
  return { messages, unreadable };
}
