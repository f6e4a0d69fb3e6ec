import { fieldText, isFields } from './body.ts';
import type { Call } from './call.ts';
import { complaintsOf, emptyHost, validationsOf } from './host.ts';
import { type ApiResponse, failed, json, unexpected } from './message.ts';
import { isSince } from './release.ts';
import type { Item } from './state.ts';

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A user that only reads (C/Base/ApiMutableModelControllerBase.php, `throwReadOnly`). */
function readOnly(): ApiResponse {
  const errorMessage = 'User is read-only, configuration not saved.';
  return json({ errorMessage, errorTitle: 'Error', errorLevel: 'error' }, 500);
}

/** `add_host`. */
export function addHost(call: Call): ApiResponse {
  return save(call, undefined);
}

/** `set_host`: makes the item where there is none with this uuid, and keeps the fields that are not sent. */
export function setHost(call: Call): ApiResponse {
  const [uuid = ''] = call.parameters;
  return uuidForm.test(uuid) ? save(call, uuid) : failed;
}

/** Only POST writes, only what the model knows is kept, and a refusal has status 200. */
function save(
  { method, posted, state, readOnly: reads, newUuid }: Call,
  uuid: string | undefined,
): ApiResponse {
  const sent = posted.host;
  if (method !== 'POST' || !isFields(sent)) return failed;
  const known = state.hosts.find((each) => each.uuid === uuid);
  const empty = emptyHost(state.release);
  const fields: Record<string, string> = { ...empty, ...known };
  for (const [field, value] of Object.entries(sent).filter(([each]) => each in empty)) {
    const text = fieldText(value);
    if (text === undefined) return unexpected;
    fields[field] = field === 'ip' ? text.toLowerCase() : text;
  }
  const item: Item = { ...fields, uuid: uuid ?? newUuid() };
  const others = state.hosts.filter((each) => each !== known);
  const complaints = complaintsOf(item, others, state.release);
  if (complaints.length > 0)
    return json({ result: 'failed', validations: validationsOf('host', complaints) });
  if (reads) return readOnly();
  state.hosts =
    known === undefined ? [...state.hosts, item] : state.hosts.map((each) => (each === known ? item : each));
  return json(uuid === undefined ? { result: 'saved', uuid: item.uuid } : { result: 'saved' });
}

/** `del_host`: several at once since 26.1.3, of which only the outcome of the last is told. */
export function delHost({ method, parameters, state, readOnly: reads }: Call): ApiResponse {
  if (method !== 'POST') return failed;
  if (reads) return readOnly();
  const [given = ''] = parameters;
  let result = 'not found';
  for (const uuid of isSince(state.release, '26.1.3') ? given.split(',') : [given]) {
    const left = state.hosts.filter((each) => each.uuid !== uuid);
    result = left.length < state.hosts.length ? 'deleted' : 'not found';
    state.hosts = left;
  }
  return json({ result });
}
