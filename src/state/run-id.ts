/** The id of a run that begins now: the time, UTC, and four hexadecimal digits; `random` gives 0 to 1, without 1. */
export function newRun(now: Date, random: () => number = Math.random): string {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).replace(/[-:]/g, '').split('T');
  const digits = Math.floor(random() * 0x1_0000)
    .toString(16)
    .padStart(4, '0');
  return `${date}-${time}-${digits}`;
}

/** Whether a text is the id of a run, and so may name a file. */
export function isRun(text: string): boolean {
  return /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(text);
}
