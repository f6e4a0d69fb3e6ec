/** The three ways in which a template's Ethernet connection comes about, each with its own trouble. */
export const profileShapes = ['ensure-profiles', 'automatic', 'stale-keyfile'] as const;

/** One of {@link profileShapes}. */
export type ProfileShape = (typeof profileShapes)[number];

/** Files of `lab/nix/template` that each template holds; the first is its configuration. */
export const configurationsOf: Readonly<Record<ProfileShape, readonly string[]>> = {
  'ensure-profiles': ['ensure-profiles.nix', 'plain.nix', 'configuration.nix'],
  automatic: ['plain.nix', 'configuration.nix'],
  'stale-keyfile': ['set-hostname.nix', 'plain.nix', 'configuration.nix'],
};

/** What somebody's `nmcli connection modify` left in the template: every clone inherits it. */
export const staleKeyfile = `[connection]
id=ethernet
uuid=6d0c8a52-1f3b-4e8e-9a5e-6b1c2f7d9e01
type=ethernet
autoconnect-priority=10

[ethernet]

[ipv4]
dhcp-hostname=tappaas-nixos
method=auto

[ipv6]
method=auto
`;
