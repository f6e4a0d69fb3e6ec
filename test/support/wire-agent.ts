import { createServer, type Server } from 'node:net';

/** What an agent answers to a command: its return value, or an error of the agent itself. */
export type AgentReply = { readonly return: unknown } | { readonly error: { class: string; desc: string } };

/** A command as the agent receives it. */
export interface AgentCommand {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/**
 * Listens on a unix socket as qemu-ga does: `guest-sync-delimited` and one command per connection,
 * the answer after a 0xFF (qemu qga/qapi-schema.json).
 */
export async function startWireAgent(
  path: string,
  reply: (command: AgentCommand) => AgentReply,
): Promise<Server> {
  const server = createServer((socket) => {
    let received = '';
    let answered = 0;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      // The client's own 0xFF resets the parser of the agent.
      received += data.toString('latin1').replaceAll('\u00ff', '');
      const lines = received.split('\n');
      for (; answered < lines.length - 1; answered += 1) {
        const line = Buffer.from(lines[answered] ?? '', 'latin1').toString('utf8');
        if (line.trim() === '') continue;
        const command = JSON.parse(line) as AgentCommand;
        if (command.execute === 'guest-sync-delimited') {
          socket.write(Buffer.from([0xff]));
          socket.write(`${JSON.stringify({ return: command.arguments?.id })}\n`);
        } else socket.write(`${JSON.stringify(reply(command))}\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}
