import { fieldText, type Posted } from './body.ts';

type Row = Readonly<Record<string, unknown>>;
type Asked = Exclude<Posted, 'refused'>;

/** A page of a grid. */
export interface Grid {
  readonly total: number;
  readonly rowCount: number;
  readonly current: number;
  readonly rows: readonly Row[];
}

/** A grid over a model; asked in the body or in the query string, all rows unless a count is given (L/Base/UIModelGrid.php). */
export function modelGrid(rows: readonly Row[], asked: Asked, query: URLSearchParams): Grid {
  return page(rows, { ...Object.fromEntries(query), ...asked }, -1);
}

/** A grid over what a script says; asked in the body alone, 9999 rows unless more are asked for (`searchRecordsetBase`). */
export function recordsetGrid(rows: readonly Row[], asked: Asked): Grid {
  return page(rows, asked, 9999);
}

/** All words of the phrase must be in the row, in whatever field and case. */
function page(rows: readonly Row[], asked: Asked, count: number): Grid {
  const words = (fieldText(asked.searchPhrase) ?? '')
    .toLowerCase()
    .split(' ')
    .filter((each) => each !== '');
  const texts = (row: Row) => Object.values(row).map((value) => String(value).toLowerCase());
  const found = rows.filter((row) => words.every((word) => texts(row).some((text) => text.includes(word))));
  const size = Number(fieldText(asked.rowCount ?? count));
  const current = Number(fieldText(asked.current ?? 1));
  const shown = size < 0 ? found : found.slice((current - 1) * size, current * size);
  return { total: found.length, rowCount: shown.length, current, rows: shown };
}
