import type { Endpoint } from '../call.ts';
import { permissions } from './access.ts';
import * as agent from './agent.ts';
import * as agentExec from './agent-exec.ts';
import * as agentFile from './agent-file.ts';
import { clone } from './clone.ts';
import * as cloudInit from './cloud-init.ts';
import * as cluster from './cluster.ts';
import { updateInBackground, updateNow } from './config.ts';
import * as containerPower from './container-power.ts';
import * as containers from './containers.ts';
import { destroy } from './destroy.ts';
import * as guests from './guests.ts';
import * as power from './power.ts';
import { storages } from './storages.ts';
import * as tasks from './tasks.ts';
import { resize, template } from './template.ts';

/** Everything that is served; what is not listed answers 501. Each key has its schema in `pve-api.json`. */
export const endpoints = {
  'GET /version': cluster.version,
  'GET /nodes': cluster.nodes,
  'GET /cluster/resources': cluster.resources,
  'GET /cluster/nextid': cluster.nextid,
  'GET /cluster/status': cluster.status,
  'GET /access/permissions': permissions,
  'GET /nodes/{node}/qemu': guests.list,
  'DELETE /nodes/{node}/qemu/{vmid}': destroy,
  'GET /nodes/{node}/qemu/{vmid}/config': guests.config,
  'PUT /nodes/{node}/qemu/{vmid}/config': updateNow,
  'POST /nodes/{node}/qemu/{vmid}/config': updateInBackground,
  'GET /nodes/{node}/qemu/{vmid}/pending': guests.pending,
  'POST /nodes/{node}/qemu/{vmid}/clone': clone,
  'POST /nodes/{node}/qemu/{vmid}/template': template,
  'PUT /nodes/{node}/qemu/{vmid}/resize': resize,
  'GET /nodes/{node}/qemu/{vmid}/cloudinit': cloudInit.pending,
  'PUT /nodes/{node}/qemu/{vmid}/cloudinit': cloudInit.regenerate,
  'GET /nodes/{node}/qemu/{vmid}/cloudinit/dump': cloudInit.dump,
  'GET /nodes/{node}/qemu/{vmid}/status/current': guests.current,
  'POST /nodes/{node}/qemu/{vmid}/status/start': power.start,
  'POST /nodes/{node}/qemu/{vmid}/status/stop': power.stop,
  'POST /nodes/{node}/qemu/{vmid}/status/shutdown': power.shutdown,
  'POST /nodes/{node}/qemu/{vmid}/status/reboot': power.reboot,
  'POST /nodes/{node}/qemu/{vmid}/status/reset': power.reset,
  'POST /nodes/{node}/qemu/{vmid}/agent': agent.named,
  'POST /nodes/{node}/qemu/{vmid}/agent/ping': agent.simple('ping'),
  'GET /nodes/{node}/qemu/{vmid}/agent/info': agent.simple('info'),
  'GET /nodes/{node}/qemu/{vmid}/agent/get-time': agent.simple('get-time'),
  'GET /nodes/{node}/qemu/{vmid}/agent/get-host-name': agent.simple('get-host-name'),
  'GET /nodes/{node}/qemu/{vmid}/agent/get-osinfo': agent.simple('get-osinfo'),
  'GET /nodes/{node}/qemu/{vmid}/agent/get-timezone': agent.simple('get-timezone'),
  'GET /nodes/{node}/qemu/{vmid}/agent/get-users': agent.simple('get-users'),
  'GET /nodes/{node}/qemu/{vmid}/agent/get-vcpus': agent.simple('get-vcpus'),
  'GET /nodes/{node}/qemu/{vmid}/agent/get-fsinfo': agent.simple('get-fsinfo'),
  'GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces': agent.simple('network-get-interfaces'),
  'POST /nodes/{node}/qemu/{vmid}/agent/exec': agentExec.exec,
  'GET /nodes/{node}/qemu/{vmid}/agent/exec-status': agentExec.status,
  'GET /nodes/{node}/qemu/{vmid}/agent/file-read': agentFile.read,
  'POST /nodes/{node}/qemu/{vmid}/agent/file-write': agentFile.write,
  'GET /nodes/{node}/storage': storages,
  'GET /nodes/{node}/lxc': containers.list,
  'GET /nodes/{node}/lxc/{vmid}/config': containers.config,
  'GET /nodes/{node}/lxc/{vmid}/interfaces': containers.interfaces,
  'GET /nodes/{node}/lxc/{vmid}/status/current': containers.current,
  'POST /nodes/{node}/lxc/{vmid}/status/start': containerPower.start,
  'POST /nodes/{node}/lxc/{vmid}/status/stop': containerPower.stop,
  'POST /nodes/{node}/lxc/{vmid}/status/shutdown': containerPower.shutdown,
  'POST /nodes/{node}/lxc/{vmid}/status/reboot': containerPower.reboot,
  'GET /nodes/{node}/tasks/{upid}/status': tasks.status,
  'GET /nodes/{node}/tasks/{upid}/log': tasks.log,
} satisfies Readonly<Record<string, Endpoint>>;
