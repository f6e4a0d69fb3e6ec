import { TruenameError } from '../../domain/error.ts';
import type { NixosSystems } from '../../domain/guest-facts.ts';
import { sameName } from '../../domain/name.ts';
import type { SwitchOutcome, SystemBuilder } from '../../domain/ports.ts';
import { rebootReasons } from '../../domain/reboot.ts';
import type { RebuildContext } from './context.ts';

/** The configuration must give the machine its own name: anything else would undo the work at the next boot. */
export async function checkDeclaredName(
  { request, signal }: RebuildContext,
  builder: SystemBuilder,
): Promise<string> {
  const declared = await builder.declaredName(signal);
  if (sameName(declared, request.name)) return declared;
  throw new TruenameError(
    'configuration-names-other',
    declared === ''
      ? 'the configuration declares no host name'
      : `the configuration declares the host name ${declared}`,
    {
      where: request.configuration,
      hint: `Set networking.hostName = "${request.name}"; in it. Nothing was built.`,
    },
  );
}

/** Builds and switches; throws unless the new system is in force. */
export async function buildAndSwitch(
  context: RebuildContext,
  builder: SystemBuilder,
): Promise<SwitchOutcome> {
  const outcome = await builder.switch(context.output, context.signal);
  if (outcome.result === 'units-failed')
    context.note('the new system is in force, but some units failed; see systemctl --failed in the guest');
  if (outcome.result !== 'not-built' && outcome.result !== 'not-activated') return outcome;
  const lines = outcome.tail.join('\n');
  if (outcome.result === 'not-activated') {
    throw new TruenameError(
      'activation-failed',
      `the new system was built but its activation failed:\n${lines}`,
      {
        where: `VM ${context.request.vmid}`,
        hint: 'To go back: sudo nixos-rebuild switch --rollback in the guest.',
      },
    );
  }
  throw new TruenameError('build-failed', `nixos-rebuild ended with ${outcome.exitCode}:\n${lines}`, {
    where: `VM ${context.request.vmid}`,
    hint: 'Mend the configuration, or what the last lines complain about, and run this again.',
  });
}

/** Why the guest must be rebooted after the switch; empty when it need not be. */
export function rebootNeeded(outcome: SwitchOutcome, nixos: NixosSystems): string[] {
  const reasons = rebootReasons(nixos);
  return outcome.result === 'reboot-required' ? ['init interface', ...reasons] : reasons;
}
