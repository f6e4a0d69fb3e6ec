import '../adapters/proxmox/client.ts';
import '../lib/log.ts';
