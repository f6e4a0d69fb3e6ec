/** What one line of ping says of one question. Times are this machine's wall clock, in milliseconds since 1970. */
export interface PingLine {
  readonly kind: 'answered' | 'unanswered';
  /** icmp_seq: 1 for the first question. */
  readonly sequence: number;
  /** When the answer came, or when ping said that there is none; the question was asked before. */
  readonly at: number;
}

/** icmp_seq has 16 bits (RFC 792). */
const largestSequence = 65_535;

/**
 * As iputils prints them with -D and -O (ping/ping_common.c, ping/ping.c): seconds and microseconds in brackets, then the
 * answer, that there is none yet when the next question goes out, or an error that somebody else sent.
 */
const answer = /^\[(\d{1,12}\.\d{1,9})\] \d{1,9} bytes from \S{1,64}: icmp_seq=(\d{1,5}) /;
const silence = /^\[(\d{1,12}\.\d{1,9})\] no answer yet for icmp_seq=(\d{1,5})$/;
const refusal = /^\[(\d{1,12}\.\d{1,9})\] From \S{1,64} icmp_seq=(\d{1,5}) /;

/** Reads one line of `ping -n -D -O` in the C locale; undefined for a line that tells of no question. Never throws. */
export function parsePingLine(line: string): PingLine | undefined {
  const answered = answer.exec(line);
  if (answered !== null) return lineOf('answered', answered, line);
  const unanswered = silence.exec(line) ?? refusal.exec(line);
  return unanswered === null ? undefined : lineOf('unanswered', unanswered, line);
}

function lineOf(kind: PingLine['kind'], found: RegExpExecArray, line: string): PingLine | undefined {
  const [, seconds, digits] = found;
  const sequence = Number(digits);
  if (sequence < 1 || sequence > largestSequence) return undefined;
  // A packet that comes back changed is no answer of a machine that is well.
  if (kind === 'answered' && line.includes('wrong data byte')) return undefined;
  return { kind, sequence, at: Math.round(Number(seconds) * 1000) };
}
