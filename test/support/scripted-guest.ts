import type { AgentCommand, AgentReply } from './wire-agent.ts';

/** A program that was started, as the agent keeps it until its result was fetched. */
interface Started {
  asked: boolean;
  readonly exitcode: number;
  readonly out?: string;
}

const programs: Readonly<Record<string, (args: string[]) => { exitcode: number; out?: string }>> = {
  echo: (args) => ({ exitcode: 0, out: args.filter((arg) => arg !== '-n').join(' ') }),
  cat: () => ({ exitcode: 0, out: `$(id) 'Zürich' "€" 漢字` }),
  false: () => ({ exitcode: 1 }),
  true: () => ({ exitcode: 0 }),
};

/** One interface with an address, one without; the latter has no list at all, as with qemu-ga. */
const interfaces = [
  {
    name: 'ens18',
    'hardware-address': 'bc:24:11:00:01:02',
    'ip-addresses': [{ 'ip-address': '10.2.10.5', 'ip-address-type': 'ipv4', prefix: 24 }],
  },
  { name: 'ens19', 'hardware-address': 'bc:24:11:00:01:03' },
];

/** The guest of the contract: a few programs, each of which still runs when it is first asked about. */
export function createGuest(): (command: AgentCommand) => AgentReply {
  const started = new Map<number, Started>();
  return ({ execute, arguments: given = {} }) => {
    if (execute === 'guest-ping') return { return: {} };
    if (execute === 'guest-network-get-interfaces') return { return: interfaces };
    return execute === 'guest-exec' ? start(started, given) : statusOf(started, Number(given.pid));
  };
}

function start(started: Map<number, Started>, given: Readonly<Record<string, unknown>>): AgentReply {
  const program = programs[String(given.path)];
  if (program === undefined) return failure('Guest agent command failed: no such file');
  const pid = 1000 + started.size;
  started.set(pid, { asked: false, ...program((given.arg as string[] | undefined) ?? []) });
  return { return: { pid } };
}

/** The first answer with a result takes the program away. */
function statusOf(started: Map<number, Started>, pid: number): AgentReply {
  const program = started.get(pid);
  if (program === undefined) return failure("Invalid parameter 'pid'");
  if (!program.asked) {
    program.asked = true;
    return { return: { exited: false } };
  }
  started.delete(pid);
  const { exitcode, out } = program;
  const output = out === undefined ? {} : { 'out-data': Buffer.from(out).toString('base64') };
  return { return: { exited: true, exitcode, ...output } };
}

function failure(desc: string): AgentReply {
  return { error: { class: 'GenericError', desc } };
}
