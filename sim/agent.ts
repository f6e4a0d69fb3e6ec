import { SourceError } from '../src/domain/error.ts';
import type { Mac } from '../src/domain/mac.ts';
import type { GuestAgent } from '../src/domain/ports.ts';
import type { SimMachine } from './machine.ts';

/** What a rebuild asks the agent for. */
const readHostKeys = 'cat /etc/ssh/ssh_host_*_key.pub';

/** The guest agent of a machine; `hypervisor` is where it is asked. It runs one program: the one that shows host keys. */
export function simAgent(hypervisor: string, machine: SimMachine, mac: Mac): GuestAgent {
  return {
    async interfaces() {
      mustAnswer(hypervisor, machine);
      const { interfaces } = machine.view();
      return interfaces.map(({ device, addresses }) => ({
        name: device,
        mac,
        addresses: addresses.map(({ address }) => address),
      }));
    },
    async run(command) {
      mustAnswer(hypervisor, machine);
      if (command.at(-1) !== readHostKeys)
        throw new SourceError('command-failed', hypervisor, `the simulation knows no ${command.join(' ')}`);
      return { exitCode: 0, stdout: machine.hostKeys().join('\n'), stderr: '' };
    },
  };
}

/** What the agent and the shell of a guest throw that was never switched on. */
export function neverOn(hypervisor: string, vmid: number): SourceError {
  return new SourceError('guest-off', hypervisor, `VM ${vmid} was never switched on`);
}

/** Throws `agent-silent` where nobody answers. */
export function mustAnswer(hypervisor: string, machine: SimMachine): void {
  if (!machine.up()) throw new SourceError('agent-silent', hypervisor, 'the guest agent does not answer');
}
