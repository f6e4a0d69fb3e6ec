/** Where a command's words go. */
export interface Output {
  /** Progress, for people: stderr. */
  readonly progress: (text: string) => void;
  /** The result: stdout. */
  readonly result: (text: string) => void;
  /** Progress goes to a terminal, where a line may be replaced. */
  readonly live: boolean;
  readonly colour: boolean;
}

/**
 * This process's own streams; colour as the terminal and NO_COLOR allow (no-color.org). A reader that goes away, such as `head`, ends
 * no run: what is being changed is finished, and told to nobody.
 */
export function standardOutput(): Output {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const live = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
  return {
    progress: (text) => void process.stderr.write(text),
    result: (text) => void process.stdout.write(text),
    live,
    colour: live && process.stdout.isTTY === true && !process.env.NO_COLOR,
  };
}
