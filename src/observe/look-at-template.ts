import { TruenameError } from '../domain/error.ts';
import type { GuestSummary } from '../domain/guest.ts';
import type { CloudInitState } from '../domain/guest-facts.ts';
import { notObservable, type Observation, observed } from '../domain/observation.ts';
import type { GuestProbe, Hypervisor } from '../domain/ports.ts';
import type { TemplateLeftovers } from '../domain/template-leftovers.ts';
import { configurationFaults, insideFaults, type TemplateFault } from '../plan/template-faults.ts';
import { attempt } from './attempt.ts';
import { gather } from './gather.ts';
import { type GuestProbes, guestView } from './probes.ts';

/** What was found of a template, or of a VM that is to become one. */
export interface TemplateLook {
  readonly faults: readonly TemplateFault[];
  /** The shell by which its disk was looked at, or why it was not. */
  readonly inside: Observation<string>;
}

/** Where it is looked at. */
export interface TemplateSources {
  readonly hypervisor: Hypervisor;
  readonly probes: GuestProbes;
  readonly leftovers: GuestProbe<TemplateLeftovers>;
  readonly now: () => string;
}

/**
 * Looks at the configuration of a template, and into a VM that is to become one and runs still, by its guest agent. Changes
 * nothing: a template itself never runs, and is not copied to be looked at.
 */
export async function lookAtTemplate(
  { hypervisor, probes, leftovers, now }: TemplateSources,
  guest: GuestSummary,
  signal: AbortSignal,
): Promise<TemplateLook> {
  const configuration = await hypervisor.configuration(guest, signal);
  const known = configurationFaults(configuration);
  const where = { source: `inside ${guest.ref.node}/${guest.ref.vmid}`, at: now() };
  const without = (code: 'vm-is-template' | 'guest-off' | 'unsupported', why: string): TemplateLook => ({
    faults: known,
    inside: notObservable(new TruenameError(code, why), where),
  });
  if (configuration.template)
    return without('vm-is-template', 'a template does not run; look at it before it becomes one');
  const current = await hypervisor.find(guest.ref.vmid, signal);
  if (current?.power !== 'running') return without('guest-off', 'it does not run');
  const [first] = configuration.nics;
  const shell = configuration.agentEnabled ? hypervisor.inside?.(guest) : undefined;
  if (shell === undefined || first === undefined)
    return without('unsupported', 'nobody can enter it by its guest agent');
  const seen = await attempt(where.source, now, signal, (until) =>
    gather(shell, { ...probes, leftovers }, first.mac, until),
  );
  if (seen.seen !== 'value')
    return { faults: known, inside: seen.seen === 'empty' ? observed<string>(undefined, where) : seen };
  const { leftovers: left, ...parts } = seen.value;
  const view = guestView(parts);
  const cloudInit: CloudInitState = view.cloudInit;
  const found = insideFaults({ leftovers: left, cloudInit, client: view.client?.kind });
  return { faults: [...known, ...found], inside: observed(shell.via, where) };
}
