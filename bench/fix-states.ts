import type { BenchGuest, FixScene } from './fix-scene.ts';

/** A guest of each client, and what gives its lease the template's name again. */
export const wrongGuests = {
  'network-manager': {
    guest: { vmid: 610, name: 'alpha', template: 9014 },
    template: 'debian13-nm',
    script: `uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm; nmcli device reapply eth0`,
  },
  networkd: {
    guest: { vmid: 611, name: 'beta', template: 9011 },
    template: 'debian13-networkd',
    script: `folder=/etc/systemd/network/10-ethernet.network.d
mkdir -p $folder; rm -f $folder/zz-truename.conf
printf '[DHCPv4]\\nHostname=debian13-networkd\\n' >$folder/90-name.conf; networkctl reload`,
  },
  dhcpcd: {
    guest: { vmid: 612, name: 'gamma', template: 9012 },
    template: 'debian13-dhcpcd',
    script: 'hostnamectl set-hostname debian13-dhcpcd; sleep 0.5; dhcpcd -N eth0',
  },
} as const satisfies Readonly<
  Record<string, { readonly guest: BenchGuest; readonly template: string; readonly script: string }>
>;

/** Brings a guest into its wrong state, and makes sure that its lease shows it. */
export async function spoil(scene: FixScene, kind: keyof typeof wrongGuests): Promise<void> {
  const { guest, template, script } = wrongGuests[kind];
  await scene.inside(guest.vmid, script);
  for (let tries = 0; (await scene.leaseName(guest.vmid)) !== template; tries += 1) {
    if (tries > 50) throw new Error(`the lease of ${guest.name} was to be wrong, and is not`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  // A resolver may keep for some seconds that there is no such name.
  await new Promise((resolve) => setTimeout(resolve, 1500));
}
