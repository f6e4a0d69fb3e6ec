import type { NixosSystem, NixosSystems } from '../../domain/guest-facts.ts';
import type { GuestProbe, ProbeValues } from '../../domain/ports.ts';

/** The three systems of a NixOS machine; all undefined on any other. */
export const nixosProbe: GuestProbe<NixosSystems> = {
  section: 'nixos',
  script: `
for pair in booted:/run/booted-system current:/run/current-system next:/nix/var/nix/profiles/system; do
  k=nixos.\${pair%%:*}; p=\${pair#*:}
  [ -e "$p/nixos-version" ] || continue
  kb $k.path "$(readlink -f "$p")"
  kf $k.name "$p/etc/hostname"
  for part in kernel initrd kernel-modules; do kb $k.$part "$(readlink -f "$p/$part")"; done
done`,
  parse(values) {
    return {
      booted: system(values, 'booted'),
      current: system(values, 'current'),
      next: system(values, 'next'),
    };
  },
};

function system(values: ProbeValues, which: string): NixosSystem | undefined {
  const path = values.get(`${which}.path`);
  if (path === undefined) return undefined;
  return {
    path,
    declaredName: values.get(`${which}.name`)?.trim() ?? '',
    kernel: values.get(`${which}.kernel`) ?? '',
    initrd: values.get(`${which}.initrd`) ?? '',
    kernelModules: values.get(`${which}.kernel-modules`) ?? '',
  };
}
