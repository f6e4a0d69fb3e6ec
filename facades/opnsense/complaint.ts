/** A field of an item, and what is wrong with it. */
export type Complaint = readonly [field: string, message: string];

/** The answer's map: one message is a text, several are a list (C/Base/ApiMutableModelControllerBase.php). */
export function validationsOf(
  root: string,
  complaints: readonly Complaint[],
): Record<string, string | string[]> {
  const fields = [...new Set(complaints.map(([field]) => field))];
  return Object.fromEntries(
    fields.map((field) => {
      const [first = '', ...more] = complaints
        .filter(([each]) => each === field)
        .map(([, message]) => message);
      return [`${root}.${field}`, more.length === 0 ? first : [first, ...more]];
    }),
  );
}
