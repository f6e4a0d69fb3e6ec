import { SourceError, TruenameError } from '../../domain/error.ts';
import type { Nic } from '../../domain/guest.ts';
import type { MachineIdentity } from '../../domain/guest-facts.ts';
import type { GuestLogin } from '../../domain/guest-login.ts';
import { decideHostKey, parseHostKeys } from '../../domain/host-key.ts';
import type { Shell } from '../../domain/ports.ts';
import { gather } from '../../observe/gather.ts';
import { type Look, waitFor } from '../waiting.ts';
import type { RebuildContext } from './context.ts';
import type { FoundGuest } from './find.ts';

/** Every OpenSSH server keeps its public host keys there, readable by all (sshd_config(5), HostKey). */
const readHostKeys = ['/bin/sh', '-c', 'cat /etc/ssh/ssh_host_*_key.pub'] as const;

/** Reads the host keys through the agent and pins them, or takes the pin that is there. */
export async function trustGuest(
  context: RebuildContext,
  found: FoundGuest,
  login: GuestLogin,
): Promise<string> {
  const { sources, request } = context;
  const pinned = await sources.hostKeys.pinned(login.alias);
  const shown = await keysFromAgent(context, found, pinned !== undefined);
  const decision = decideHostKey(pinned, shown);
  if (decision.action === 'refuse') {
    throw new TruenameError('host-key-untrusted', decision.because, {
      where: `VM ${request.vmid}`,
      hint: 'Enable the QEMU guest agent for the VM and in the guest, then run this again.',
    });
  }
  if (decision.action === 'use-pin') return 'as pinned';
  const learntBy = `guest agent of ${found.summary.ref.node}/${request.vmid}`;
  await sources.hostKeys.pin(login.alias, { keys: decision.keys, learntBy, learntAt: sources.clock.now() });
  return decision.changed ? 'changed, and pinned anew from the guest agent' : 'pinned from the guest agent';
}

async function keysFromAgent(
  context: RebuildContext,
  found: FoundGuest,
  once: boolean,
): Promise<string[] | undefined> {
  const { hypervisor, clock } = context.sources;
  if (hypervisor.agent === undefined || !found.configuration.agentEnabled) return undefined;
  const agent = hypervisor.agent(found.summary.ref);
  const seen = await waitFor<string[]>(
    async () => {
      try {
        const { stdout } = await agent.run(readHostKeys, context.signal);
        const keys = parseHostKeys(stdout);
        return keys.length > 0 ? { found: keys } : { notYet: 'no host keys yet' };
      } catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof SourceError && ['agent-silent', 'timeout'].includes(error.code))
          return { notYet: error.message };
        throw error;
      }
    },
    { forMs: once ? 0 : context.sources.patience.bootMs, everyMs: 500 },
    clock,
    context.signal,
  );
  return 'found' in seen ? seen.found : undefined;
}

/**
 * Waits until the guest lets its user in; sshd and the key that cloud-init brings come some time after the
 * lease. A clone that boots for the first time shows its template's host keys until it has made its own, so
 * they are asked for again after each refusal.
 */
export async function logIn(
  context: RebuildContext,
  found: FoundGuest,
  { login, shell }: { readonly login: GuestLogin; readonly shell: Shell },
): Promise<string> {
  const { clock, patience } = context.sources;
  const look = async () => {
    const seen = await tryLogin(context, shell);
    if ('notYet' in seen) await trustGuest(context, found, login);
    return seen;
  };
  const seen = await waitFor(look, { forMs: patience.bootMs, everyMs: 500 }, clock, context.signal);
  if ('found' in seen) return shell.via;
  throw new TruenameError('unreachable', `the guest does not let us in: ${seen.notYet}`, {
    where: shell.via,
    hint: 'Check the user and key for this guest in truename.yaml, and the ssh key in its cloud-init settings.',
  });
}

async function tryLogin(context: RebuildContext, shell: Shell): Promise<Look<true>> {
  try {
    await shell.run('true', { timeoutMs: 20_000, signal: context.signal });
    return { found: true };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof SourceError && ['unreachable', 'timeout'].includes(error.code))
      return { notYet: error.message };
    throw error;
  }
}

/** The machine behind the address proves to be the VM: it bears the MAC address and the hypervisor's uuid. */
export async function proveIdentity(
  context: RebuildContext,
  found: FoundGuest,
  nic: Nic,
  shell: Shell,
): Promise<MachineIdentity> {
  await mustBecomeRoot(context, shell);
  const { identity } = await gather(
    shell,
    { identity: context.sources.identityProbe },
    nic.mac,
    context.signal,
  );
  const { uuid } = found.configuration;
  const differs: string[] = [];
  if (!identity.macs.includes(nic.mac)) differs.push(`it bears ${identity.macs.join(', ')}, not ${nic.mac}`);
  if (uuid === undefined)
    context.note('the VM has no SMBIOS uuid at the hypervisor; the MAC address alone proves it');
  else if (identity.uuid !== uuid) differs.push(`its uuid is ${identity.uuid ?? 'not shown'}, not ${uuid}`);
  if (differs.length === 0) return identity;
  throw new TruenameError(
    'not-the-vm',
    `the machine that answers is not VM ${context.request.vmid}: ${differs.join('; ')}`,
    {
      where: shell.via,
      hint: 'Nothing was written to it. Look who has this address.',
    },
  );
}

async function mustBecomeRoot(context: RebuildContext, shell: Shell): Promise<void> {
  const { stdout } = await shell.run('id -u', { root: true, timeoutMs: 20_000, signal: context.signal });
  if (stdout.trim() === '0') return;
  throw new TruenameError('privilege-missing', 'root was asked for and not given', { where: shell.via });
}
