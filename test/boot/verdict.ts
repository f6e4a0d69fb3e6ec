import { firstLabel, sameName } from '../../src/domain/name.ts';
import type { BootResult } from './chain.ts';

/**
 * Whether a boot went as its case states. With the module: packets were seen, none of them and no lease under another name,
 * and the lease bears the name. Today's template must show the bug, or the test could not see it.
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
