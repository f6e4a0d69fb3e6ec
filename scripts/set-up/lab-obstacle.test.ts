import { describe, expect, it } from 'vitest';
import { labObstacle } from './lab-obstacle.mjs';

const debian = 'PRETTY_NAME="Debian GNU/Linux"\nID=debian\n';
const good = { proxmoxNode: false, root: true, osRelease: debian };

describe('labObstacle', () => {
  it('finds none for root on Debian', () => {
    expect(labObstacle(good)).toBeUndefined();
  });

  it('finds none on a system that descends from Debian', () => {
    expect(labObstacle({ ...good, osRelease: 'ID=other\nID_LIKE="ubuntu debian"\n' })).toBeUndefined();
  });

  it('refuses a Proxmox node before anything else', () => {
    expect(labObstacle({ ...good, proxmoxNode: true, root: false })).toContain('Proxmox VE node');
  });

  it.each(['', 'ID=fedora\nHOME_URL="https://example.org/debian"\n', 'ID_LIKE="notdebian"\n'])(
    'refuses another system: %j',
    (osRelease) => {
      expect(labObstacle({ ...good, osRelease })).toContain('another system');
    },
  );

  it('asks for root', () => {
    expect(labObstacle({ ...good, root: false })).toContain('run it as root');
  });
});
