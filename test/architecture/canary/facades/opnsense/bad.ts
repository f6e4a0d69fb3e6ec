import '../../src/lib/log.ts';
import '../proxmox/service.ts';
