import { firstLabel, sameName } from '../../src/domain/name.ts';
import type { BootResult } from './chain.ts';

/**
 * Whether a boot went as its case states. With the module: packets were seen, none of them and no lease under another name,
 * and the lease bears the name; all of that until the guest had started all that it starts. Today's template must show the bug,
 * or the test could not see it. What comes later in a boot cannot undo that, so it is ended there.
 */
export function passed(result: BootResult): boolean {
  const { boot, packets, wrongNamePackets, secondsUnderWrongName } = result;
  if (!boot.module) return wrongNamePackets > 0 && secondsUnderWrongName > 0;
  return packets > 0 && wrongNamePackets === 0 && secondsUnderWrongName === 0 && leaseIsRight(result);
}

function leaseIsRight({ boot: { expected }, leaseName }: BootResult): boolean {
  if (leaseName === undefined) return false;
  if (expected === undefined || leaseName === null) return expected === undefined && leaseName === null;
  return sameName(firstLabel(leaseName), expected);
}
