import type { DeviceDetails } from './terse.ts';

/**
 * Option 61, lower-case hexadecimal with colons: of the running lease, else what the profile's setting says
 * (nm-settings(5), `ipv4.dhcp-client-id`; each form was compared with the server's lease file). Other words, such as
 * `duid` and `stable`, are made from secrets of the machine, and an unset one from a default elsewhere: undefined.
 */
export function clientIdOf(
  device: Pick<DeviceDetails, 'mac' | 'options'>,
  setting: string,
): string | undefined {
  const leased = device.options.get('dhcp_client_identifier')?.toLowerCase();
  if (leased !== undefined) return hexadecimal.test(leased) ? leased : undefined;
  if (setting === 'mac') return device.mac === '' ? undefined : `01:${device.mac}`;
  return hexadecimal.test(setting) ? setting.toLowerCase() : undefined;
}

const hexadecimal = /^[0-9a-f]{2}(?::[0-9a-f]{2})+$/i;
