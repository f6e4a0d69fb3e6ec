import { type ErrorCode, SourceError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
import { parseJson } from '../../lib/json.ts';
import { shown } from '../../lib/shown.ts';
import { type KeaChannel, type KeaService, readAnswer } from './channel.ts';

/** Where the control sockets are on the machine of a Kea. */
export type KeaSockets = Readonly<Record<KeaService, string>>;

/**
 * A shell function `ask SOCKET COMMAND SECONDS` that prints the answer to a command. Kea answers one command on a connection, and
 * closes it. Perl is there on every Debian (perl-base is essential); the command travels on its stdin, for it may hold secrets
 * and be longer than an argument may be.
 */
export const askFunction = `
ask() {
  printf '%s' "$2" | perl -e '
    use IO::Socket::UNIX;
    $SIG{ALRM} = sub { exit 75 };
    alarm $ARGV[1];
    my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]);
    exit($!{ENOENT} ? 66 : ($!{EACCES} || $!{EPERM}) ? 77 : 69) unless $socket;
    local $/;
    print $socket scalar <STDIN>;
    print scalar <$socket>;
  ' "$1" "$3"
}`;

/** For one command, in seconds; before the shell loses its patience. */
const answerSeconds = 20;

const askOnce = `${askFunction}
echo "now=$(date -u +%s)"
ask "$1" "$2" ${answerSeconds}`;

/** How long a script may take that asks a few times. */
export const scriptMs = 60_000;

/** The control sockets of a Kea over a shell on its machine. */
export function controlSocketChannel(id: string, shell: Shell, sockets: KeaSockets): KeaChannel {
  const source = `Kea ${id} (${shell.via})`;
  return {
    source,
    async ask(service, command, signal) {
      const args = [sockets[service], JSON.stringify(command)];
      const { exitCode, stdout, stderr } = await shell.run(askOnce, { args, timeoutMs: scriptMs, signal });
      if (exitCode !== 0) throw socketError(exitCode, stderr, source, sockets[service]);
      const match = /^now=(\d{1,11})\n/.exec(stdout);
      if (match === null) throw new SourceError('bad-response', source, 'the answer was cut short');
      const at = new Date(Number(match[1]) * 1000).toISOString();
      return readAnswer(parseJson(stdout.slice(match[0].length)), at, source);
    },
  };
}

/** What the exit code of `ask` says; undefined for one that it does not end with. */
export function whyUnanswered(
  exitCode: number,
  socket: string,
): { readonly code: ErrorCode; readonly why: string; readonly hint?: string } | undefined {
  switch (exitCode) {
    case 66:
      return {
        code: 'unreachable',
        why: `there is no control socket ${socket}: Kea does not run, or has another one`,
        hint: 'Start Kea, or name its control-socket as socket of this server in truename.yaml.',
      };
    case 69:
      return {
        code: 'unreachable',
        why: `nobody answers at ${socket}: Kea does not run`,
        hint: 'Start Kea there.',
      };
    case 75:
      return { code: 'timeout', why: `Kea did not answer at ${socket} in time` };
    case 77:
      return {
        code: 'permission-refused',
        why: `this user may not use the control socket ${socket}`,
        hint: 'Log in as root, or as a user in the group that the socket belongs to.',
      };
    case 127:
      return {
        code: 'program-missing',
        why: 'there is no perl on the machine of Kea, by which its control socket is asked',
        hint: 'Install perl there.',
      };
    default:
      return undefined;
  }
}

/** The error that the end of a script with `ask` stands for. */
export function socketError(exitCode: number, stderr: string, source: string, socket: string): SourceError {
  const known = whyUnanswered(exitCode, socket);
  if (known === undefined)
    return new SourceError(
      'command-failed',
      source,
      `asking ${socket} ended with ${exitCode}: ${shown(stderr)}`,
    );
  const details = known.hint === undefined ? {} : { hint: known.hint };
  return new SourceError(known.code, source, known.why, details);
}
