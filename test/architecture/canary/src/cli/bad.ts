import '../adapters/proxmox/config.ts';
import 'undici';
import 'execa';
import 'vitest';
import '../nothing-here.ts';
