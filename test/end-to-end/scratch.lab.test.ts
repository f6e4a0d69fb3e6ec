import { it } from 'vitest';
import { openStage } from './stage.ts';

it('times', async () => {
  const stage = await openStage();
  try {
    const folder = await stage.folder('a', { token: 'maker' });
    const ssh = await stage.folder('b', { access: 'ssh' });
    const t = async (f: string, ...args: string[]) => {
      const b = performance.now();
      const r = await stage.truename(f, ['clone', ...args]);
      console.log(
        args.join(' '),
        r.exitCode,
        Math.round(performance.now() - b),
        r.stdout,
        r.stderr.slice(-1500),
      );
    };
    await t(folder, 'a1', '--from', 'debian13-networkd');
    await t(folder, 'a1', '--from', 'debian13-networkd');
    await t(folder, '--count', '4', '--name-pattern', 'b-%d', '--from', '9011');
    await t(folder, '--count', '20', '--name-pattern', 'c-%d', '--from', '9011');
    await t(ssh, 'd1', '--from', '9011', '--no-reserve', '--start');
    await t(ssh, 'd2', '--from', '9010', '--no-reserve', '--start');
    await t(folder, 'd3', '--from', '9011', '--no-reserve', '--start');
  } finally {
    await stage.lab.down();
  }
}, 500_000);
