import type { DoctorScene, SceneTools } from './doctor-scene.ts';

const profile = 'uuid=$(nmcli -g GENERAL.CON-UUID device show eth0)';

/**
 * Builds a system that declares a name in a clone of a NixOS template; `verb` is nixos-rebuild's, which ends with 4
 * where a unit failed: 9002's cloud-init does, since it tries to write the declared /etc/hostname.
 */
function declare(vmid: number, verb: string, imports: string, declared: string) {
  const nix = `{ imports = [ /etc/nixos/${imports}.nix ]; networking.hostName = "${declared}"; }`;
  return ({ inside }: SceneTools) =>
    inside(
      String(vmid),
      `PATH=/run/current-system/sw/bin:/usr/local/bin:$PATH; export PATH
       printf '%s\\n' '${nix}' >/etc/nixos/scene.nix
       cd / && nixos-rebuild ${verb} --no-flake -I nixos-config=/etc/nixos/scene.nix >/dev/null 2>&1 || [ $? = 4 ]`,
    );
}

const inGuest =
  (vmid: number, script: string) =>
  ({ inside }: SceneTools) =>
    inside(String(vmid), script);

const sameIaid = `mkdir -p /etc/systemd/network/10-ethernet.network.d
printf '[DHCPv4]\\nIAID=1\\n' >/etc/systemd/network/10-ethernet.network.d/iaid.conf
networkctl reload; sleep 2`;

