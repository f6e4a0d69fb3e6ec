import type { CloudInitSeed, SeedTexts } from '../domain/cloud-init-seed.ts';
import { TruenameError } from '../domain/error.ts';
import type { AgentInterface, GuestConfiguration, GuestSummary, Nic } from '../domain/guest.ts';
import type { Mac } from '../domain/mac.ts';
import type { Hypervisor, NodePort } from '../domain/ports.ts';
import type { WireCapture } from '../domain/wire.ts';

/** Listens to one NIC's DHCP packets at its node. */
export type Capture = (
  port: NodePort,
  mac: Mac,
  seconds: number,
  signal: AbortSignal,
) => Promise<WireCapture>;

/** What the next start gives to cloud-init; undefined for a guest without a cloud-init drive. */
export async function seedOf(
  {
    hypervisor,
    readSeed: read,
  }: {
    readonly hypervisor: Hypervisor;
    readonly readSeed: (texts: SeedTexts) => CloudInitSeed;
  },
  configuration: GuestConfiguration | undefined,
  signal: AbortSignal,
): Promise<CloudInitSeed | undefined> {
  if (configuration === undefined) throw new TruenameError('unsupported', 'its configuration cannot be read');
  if (!configuration.cloudInit) return undefined;
  if (hypervisor.seed === undefined)
    throw new TruenameError('unsupported', 'the hypervisor does not show what it gives to cloud-init');
  return read(await hypervisor.seed(configuration, signal));
}

/** The interfaces as the guest agent of a VM lists them, or the node of a container. */
export async function shownInterfaces(
  { agent, containerInterfaces }: Hypervisor,
  guest: GuestSummary,
  configuration: GuestConfiguration | undefined,
  signal: AbortSignal,
): Promise<AgentInterface[]> {
  if (guest.power === 'stopped') throw new TruenameError('guest-off', 'the guest does not run');
  if (guest.kind === 'container' && containerInterfaces !== undefined)
    return containerInterfaces(guest.ref, signal);
  if (agent === undefined || guest.kind !== 'vm')
    throw new TruenameError(
      'unsupported',
      'the hypervisor does not show the interfaces of this kind of guest',
    );
  if (configuration?.agentEnabled === false)
    throw new TruenameError('unsupported', 'the option agent is off at the hypervisor');
  return agent(guest.ref).interfaces(signal);
}

/** What goes over the wire of a NIC in so many seconds; throws `unsupported` where nobody can listen. */
export async function watchWire(
  { hypervisor, capture }: { readonly hypervisor: Hypervisor; readonly capture: Capture },
  guest: GuestSummary,
  nic: Nic | undefined,
  seconds: number,
  signal: AbortSignal,
): Promise<WireCapture> {
  if (nic === undefined) throw new TruenameError('unsupported', 'the guest has no network interface');
  if (hypervisor.port === undefined) {
    throw new TruenameError(
      'unsupported',
      'the wire can be seen on the node only, which is reached by ssh alone',
      {
        hint: 'Configure the hypervisor with ssh in place of endpoints.',
      },
    );
  }
  return capture(hypervisor.port(guest, nic), nic.mac, seconds, signal);
}
