import type { PinnedHostKeys } from './ports.ts';

/** Key types that are taken from a guest (RFC 8709, RFC 5656, RFC 8332); others are passed over. */
const types = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];

/** Public host keys in a text of `*.pub` files, each as `type base64`, without comments. */
export function parseHostKeys(text: string): string[] {
  const keys: string[] = [];
  for (const line of text.split('\n').slice(0, 64)) {
    const [type, key] = line.trim().split(/\s+/);
    if (type === undefined || key === undefined || !types.includes(type)) continue;
    if (/^[A-Za-z0-9+/]{40,4096}={0,3}$/.test(key)) keys.push(`${type} ${key}`);
  }
  return [...new Set(keys)];
}

/** What to do about the host keys of a guest. */
export type HostKeyDecision =
  /** Pin what the agent showed: nothing was pinned, or the VM's own agent shows new keys. */
  | { readonly action: 'pin'; readonly keys: readonly string[]; readonly changed: boolean }
  | { readonly action: 'use-pin' }
  | { readonly action: 'refuse'; readonly because: string };

/**
 * The agent is reached through the hypervisor, so what it shows is the word of that very VM: cloud-init makes
 * new keys whenever the instance id changes, and such a change is taken and said. Without the agent only a
 * pin counts; a key that merely appears at an address is never trusted.
 */
export function decideHostKey(
  pinned: PinnedHostKeys | undefined,
  shown: readonly string[] | undefined,
): HostKeyDecision {
  if (shown !== undefined && shown.length > 0) {
    const same = pinned !== undefined && shown.every((key) => pinned.keys.includes(key));
    return same ? { action: 'use-pin' } : { action: 'pin', keys: shown, changed: pinned !== undefined };
  }
  if (pinned !== undefined) return { action: 'use-pin' };
  return { action: 'refuse', because: 'the guest agent shows no host key and none was learnt before' };
}

/** The alias under which a VM's keys are pinned: its uuid, which a clone never shares. */
export function hostKeyAlias(vmid: number, uuid: string): string {
  return `truename-vm-${vmid}-${uuid}`;
}
