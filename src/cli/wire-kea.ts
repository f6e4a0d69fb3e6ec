import { keaOverHttp, keaServer } from '../adapters/kea/server.ts';
import type { SshTarget } from '../adapters/openssh/target.ts';
import type { KeaDefinition } from '../config/configuration.ts';
import { readSecret } from '../config/secret.ts';
import type { DhcpServer, Shell } from '../domain/ports.ts';
import { systemClock } from '../lib/clock.ts';

/** What a Kea is composed with. */
export interface KeaParts {
  /** The way to a machine. */
  shellOn(target: SshTarget): Shell;
  /** For one question, in milliseconds. */
  readonly timeoutMs: number;
  /** Takes what is to be done when the connections of the run end. */
  atClose(end: () => Promise<void>): void;
}

/** A Kea on its machine or over HTTP; its password is read, and its connection is made, at the first question. */
export function wireKea({ id, access, ipv6 }: KeaDefinition, parts: KeaParts): DhcpServer {
  const { shellOn, timeoutMs, atClose } = parts;
  if (access.kind === 'ssh') {
    const { ssh, socket, socket6, configurationFile } = access;
    const { host, ...login } = ssh;
    const shell = shellOn({ name: host, ...login });
    return keaServer({ id, shell, sockets: { 4: socket, 6: socket6 }, configurationFile, ipv6 });
  }
  const { url, login, trust } = access;
  const connect = async () => {
    const { controlAgentChannel } = await import('../adapters/kea/control-agent.ts');
    const { now } = systemClock;
    const asked =
      login === undefined ? {} : { login: { user: login.user, password: await readSecret(login.password) } };
    const channel = controlAgentChannel({ url, trust, timeoutMs, now, ...asked });
    atClose(() => channel.close());
    return channel;
  };
  return keaOverHttp(id, connect, ipv6);
}
