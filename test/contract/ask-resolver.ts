import { dnsResolver } from '../../src/adapters/dns/resolver.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Fqdn } from '../../src/domain/name.ts';

// Asks a resolver from the network that this process runs in: `ask-resolver.ts SERVER forward|reverse WHAT`.
const [server = '', direction, what = ''] = process.argv.slice(2);
const resolver = dnsResolver({ id: server, address: server });
const signal = AbortSignal.timeout(20_000);
const answer =
  direction === 'forward'
    ? await resolver.forward(what as Fqdn, signal)
    : await resolver.reverse(what as Address, signal);
process.stdout.write(JSON.stringify(answer));
