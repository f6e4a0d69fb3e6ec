import { type SimNetwork, simNode } from '../../sim/network.ts';
import type { Output } from '../../src/cli/output.ts';
import { runProgram } from '../../src/cli/program.ts';
import { fqdn, type Hostname } from '../../src/domain/name.ts';
import type { DemoGuest, FixedGuest } from '../guests.ts';
import type { Stage, StageLease } from '../stage.ts';
import { asOwnProcess } from './as-own-process.ts';
import { simWiring } from './wiring.ts';

/** How often the stage looks whether something has happened, and how long at most, in milliseconds of the simulation. */
const patience = { everyMs: 200, longestMs: 60_000 } as const;

const never = new AbortController().signal;

/** A network in memory as a stage; `output` is where the command line shows what it does. */
export function simStage(network: SimNetwork, told: Pick<Stage, 'say' | 'colour'>, output: Output): Stage {
  const { clock, hypervisor } = network;
  const files = new Map<string, string>();
  const wiring = simWiring(network, files);
  return {
    ...told,
    world: 'sim',
    node: simNode,
    ownLook: "The simulation's own look, at its lease tables and resolvers",
    elapsed: clock.elapsed,
    sleep: (ms) => clock.sleep(ms, never),
    async clone(guest) {
      const { bridge = '' } = segmentOf(network, guest);
      await hypervisor.clone(guest.template, guest.vmid, guest.name, bridge);
      return until(network, `the first lease of ${guest.name}`, () => leaseOf(network, guest));
    },
    async settled({ vmid, name }) {
      await until(network, `the boot of ${name}`, () => isSettled(network, vmid) || undefined);
    },
    spoil: async (guest) => spoil(network, guest),
    lease: async (guest) => leaseOf(network, guest),
    async resolve(guest) {
      const name = fqdn(guest.name as Hostname, segmentOf(network, guest).domain);
      const answer = await network.resolver(guest.segment).port.forward(name, never);
      return answer.status === 'answered' ? answer.records.join(',') : 'ENOTFOUND';
    },
    async reboot(guests, booted) {
      const before = new Map(guests.map(({ vmid }) => [vmid, bootId(network, vmid)]));
      await hypervisor.reboot(guests.map(({ vmid }) => vmid));
      for (const guest of guests) {
        const { vmid, name } = guest;
        const isAnew = () => bootId(network, vmid) !== before.get(vmid) && isSettled(network, vmid);
        await until(network, `the next boot of ${name}`, () => isAnew() || undefined);
        booted(guest);
      }
    },
    async write(name, text) {
      files.set(name, text);
      return name;
    },
    async truename<Report>(words: readonly string[]): Promise<Report> {
      let printed = '';
      const result = (text: string) => {
        printed += text;
      };
      const run = () => runProgram([...words, '--json'], { ...output, result }, { wiring });
      const exitCode = await asOwnProcess(run);
      if (printed === '') throw new Error(`truename ended with ${exitCode} and printed no report`);
      return JSON.parse(printed) as Report;
    },
  };
}

/** What is seen once it is there; throws when its time is over. */
async function until<T>({ clock }: SimNetwork, what: string, see: () => T | undefined): Promise<T> {
  const deadline = clock.elapsed() + patience.longestMs;
  for (;;) {
    const seen = see();
    if (seen !== undefined) return seen;
    if (clock.elapsed() > deadline) throw new Error(`${what} did not happen in the simulation`);
    await clock.sleep(patience.everyMs, never);
  }
}

function segmentOf({ segments }: SimNetwork, { segment }: DemoGuest): SimNetwork['segments'][number] {
  const found = segments.find(({ name }) => name === segment);
  if (found === undefined) throw new Error(`the simulation has no segment ${segment}`);
  return found;
}

function leaseOf({ server, hypervisor }: SimNetwork, { segment, vmid }: DemoGuest): StageLease | undefined {
  const mac = hypervisor.mac(vmid);
  const lease = server(segment)
    .leases()
    .find((each) => each.mac === mac);
  return lease === undefined ? undefined : { address: lease.address, name: lease.name ?? '*' };
}

function isSettled({ hypervisor }: SimNetwork, vmid: number): boolean {
  const machine = hypervisor.machine(vmid);
  return machine.up() && ['done', 'error'].includes(machine.cloudInit.state().status);
}

function bootId({ hypervisor }: SimNetwork, vmid: number): string {
  return hypervisor.machine(vmid).view().identity.bootId;
}

/** The same that is done to these guests in the lab, by nmcli, hostnamectl and dhcpcd there. */
function spoil({ hypervisor }: SimNetwork, { vmid, leasesAs }: FixedGuest): void {
  const { client, names } = hypervisor.machine(vmid);
  if (client.kind === 'network-manager') {
    client.modify({ name: leasesAs });
    client.reapply();
  }
  if (client.kind === 'dhcpcd') {
    names.setStatic(leasesAs);
    client.renew();
  }
}
