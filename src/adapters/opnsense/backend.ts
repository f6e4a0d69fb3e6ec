import { SourceError } from '../../domain/error.ts';
import type { OpnsenseApi } from './api.ts';
import { privilegeFor } from './privileges.ts';
import { read } from './read.ts';
import { dnsmasqSettingsSchema, keaSettingsSchema, statusSchema } from './schema.ts';

/** What hands out the leases. */
export type Backend = 'dnsmasq' | 'kea';

/** What is switched on, by what the product says of each; `hidden` where the user of the API key may not see it. */
type Switch = 'on' | 'off' | 'hidden';

/**
 * Which of the DHCP servers is switched on. Throws `unsupported` for ISC, with what to do instead, and where none is on;
 * `configuration-invalid` where two are; `permission-refused` where what may be seen is off, and the rest may not be seen.
 */
export async function findBackend(api: OpnsenseApi, signal: AbortSignal): Promise<Backend> {
  const [dnsmasq, kea] = await Promise.all([
    switchOf(() => dnsmasqIsOn(api, signal)),
    switchOf(() => keaIsOn(api, signal)),
  ]);
  if (dnsmasq === 'on' && kea === 'on')
    throw new SourceError(
      'configuration-invalid',
      api.source,
      'both Dnsmasq and Kea are set to hand out leases',
      {
        hint: 'Name the one of this segment as backend in truename.yaml.',
      },
    );
  if (dnsmasq === 'on') return 'dnsmasq';
  if (kea === 'on') return 'kea';
  if ((await switchOf(() => iscIsOn(api, signal))) === 'on') throw iscError(api.source);
  const hidden = [...(dnsmasq === 'hidden' ? ['dnsmasq'] : []), ...(kea === 'hidden' ? ['kea'] : [])];
  if (hidden.length > 0) {
    const names = hidden.map((each) => privilegeFor([each])).join(' or ');
    throw new SourceError(
      'permission-refused',
      api.source,
      `whether ${hidden.join(' or ')} hands out leases may not be seen, and nothing else does`,
      { hint: `Give the user of the API key the privilege ${names}, by what hands out the leases.` },
    );
  }
  throw new SourceError('unsupported', api.source, 'neither Dnsmasq nor Kea is set to hand out leases', {
    hint: 'Switch one of them on with a range (Services: Dnsmasq, or Services: Kea), or name another DHCP server for this segment.',
  });
}

/** What is said to whoever asks anything of ISC; the message says what to do, since what only could not be looked at has no hint. */
function iscError(source: string): SourceError {
  return new SourceError(
    'unsupported',
    source,
    'its leases come from ISC DHCP, whose reservations no API writes: that network is to be moved to Dnsmasq or Kea',
    {
      hint: 'Move it under Services: Dnsmasq DNS & DHCP, or Services: Kea DHCP; ISC DHCP left the product with 26.1 but for a plugin.',
    },
  );
}

async function switchOf(look: () => Promise<boolean>): Promise<Switch> {
  try {
    return (await look()) ? 'on' : 'off';
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.code === 'unsupported') return 'off';
    if (error.code === 'permission-refused') return 'hidden';
    throw error;
  }
}

/** Dnsmasq hands out leases where it has ranges (M/Dnsmasq/Dnsmasq.xml, `dhcp_ranges`, since 25.1.6). */
async function dnsmasqIsOn(api: OpnsenseApi, signal: AbortSignal): Promise<boolean> {
  const path = ['dnsmasq', 'settings', 'get'];
  const { dnsmasq } = read(
    dnsmasqSettingsSchema,
    await api.get({ path, signal }),
    api.source,
    path.join('/'),
  );
  return dnsmasq.enable && Object.keys(dnsmasq.dhcp_ranges).length > 0;
}

async function keaIsOn(api: OpnsenseApi, signal: AbortSignal): Promise<boolean> {
  const path = ['kea', 'dhcpv4', 'get'];
  const { dhcpv4 } = read(keaSettingsSchema, await api.get({ path, signal }), api.source, path.join('/'));
  return dhcpv4.general.enabled;
}

/** 404 since 26.1 without the plugin os-isc-dhcp. */
async function iscIsOn(api: OpnsenseApi, signal: AbortSignal): Promise<boolean> {
  const path = ['dhcpv4', 'service', 'status'];
  const { status } = read(statusSchema, await api.get({ path, signal }), api.source, path.join('/'));
  return status === 'running';
}
