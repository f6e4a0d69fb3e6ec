import { type Call, text, vmOf } from '../call.ts';
import { cloudInitTexts } from '../cloud-init.ts';
import { imagedValues, rebuildImage } from '../machine.ts';
import { may } from '../permission.ts';
import { checkLock, mergedValues } from '../vm.ts';
import { difference } from './guests.ts';

/** GET ~/qemu/$/cloudinit: what the image has (`value`) beside what the configuration says (`pending`). */
export function pending(call: Call): unknown {
  const vm = vmOf(call);
  const wanted = imagedValues(vm.values);
  const imaged = vm.imaged ?? {};
  const keys = [...new Set([...Object.keys(imaged), ...Object.keys(wanted)])].sort();
  return keys.map((key) => {
    const next = wanted[key] === imaged[key] ? undefined : wanted[key];
    return difference(key, imaged[key], next, wanted[key] === undefined ? 1 : undefined);
  });
}

/** PUT ~/qemu/$/cloudinit: a new image now; nothing without a cloud-init drive. */
export async function regenerate(call: Call): Promise<unknown> {
  const vm = vmOf(call);
  checkLock(vm);
  await rebuildImage(call.cluster, vm);
  return null;
}

/** GET ~/qemu/$/cloudinit/dump: the generated texts, whatever `cicustom` says; the password masked. */
export function dump(call: Call): unknown {
  const vm = vmOf(call);
  const values = mergedValues(vm);
  const maySee = may(call.identity, `/vms/${vm.vmid}`, ['VM.Config.Cloudinit']);
  if (!maySee && values.cipassword !== undefined) values.cipassword = '**********';
  const texts = cloudInitTexts(vm.vmid, values, call.cluster.state.resolver);
  const type = text(call, 'type');
  if (type === 'user') return texts.user;
  return type === 'network' ? texts.network : texts.meta;
}
