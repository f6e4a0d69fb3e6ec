// A unit test that reaches out of its process fails here, and says so, instead of passing on one machine only.
import childProcess, { ChildProcess } from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

type Members = Record<string, unknown>;

function forbid(owner: object, names: readonly string[], what: string): void {
  for (const name of names) {
    (owner as Members)[name] = () => {
      throw new Error(`A unit test tried to ${what} (${name}). Name the file *.lab.test.ts if it must.`);
    };
  }
}

function functionsOf(owner: object, prefix: RegExp): string[] {
  return Object.getOwnPropertyNames(owner).filter((name) => prefix.test(name));
}

const lookup = /^(?:lookup|resolve|reverse)/;

// spawn, exec, execFile and fork all end in this method; the synchronous three do not.
forbid(ChildProcess.prototype, ['spawn'], 'start a process');
forbid(childProcess, ['spawnSync', 'execSync', 'execFileSync'], 'start a process');
// http, https, tls and undici all end in these two.
forbid(net.Socket.prototype, ['connect'], 'open a connection');
forbid(net.Server.prototype, ['listen'], 'listen on a port');
forbid(dgram.Socket.prototype, ['bind', 'connect', 'send'], 'send datagrams');
forbid(dns, functionsOf(dns, lookup), 'ask a name server');
forbid(dns.promises, functionsOf(dns.promises, lookup), 'ask a name server');
for (const resolver of [dns.Resolver, dns.promises.Resolver]) {
  forbid(
    resolver.prototype,
    functionsOf(Object.getPrototypeOf(resolver.prototype), lookup),
    'ask a name server',
  );
  forbid(resolver.prototype, functionsOf(resolver.prototype, lookup), 'ask a name server');
}
// Makes `import { spawnSync } from 'node:child_process'` see the change too.
syncBuiltinESMExports();
