import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInside } from '../../lab/inside.ts';
import { nodeHost } from '../../lab/segments.ts';
import type { RebuildReport } from '../../src/cli/report.ts';
import type { RunEvent } from '../../src/domain/event.ts';
import { openStage, type Stage } from './stage.ts';
import { watchRun } from './watched-run.ts';

const guests = [
  { vmid: 790, name: 'ida', template: 9000 },
  { vmid: 791, name: 'juno', template: 9001 },
  { vmid: 792, name: 'kaja', template: 9002 },
] as const;

type Guest = (typeof guests)[number];

let stage: Stage;
let folder = '';
/** A socket's path is short (unix(7)), so this is not below the lab's own folder. */
let temporary = '';
/** How long a whole run takes, in milliseconds, and how many events it tells. */
let whole = 0;
let told = 0;
/** Counts up, so that each run has another system to build, of two files. */
let edition = 0;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('killed', {});
  temporary = await mkdtemp('/tmp/tn-');
  await Promise.all(guests.map(({ template, vmid, name }) => stage.clone(template, vmid, name, 'mgmt')));
  for (const guest of guests) {
    await another(guest);
    const began = performance.now();
    const { exitCode, events } = await run(guest);
    if (exitCode !== 0) throw new Error(`a run that nobody kills ended with ${exitCode}`);
    whole = performance.now() - began;
    told = events.length;
  }
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
  await rm(temporary, { recursive: true, force: true });
});

/** Gives a guest a configuration that it does not run yet. */
async function another({ name }: Guest): Promise<void> {
  edition += 1;
  const shape = name === 'ida' ? 'ensure-profiles' : 'plain';
  const text = `{ imports = [ /etc/nixos/${shape}.nix ./part-${name}.nix ]; networking.hostName = "${name}"; }\n`;
  await writeFile(join(folder, `${name}.nix`), text);
  await writeFile(join(folder, `part-${name}.nix`), `{ environment.etc."edition".text = "${edition}"; }\n`);
}

function run(guest: Guest, onEvent: (kill: () => void, event: RunEvent) => void = () => undefined) {
  const words = ['rebuild', guest.name, String(guest.vmid), nodeHost.name, `${guest.name}.nix`];
  return watchRun<RunEvent, RebuildReport>(stage.lab, {
    folder,
    words,
    onEvent: (event, child) => onEvent(() => child.kill('SIGKILL'), event),
    env: { TMPDIR: temporary },
  });
}

/** The same command again must end 0, with the new system in force and the lease right. */
async function finished(guest: Guest, when: string): Promise<void> {
  const { exitCode, report } = await run(guest);
  expect(exitCode, `killed ${when}: ${JSON.stringify(report?.error)} ${JSON.stringify(report?.notes)}`).toBe(
    0,
  );
  expect((await stage.lease(guest.vmid, 'mgmt'))?.name).toBe(guest.name);
}

describe('a rebuild that is killed', () => {
  it('at each of its events, ends 0 when it is given again', async () => {
    await Promise.all(
      guests.map(async (guest, which) => {
        for (let index = which; index < told; index += guests.length) {
          await another(guest);
          let count = 0;
          await run(guest, (kill) => {
            if (count === index) kill();
            count += 1;
          });

          await finished(guest, `at event ${index}`);
        }
      }),
    );
  }, 400_000);

  it('at fifty random moments, ends 0 when it is given again', async () => {
    await Promise.all(
      guests.map(async (guest) => {
        for (let count = 0; count < 17; count += 1) {
          await another(guest);
          const moment = Math.random() * whole * 1.5;
          let timer: NodeJS.Timeout | undefined;
          await run(guest, (kill) => {
            timer ??= setTimeout(kill, moment);
          });
          clearTimeout(timer);

          await finished(guest, `after ${moment} ms`);
        }
      }),
    );
  }, 600_000);

  it('leaves no lock, temporary file, half-written configuration or unit behind', async () => {
    for (const guest of guests) await finished(guest, 'long ago');

    expect(await readdir(temporary)).toEqual([]);
    const state = join(stage.lab.paths.root, 'controller/home/.local/state/truename');
    const kept = (await readdir(state, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    const known = /^truename-vm-\d+-[0-9a-f-]{36}|^rebuild-\d+-[\w-]+\.log$/;
    expect(kept.map(({ name }) => name).filter((name) => !known.test(name))).toEqual([]);
    for (const { vmid, name } of guests) {
      const left = await runInside(
        stage.lab.paths,
        String(vmid),
        `find /etc/nixos -name '*.new*'
         ls -d /etc/nixos/truename/* | sed '1d'
         systemctl list-units --all --plain --no-legend 'truename*' 'nixos-rebuild*'`,
      );
      expect(left, name).toBe('');
    }
  });
});
