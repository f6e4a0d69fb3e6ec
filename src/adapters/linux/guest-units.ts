import { SourceError } from '../../domain/error.ts';
import type { GuestUnits, PackagedFile, StandingFile } from '../../domain/guest-units.ts';
import type { ProbeValues } from '../../domain/ports.ts';
import { shown } from '../../lib/shown.ts';

/** Where `nix/guest/install.sh` puts each file, with its mode. */
export const unitTargets = {
  'hostname.sh': { path: '/usr/local/lib/truename/hostname.sh', mode: '755' },
  'find-name.sh': { path: '/usr/local/lib/truename/find-name.sh', mode: '755' },
  'dhcp-hostname.sh': { path: '/usr/local/lib/truename/dhcp-hostname.sh', mode: '755' },
  'truename-hostname.service': { path: '/etc/systemd/system/truename-hostname.service', mode: '644' },
  'truename-dhcp-hostname.service': {
    path: '/etc/systemd/system/truename-dhcp-hostname.service',
    mode: '644',
  },
  'hostnamed.conf': { path: '/etc/systemd/system/systemd-hostnamed.service.d/truename.conf', mode: '644' },
} as const;

/** What the scripts use beside the shell; blkid and mount find the seed, timeout bounds the search. */
const programs = ['blkid', 'grep', 'head', 'mount', 'sed', 'timeout', 'tr'];

const paths = Object.values(unitTargets).map(({ path }) => path);

/** The size of a file's name in the guest is nobody's to choose, so the paths stand in the script. */
const script = `
[ -e /etc/NIXOS ] && kv units.nixos 1
[ -d /run/systemd/system ] && kv units.systemd 1
units_missing=
for units_program in ${programs.join(' ')}; do have "$units_program" || units_missing="$units_missing $units_program"; done
kb units.missing "$units_missing"
units_file() { if [ -f "$2" ] && [ ! -L "$2" ]; then kb "units.file$1" "$(stat -c '%a %u' "$2") $(sha256sum <"$2")"; elif [ -e "$2" ] || [ -L "$2" ]; then kv "units.file$1" other; fi; }
${paths.map((path, index) => `units_file ${index} ${path}`).join('\n')}
kc units.enabled systemctl is-enabled truename-hostname.service truename-dhcp-hostname.service
kf units.settings /etc/truename/guest.conf
[ -f ${unitTargets['truename-hostname.service'].path} ] && have systemd-analyze && kb units.complaint "$(timeout 20 systemd-analyze verify --man=no ${unitTargets['truename-hostname.service'].path} 2>&1 | grep -F truename | head -n 5)"
kv units.end 1`;

/**
 * Its words are those of the installer; both it and its folder are gone afterwards. The files are the package's own, and stand in it
 * as base64: as arguments they would be several times as long, and the agent takes 64 KiB.
 */
const installScript = (files: readonly PackagedFile[]) => `
set -eu
umask 077
folder=$(mktemp -d /run/truename-install.XXXXXX)
trap 'rm -rf "$folder"' EXIT
${files.map(({ name, content }) => `base64 -d >"$folder/${name}" <<'END'\n${content.toString('base64')}\nEND`).join('\n')}
sh "$folder/install.sh" "$@" 2>&1`;

const timeoutMs = 60_000;

/** The units in a Linux guest with systemd. */
export const linuxGuestUnits: GuestUnits = {
  look: {
    section: 'units',
    script,
    parse(values) {
      if (values.get('end') !== '1') throw new Error('it was not looked through to the end');
      const settings = values.get('settings');
      const enabled = (values.get('enabled') ?? '').split('\n').filter((line) => line === 'enabled');
      return {
        nixos: values.get('nixos') === '1',
        systemd: values.get('systemd') === '1',
        missing: (values.get('missing') ?? '').split(' ').filter((each) => each !== ''),
        files: paths.map((path, index) => standingFile(path, values, index)),
        enabled: enabled.length === 2,
        ...(settings === undefined ? {} : { settings }),
        complaint: values.get('complaint') ?? '',
      };
    },
  },
  async runInstaller(shell, files, words, signal) {
    const script = installScript(files);
    const { exitCode, stdout, stderr } = await shell.run(script, {
      args: words,
      root: true,
      timeoutMs,
      signal,
    });
    if (exitCode === 0) return;
    const said = shown(`${stdout}\n${stderr}`.trim());
    throw new SourceError('command-failed', shell.via, `the installer ended with ${exitCode}: ${said}`);
  },
};

function standingFile(path: string, values: ProbeValues, index: number): StandingFile {
  const told = values.get(`file${index}`);
  if (told === undefined) return { path };
  const match = /^(\d{3,4}) (\d+) ([0-9a-f]{64})\b/.exec(told);
  // Whatever else stands there is none of the files, and is written over by none of them.
  if (match === null) return { path, sha256: 'other' };
  const [, mode = '', owner, sha256 = ''] = match;
  return { path, mode, ofRoot: owner === '0', sha256 };
}
