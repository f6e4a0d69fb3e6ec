import { fieldText, isFields } from './body.ts';
import type { Call } from './call.ts';
import { type Complaint, validationsOf } from './complaint.ts';
import { type ApiResponse, failed, json, unexpected } from './message.ts';
import { isSince, type Release } from './release.ts';
import type { Item, OpnsenseState } from './state.ts';

/** A list of items of a model, of which a controller has the actions add, set and del. */
export interface ItemList {
  /** Root key of what is sent: `host`. */
  readonly root: string;
  items(state: OpnsenseState): readonly Item[];
  replace(state: OpnsenseState, items: readonly Item[]): void;
  /** All fields of the model, as an item without any has them. */
  empty(release: Release): Readonly<Record<string, string>>;
  /** A value as its field keeps it. */
  kept(field: string, text: string): string;
  /** What the model refuses in an item beside these others. */
  complaintsOf(item: Item, others: readonly Item[], state: OpnsenseState): Complaint[];
}

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A user that only reads (C/Base/ApiMutableModelControllerBase.php, `throwReadOnly`). */
function readOnly(): ApiResponse {
  const errorMessage = 'User is read-only, configuration not saved.';
  return json({ errorMessage, errorTitle: 'Error', errorLevel: 'error' }, 500);
}

/** `addBase` of C/Base/ApiMutableModelControllerBase.php. */
export function addItem(list: ItemList): (call: Call) => ApiResponse {
  return (call) => save(list, call, undefined);
}

/** `setBase`: makes the item where there is none with this uuid, and keeps the fields that are not sent. */
export function setItem(list: ItemList): (call: Call) => ApiResponse {
  return (call) => {
    const [uuid = ''] = call.parameters;
    return uuidForm.test(uuid) ? save(list, call, uuid) : failed;
  };
}

/** Only POST writes, only what the model knows is kept, and a refusal has status 200. */
function save(
  list: ItemList,
  { method, posted, state, readOnly: reads, newUuid }: Call,
  uuid: string | undefined,
): ApiResponse {
  const sent = posted[list.root];
  if (method !== 'POST' || !isFields(sent)) return failed;
  const items = list.items(state);
  const known = items.find((each) => each.uuid === uuid);
  const empty = list.empty(state.release);
  const fields: Record<string, string> = { ...empty, ...known };
  for (const [field, value] of Object.entries(sent).filter(([each]) => each in empty)) {
    const text = fieldText(value);
    if (text === undefined) return unexpected;
    fields[field] = list.kept(field, text);
  }
  const item: Item = { ...fields, uuid: uuid ?? newUuid() };
  const others = items.filter((each) => each !== known);
  const complaints = list.complaintsOf(item, others, state);
  if (complaints.length > 0)
    return json({ result: 'failed', validations: validationsOf(list.root, complaints) });
  if (reads) return readOnly();
  const next = known === undefined ? [...items, item] : items.map((each) => (each === known ? item : each));
  list.replace(state, next);
  return json(uuid === undefined ? { result: 'saved', uuid: item.uuid } : { result: 'saved' });
}

/** `delBase`: several at once since 26.1.3, of which only the outcome of the last is told. */
export function delItem(list: ItemList): (call: Call) => ApiResponse {
  return ({ method, parameters, state, readOnly: reads }) => {
    if (method !== 'POST') return failed;
    if (reads) return readOnly();
    const [given = ''] = parameters;
    let result = 'not found';
    for (const uuid of isSince(state.release, '26.1.3') ? given.split(',') : [given]) {
      const before = list.items(state);
      const left = before.filter((each) => each.uuid !== uuid);
      result = left.length < before.length ? 'deleted' : 'not found';
      list.replace(state, left);
    }
    return json({ result });
  };
}
