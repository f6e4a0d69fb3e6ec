import '../adapters/proxmox/client.ts';
