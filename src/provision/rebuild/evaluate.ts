import { TruenameError } from '../../domain/error.ts';
import { sameName } from '../../domain/name.ts';
import type { EvaluatedSystem, SystemBuilder } from '../../domain/system-builder.ts';
import type { RebuildContext } from './context.ts';

/**
 * Brings the configuration to where it is built, and evaluates it. One that gives the machine another name would undo the
 * work at the next boot, so the VM's own name is declared above it; unless somebody wants it kept as it is.
 */
export async function evaluateConfiguration(
  { request, signal, note }: RebuildContext,
  builder: SystemBuilder,
): Promise<EvaluatedSystem> {
  for (const each of await builder.prepare({ forceName: false }, signal)) note(each);
  const first = await builder.evaluate(signal);
  if (sameName(first.declaredName, request.name)) return first;
  const declared = first.declaredName === '' ? 'no host name' : `the host name ${first.declaredName}`;
  if (request.keepDeclaredName) {
    note(
      `the configuration declares ${declared}, which is kept: the next boot will not send ${request.name}`,
    );
    return first;
  }
  await builder.prepare({ forceName: true }, signal);
  const forced = await builder.evaluate(signal);
  if (sameName(forced.declaredName, request.name)) {
    note(`the configuration declares ${declared}; what is built declares ${request.name} above it`);
    return forced;
  }
  throw new TruenameError(
    'configuration-names-other',
    `the configuration declares ${declared}, and with mkForce above it ${forced.declaredName || 'none'}`,
    {
      where: request.configuration,
      hint: `Set networking.hostName = "${request.name}"; in it. Nothing was built.`,
    },
  );
}
