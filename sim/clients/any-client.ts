import type { SimDhcpcd } from './dhcpcd.ts';
import type { SimNetworkManager } from './network-manager.ts';
import type { SimNetworkd } from './networkd.ts';

/** Whichever client a machine has; `kind` tells which. */
export type AnySimClient = SimNetworkManager | SimNetworkd | SimDhcpcd;
