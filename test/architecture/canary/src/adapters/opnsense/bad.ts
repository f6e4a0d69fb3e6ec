import '../proxmox/config.ts';
import '../../state/bad.ts';
