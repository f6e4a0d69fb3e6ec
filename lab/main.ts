import { spawnSync } from 'node:child_process';
import { holderOf } from './controller.ts';
import { initOf } from './inside.ts';
import { startLab } from './lab.ts';
import { lives, readLabFile } from './lab-file.ts';
import { namespaceOf } from './network.ts';
import { labPaths } from './paths.ts';
import { listLabs, removeLab } from './sweep.ts';

const usage = `npm run lab -- up | status | shell NAME [LAB] | down [LAB]

  up       builds the trees where they are missing and starts a lab that stays until "down"
  status   lists the labs of this machine, and which of them crashed
  shell    a shell in a host of the lab: controller, node, fw-mgmt, fw-srv, or a guest's number
  down     ends the lab (the only one, or the one named) and removes every trace of it`;

/** `npm run lab`. Returns the exit code. */
async function main([verb, ...args]: readonly string[]): Promise<number> {
  switch (verb) {
    case 'up': {
      const lab = await startLab({ stay: true, say: (line) => console.error(line) });
      console.log(lab.paths.id);
      return 0;
    }
    case 'status':
      return status();
    case 'shell':
      return shell(args[0] ?? 'controller', args[1] ?? (await onlyLab()));
    case 'down':
      await removeLab(args[0] ?? (await onlyLab()));
      return 0;
    default:
      console.log(usage);
      return verb === undefined || verb === '--help' ? 0 : 2;
  }
}

async function status(): Promise<number> {
  for (const id of await listLabs()) {
    const file = await readLabFile(labPaths(id));
    const state =
      file !== undefined && (await lives(file.owner)) ? 'up' : 'crashed (the next start removes it)';
    console.log(`${id}  ${state}  owner ${file?.owner.pid ?? 'unknown'}  ${labPaths(id).root}`);
  }
  return 0;
}

async function onlyLab(): Promise<string> {
  const labs = await listLabs();
  if (labs.length === 1) return labs[0] as string;
  throw new Error(
    labs.length === 0 ? 'no lab is up: npm run lab -- up' : `name one of the labs: ${labs.join(', ')}`,
  );
}

async function shell(host: string, lab: string): Promise<number> {
  const enter =
    host === 'controller'
      ? ['-t', await holderOf(labPaths(lab)), '--net', '--mount']
      : ['-t', String(await initOf(namespaceOf(lab, host).name)), '-a'];
  return spawnSync('nsenter', [...enter, '/bin/sh'], { stdio: 'inherit', env: environment() }).status ?? 1;
}

/** What a shell in another tree needs; paths of this machine's files mean nothing there. */
function environment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TERM', 'LANG'].map((name) => [name, process.env[name]]);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
