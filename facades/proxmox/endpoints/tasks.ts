import { type Call, integer, text } from '../call.ts';
import { demand } from '../permission.ts';
import { badParameters } from '../problem.ts';
import type { Task } from '../tasks.ts';
import { parseUpid } from '../upid.ts';

/** GET ~/tasks/{upid}/status. Source: pve-manager PVE/API2/Tasks.pm. */
export function status(call: Call): unknown {
  const task = findTask(call);
  return {
    upid: task.upid,
    node: task.node,
    pid: task.pid,
    pstart: task.pstart,
    starttime: task.starttime,
    type: task.type,
    id: task.id,
    user: task.owner.user,
    ...(task.owner.tokenId === undefined ? {} : { tokenid: task.owner.tokenId }),
    ...(task.exitstatus === undefined
      ? { status: 'running' }
      : { status: 'stopped', exitstatus: task.exitstatus }),
  };
}

/** GET ~/tasks/{upid}/log: 50 lines unless told otherwise, 0 for all. */
export function log(call: Call): unknown {
  const task = findTask(call);
  const lines = task.log.length === 0 ? ['no content'] : task.log;
  const start = integer(call, 'start') ?? 0;
  const limit = integer(call, 'limit') ?? 50;
  call.setTotal(lines.length);
  const end = limit === 0 ? undefined : start + limit;
  return lines.slice(start, end).map((line, index) => ({ n: start + index + 1, t: line }));
}

function findTask(call: Call): Task {
  const upid = text(call, 'upid') ?? '';
  if (parseUpid(upid) === undefined) throw badParameters({ upid: 'unable to parse worker upid' });
  const task = call.cluster.tasks.find(upid);
  if (task === undefined) throw badParameters({ upid: 'no such task' });
  const { identity } = call;
  const sameUser = identity.user === task.owner.user;
  const owns = sameUser && (identity.tokenId === undefined || identity.tokenId === task.owner.tokenId);
  if (!owns) demand(identity, `/nodes/${call.node}`, ['Sys.Audit']);
  return task;
}
