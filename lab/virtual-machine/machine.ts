import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { exchange } from '../../facades/proxmox/agent-wire.ts';
import { insideNetwork } from '../network.ts';
import type { Kernel } from './kernel.ts';
import type { MachineSegment } from './segment.ts';

/** How a virtual machine is started. */
export interface MachineOptions {
  /** Where its sockets and logs go. */
  readonly folder: string;
  readonly kernel: Kernel;
  /** A disk image of its own. */
  readonly disk: string;
  readonly mac: string;
  readonly uuid: string;
  readonly segment: MachineSegment;
  /** Discs in its CD drives. */
  readonly discs: readonly string[];
  /** The first program, such as the system profile's `init`. */
  readonly init: string;
  /** Further words for the kernel command line. */
  readonly words?: readonly string[];
  /** Further arguments of `-smbios`. */
  readonly smbios?: readonly string[];
}

/** A running virtual machine. */
export interface VirtualMachine {
  /** Runs a script inside as root through the guest agent, as soon as that answers. */
  run(script: string): Promise<string>;
  /** Shuts it down as from inside; resolves when it is off. */
  powerOff(): Promise<void>;
  /** Pulls the plug. */
  kill(): Promise<void>;
  /** The console's log, for people. */
  readonly console: string;
}

/** How long a machine may take to start, to answer, or to stop. Without hardware acceleration it takes about a minute. */
const patienceMs = 300_000;

/** Starts QEMU in the segment's namespace; the machine is powered on when this returns. */
export async function startMachine(options: MachineOptions): Promise<VirtualMachine> {
  const { folder, segment } = options;
  const socket = join(folder, 'agent.sock');
  const log = join(folder, 'console.log');
  const qemu = execa(
    'nsenter',
    [...insideNetwork(segment.namespace), 'qemu-system-x86_64', ...argumentsOf(options, socket, log)],
    { stdin: 'ignore', reject: false },
  );
  let off = false;
  const ended = qemu.then((result) => {
    off = true;
    return result;
  });
  return {
    console: log,
    run: (script) => runInside(socket, script, () => off),
    async powerOff() {
      await answers(socket, () => off);
      const timer = setTimeout(() => qemu.kill('SIGKILL'), patienceMs);
      // It gives no answer where it is obeyed (qga/qapi-schema.json, guest-shutdown). The connection is kept until the machine
      // is off: an agent that writes to nobody hangs there, and the shutdown waits for it.
      const obeyed = exchange(
        socket,
        { execute: 'guest-shutdown', arguments: { mode: 'powerdown' } },
        patienceMs,
      );
      const [{ exitCode, stderr }] = await Promise.all([ended, obeyed]);
      clearTimeout(timer);
      if (exitCode !== 0) throw new Error(`the machine did not shut down (${log}): ${stderr}`);
    },
    async kill() {
      qemu.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Spares an emulated processor what is no part of a boot's story, more than a third of its work: defences against faults of
 * real processors, with a switch of page tables at each system call, and pages cleared before use (Linux, kernel-parameters.txt).
 */
const frugal = [
  'mitigations=off',
  'nokaslr',
  'init_on_alloc=0',
  'audit=0',
  'lsm=capability',
  '8250.nr_uarts=1',
  'tsc=reliable',
];

/**
 * As Proxmox VE starts a VM, on emulated processors: `-accel tcg` with one processor, for two at once share two real ones.
 * The card has its old name, for the trees of containers call it so.
 */
function argumentsOf(options: MachineOptions, socket: string, log: string): string[] {
  const { kernel, disk, mac, uuid, segment, discs, init, words = [], smbios = [] } = options;
  const line = ['console=ttyS0', 'quiet', 'net.ifnames=0', ...frugal, `init=${init}`, ...words];
  return [
    ...['-machine', 'pc', '-accel', 'tcg', '-cpu', 'Nehalem', '-m', '768', '-nodefaults', '-display', 'none'],
    ...['-serial', `file:${log}`, '-no-reboot'],
    ...['-kernel', kernel.image, '-initrd', kernel.initrd, '-append', line.join(' ')],
    ...['-drive', `file=${disk},if=virtio,cache=unsafe`],
    ...discs.flatMap((disc) => ['-drive', `file=${disc},media=cdrom,readonly=on`]),
    ...['-netdev', `tap,id=net0,ifname=${segment.device},script=no,downscript=no`],
    ...['-device', `virtio-net-pci,netdev=net0,mac=${mac}`],
    ...['-device', 'virtio-serial', '-chardev', `socket,path=${socket},server=on,wait=off,id=agent`],
    ...['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
    ...['-uuid', uuid],
    ...smbios.flatMap((each) => ['-smbios', each]),
  ];
}

/** What every script inside begins with: programs are at NixOS's places, and at Debian's. */
const preamble =
  'exec 2>&1; PATH=/run/current-system/sw/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH; eval "$1"';

async function runInside(socket: string, script: string, off: () => boolean): Promise<string> {
  await answers(socket, off);
  const { pid } = (await ask(socket, 'guest-exec', {
    path: '/bin/sh',
    arg: ['-c', preamble, 'sh', script],
    'capture-output': true,
  })) as { readonly pid: number };
  for (;;) {
    const status = (await ask(socket, 'guest-exec-status', { pid })) as {
      readonly exited: boolean;
      readonly 'out-data'?: string;
    };
    if (status.exited) return Buffer.from(status['out-data'] ?? '', 'base64').toString('utf8');
    // Each question costs an emulated processor a twentieth of a second.
    await delay(1000);
  }
}

/** Waits until the agent of a starting machine answers; it changes nothing to ask it again. */
async function answers(socket: string, off: () => boolean): Promise<void> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until && !off()) {
    const reply = await exchange(socket, { execute: 'guest-ping' }, 5_000);
    if (reply !== undefined && 'return' in reply) return;
    await delay(250);
  }
  throw new Error(off() ? 'the machine is off' : `no agent answered at ${socket}`);
}

/** Asks once: a command that was sent may have been carried out though its answer is late. */
async function ask(
  socket: string,
  execute: string,
  given: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const reply = await exchange(socket, { execute, arguments: given }, patienceMs);
  if (reply === undefined) throw new Error(`the agent at ${socket} did not answer ${execute}`);
  if ('error' in reply) throw new Error(`${execute}: ${reply.error.desc}`);
  return reply.return;
}
