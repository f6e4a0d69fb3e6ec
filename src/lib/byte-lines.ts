/** Text in pieces, of which whole lines are told. */
export interface ByteLines {
  /** The next piece, wherever it was cut. */
  push(chunk: Buffer): void;
  /** What stands after the last line end; empty where the text ended well. */
  rest(): Buffer;
}

/** Calls `onLine` with each whole line, without its line end, as a range of bytes that is only good during the call. */
export function byteLines(onLine: (bytes: Buffer, start: number, end: number) => void): ByteLines {
  let held: Buffer[] = [];
  return {
    push(chunk) {
      let start = 0;
      let end = chunk.indexOf(10);
      if (end < 0) {
        if (chunk.length > 0) held.push(Buffer.from(chunk));
        return;
      }
      if (held.length > 0) {
        const line = Buffer.concat([...held, chunk.subarray(0, end)]);
        held = [];
        onLine(line, 0, line.length);
        start = end + 1;
        end = chunk.indexOf(10, start);
      }
      for (; end >= 0; end = chunk.indexOf(10, start)) {
        onLine(chunk, start, end);
        start = end + 1;
      }
      if (start < chunk.length) held.push(Buffer.from(chunk.subarray(start)));
    },
    rest: () => Buffer.concat(held),
  };
}
