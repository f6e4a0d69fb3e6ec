/** Texts of a cloud-init seed as the hypervisor holds them; they may hold secrets and are dropped once read. */
export interface SeedTexts {
  readonly user: SeedText;
  readonly meta: SeedText;
}

/** One text, and whether somebody wrote it by hand in place of the generated one. */
export interface SeedText {
  readonly text: string;
  readonly custom: boolean;
  /** As a person would name it: `generated user-data of 610`, `local:snippets/alpha.yaml`. */
  readonly source: string;
}

/** What the next start gives to cloud-init, of what concerns the name. */
export interface CloudInitSeed {
  /** `hostname`, else the first label of `fqdn`, of the user-data; absent when it gives none. */
  readonly userHostname?: string;
  readonly fqdn?: string;
  /** `local-hostname` of the meta-data: the only name that cloud-init knows before the network. */
  readonly localHostname?: string;
  readonly preserveHostname?: boolean;
  readonly instanceId?: string;
  /** Sources of the texts that are not the generated ones. */
  readonly custom: readonly string[];
}

/**
 * The name that the next start gives to the guest: user-data counts before meta-data (cloudinit/util.py,
 * `get_hostname_fqdn`).
 */
export function seedName(seed: CloudInitSeed): string | undefined {
  return seed.userHostname ?? seed.localHostname;
}