/** Every state that the lab can bring about by its real cause. */
export const doctorScenes: readonly DoctorScene[] = [
  {
    vmid: 801,
    name: 'ada',
    template: 9011,
    segment: 'srv',
    cause:
      'a fresh clone of a Debian 13 template with systemd-networkd, which asks before cloud-init has read user-data',
    rules: ['cloud-init-after-network', 'client-sends-old-name', 'lease-name-is-template'],
    firstBroken: 'lease',
  },
  {
    vmid: 802,
    name: 'bob',
    template: 9013,
    cause: 'a fresh clone of a Debian 12 template with ifupdown and ISC dhclient',
    rules: ['cloud-init-after-network', 'lease-name-is-template'],
    firstBroken: 'lease',
  },
  {
    vmid: 803,
    name: 'cal',
    template: 9000,
    cause: 'a fresh clone of the NixOS template',
    rules: ['overlay-not-applied'],
    firstBroken: 'declaration',
  },
  {
    vmid: 804,
    name: 'dora',
    template: 9014,
    cause: 'a template’s name in the connection profile, applied',
    setUp: inGuest(
      804,
      `${profile}; nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm; nmcli device reapply eth0; sleep 1`,
    ),
    rules: ['client-sends-old-name'],
    firstBroken: 'dhcp-client',
  },
  {
    vmid: 805,
    name: 'eve',
    template: 9014,
    cause: 'a profile told to send no name, and a lease given back and asked for anew',
    setUp: inGuest(
      805,
      `${profile}; nmcli connection modify "$uuid" ipv4.dhcp-send-hostname no ipv4.dhcp-send-release yes
       nmcli device reapply eth0; nmcli connection down "$uuid"; sleep 1; nmcli connection up "$uuid"; sleep 1`,
    ),
    rules: ['lease-has-no-name'],
    firstBroken: 'dhcp-client',
  },
  {
    vmid: 806,
    name: 'fay',
    template: 9014,
    cause: 'an old name in the saved profile, not yet applied',
    setUp: inGuest(806, `${profile}; nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm`),
    rules: ['name-will-not-last'],
    firstBroken: 'next-boot',
  },
  {
    vmid: 807,
    name: 'gil',
    template: 9010,
    cause: 'another name given to the kernel alone, by `hostname`',
    setUp: inGuest(807, 'hostname other'),
    rules: ['static-differs-from-transient'],
    firstBroken: 'transient',
  },
  {
    vmid: 808,
    name: 'hal',
    template: 9014,
    cause: 'a stopped guest agent, and no host key that ssh could trust',
    setUp: inGuest(808, 'systemctl stop qemu-guest-agent'),
    rules: ['agent-blind'],
  },
  {
    vmid: 809,
    name: 'ida',
    template: 9014,
    cause: 'a static name with an underscore, which NetworkManager does not send',
    setUp: inGuest(
      809,
      'echo ida_9 >/etc/hostname; systemctl try-restart systemd-hostnamed; hostnamectl --static; sleep 1',
    ),
    rules: ['guest-name-differs-from-vm-name', 'name-not-legal'],
    // Where NetworkManager has not heard of it yet, and will by the next boot.
    perhaps: ['name-will-not-last'],
    firstBroken: 'static',
  },
  {
    vmid: 810,
    name: 'jon',
    template: 9014,
    cause: 'a VM renamed at the hypervisor while it runs',
    setUp: ({ cluster }) => cluster.call('PUT', '/nodes/tappaas1/qemu/810/config', { name: 'jonas' }),
    rules: ['guest-name-differs-from-vm-name', 'instance-id-changed'],
    firstBroken: 'static',
  },
  {
    vmid: 811,
    name: 'kim',
    template: 9014,
    access: 'ssh',
    cause: 'user-data of its own with another name, given to a VM that was named right before',
    setUp: async ({ cluster, inside }) => {
      await inside(
        'node',
        'file=$(pvesm path local:snippets/kim.yaml); printf "#cloud-config\\nhostname: other\\n" >"$file"',
      );
      await cluster.call('PUT', '/nodes/tappaas1/qemu/811/config', {
        cicustom: 'user=local:snippets/kim.yaml',
      });
    },
    rules: ['flips-back-at-boot'],
    firstBroken: 'cloud-init',
  },
  {
    vmid: 812,
    name: 'lea',
    template: 9014,
    further: { net1: 'virtio,bridge=lan' },
    cause: 'two network cards in one segment',
    rules: ['own-nics-compete'],
  },
  {
    vmid: 813,
    name: 'max',
    template: 9011,
    cause: 'two clones of one template whose client identifiers are made from one machine-id',
    setUp: ({ inside }) => Promise.all(['813', '814'].map((host) => inside(host, sameIaid))),
    rules: ['duplicate-client-id'],
    // Which of the two the server has given the address to last.
    perhaps: ['cloud-init-after-network', 'lease-name-is-template'],
  },
  {
    vmid: 815,
    name: 'ned',
    template: 9014,
    cause: 'another static name, set by hand',
    setUp: inGuest(815, 'hostnamectl set-hostname nadine; sleep 1'),
    rules: ['guest-name-differs-from-vm-name'],
    firstBroken: 'static',
  },
  {
    vmid: 816,
    name: 'ola',
    template: 9001,
    cause: '`nixos-rebuild boot` with the right name, and no boot since',
    setUp: declare(816, 'boot', 'plain', 'ola'),
    rules: ['hostname-pending-reboot'],
    firstBroken: 'static',
  },
  {
    vmid: 817,
    name: 'pam',
    template: 9001,
    cause: '`nixos-rebuild switch` with a configuration that declares another guest’s name',
    setUp: declare(817, 'switch', 'plain', 'pamela'),
    rules: ['declared-name-is-another'],
    firstBroken: 'declaration',
  },
  {
    vmid: 818,
    name: 'quin',
    template: 9014,
    cause: 'a profile that is right and applied, while another guest took the name of the lease',
    setUp: async ({ inside }) => {
      const apply = `${profile}; nmcli connection modify "$uuid" ipv4.dhcp-hostname quin; nmcli device reapply eth0; sleep 1`;
      await inside('818', apply);
      await inside('819', apply);
    },
    rules: ['name-held-by-other', 'reapply-was-a-noop'],
    firstBroken: 'lease',
  },
  {
    vmid: 820,
    name: 'sam',
    template: 9001,
    cause:
      '`nixos-rebuild switch` with the right name while hostnamed runs, which tells nobody that the file has changed',
    // hostnamed ends when nobody has asked it for 30 s; its next start would be news to NetworkManager.
    setUp: async (tools) => {
      await tools.inside('820', 'hostnamectl --static');
      await declare(820, 'switch', 'plain', 'sam')(tools);
    },
    rules: ['client-believes-old-name', 'hostname-pending-reboot'],
    firstBroken: 'transient',
  },
  {
    vmid: 821,
    name: 'tess',
    template: 9002,
    cause:
      'a keyfile with a stale name that the template handed on, which outlives `nixos-rebuild switch` with the right name',
    setUp: async (tools) => {
      await declare(821, 'switch', 'set-hostname', 'tess')(tools);
      await tools.inside('821', 'hostname tess');
    },
    rules: ['client-sends-old-name'],
    firstBroken: 'dhcp-client',
  },
  {
    vmid: 822,
    name: 'udo',
    template: 9011,
    cause: 'a drop-in of networkd with the template’s name, in one of several clones with one machine-id',
    setUp: inGuest(
      822,
      `mkdir -p /etc/systemd/network/10-ethernet.network.d
       printf '[DHCPv4]\\nHostname=debian13-networkd\\n' >/etc/systemd/network/10-ethernet.network.d/90-name.conf
       networkctl reload; sleep 2`,
    ),
    rules: ['client-sends-old-name', 'duplicate-client-id'],
    firstBroken: 'dhcp-client',
  },
  {
    vmid: 824,
    name: 'walt',
    template: 9014,
    cause: 'an old name in the saved profile, covered until the next boot by a copy in /run that is right',
    setUp: inGuest(
      824,
      `${profile}; nmcli connection modify "$uuid" ipv4.dhcp-hostname debian13-nm
       nmcli connection modify --temporary "$uuid" ipv4.dhcp-hostname ''; nmcli device reapply eth0; sleep 1`,
    ),
    rules: ['name-will-not-last'],
  },
  {
    vmid: 825,
    name: 'xena.example',
    template: 9014,
    cause: 'two VMs whose names differ after the first dot only',
    rules: ['name-not-legal'],
    // Where the other one has asked last.
    perhaps: ['name-held-by-other'],
  },
];

/** Guests that a scene needs beside its own. */
export const companions: readonly Pick<DoctorScene, 'vmid' | 'name' | 'template'>[] = [
  { vmid: 814, name: 'mia', template: 9011 },
  { vmid: 819, name: 'rex', template: 9014 },
  { vmid: 826, name: 'xena', template: 9014 },
];
