/**
 * Every way in which Truename can fail, by stable code. The codes are public: scripts match on
 * them, `docs/reference/errors.md` is generated from this table, and a code is never reused.
 */
export const errorCodes = {
  usage: 'The command line cannot be understood.',
  'configuration-invalid': 'truename.yaml, or a file it names, does not say what it must.',
  unreachable: 'A machine or service did not answer at the network level.',
  timeout: 'An answer did not come within the time allowed.',
  'authentication-refused': 'The other side does not accept who we say we are.',
  'permission-refused': 'The other side knows us but does not let us do this.',
  'tls-untrusted': 'The certificate is neither signed by the given authority nor the pinned one.',
  'bad-response': 'The answer cannot be understood.',
  'not-found': 'The thing asked for does not exist at the source that must know it.',
  unsupported: 'The source, or the guest, cannot do what was asked.',
  'command-failed': 'A command ran and ended with an error.',
  'program-missing': 'A program that Truename needs is not installed here.',
  cancelled: 'The run was interrupted.',
  'vm-is-template': 'The id names a template, which cannot be started or rebuilt.',
  'vm-name-differs': 'The VM with this id has another name at the hypervisor.',
  'guest-ambiguous': 'Several guests answer to what was given.',
  'guest-off': 'The guest does not run.',
  'vm-locked': 'The hypervisor holds a lock on the VM.',
  'guest-on': 'The guest runs, and what was asked needs it switched off.',
  'guest-number-taken': 'Another guest has the number, or took it in the meantime.',
  'guest-changed':
    'Somebody changed the guest at its hypervisor while it was worked on, or another one has its number.',
  'agent-silent': 'The guest agent of the VM does not answer.',
  'address-not-found': 'No usable address of the VM was found on its segment.',
  'address-disputed': 'Agent and DHCP server disagree about the address of the VM.',
  'segment-unknown': 'No segment in the configuration holds the network interface of the VM.',
  'host-key-untrusted': 'The host key of the guest is not the one that its hypervisor shows.',
  'not-the-vm': 'The machine behind the address is not the VM: MAC address or SMBIOS uuid differ.',
  'name-taken': 'A resolver answers the name of the VM with the address of another machine.',
  'name-refused':
    'A guest is never given this name: it is no host name, or has a meaning, or is that of a server.',
  'reservation-conflict':
    'A reservation would clash with what its DHCP server was told, or has leased, already.',
  'reservations-changed': 'Somebody changed the reservations of a DHCP server while they were worked on.',
  'reservation-not-taken':
    'The DHCP server does not take up what is reserved; what was written is taken back.',
  'privilege-missing': 'The login user may not become root without a password.',
  'configuration-names-other': 'The Nix configuration declares another host name than the VM has.',
  'evaluation-failed': 'The configuration does not evaluate; trying again would not help.',
  'build-failed': 'The system could not be built or copied.',
  'activation-failed': 'The new system was built but not activated whole.',
  'switch-inhibited': 'The new system is the one of the next boot, and may not be put in force without one.',
  'connection-lost':
    'The session into the guest ended in the midst of the activation, and its end was not seen.',
  'reboot-needed': 'The new system needs a reboot, and the VM may not be rebooted.',
  'reboot-not-seen': 'The VM was told to reboot, and no new boot was seen.',
  'dhcp-server-silent': 'The DHCP server of the segment was not seen alive, so no renewal may be asked for.',
  'renewal-unanswered':
    'A guest asked its DHCP server, which was alive just before, and got no answer in 5 s.',
  'nothing-to-undo': 'The journal holds no such run, or nothing of it that still stands.',
  'journal-invalid': 'A file of the journal cannot be read; nothing was put back.',
  'too-many-guests': 'More guests would be changed than may be without --yes.',
  'bundle-invalid': 'The file is no bundle, or one that this version cannot read.',
  'state-unwritable': 'The state directory cannot be written.',
  busy: 'Another run works on the same guest.',
  internal: 'A fault of Truename itself.',
} as const;

/** A stable error code; see {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** What an error tells, beyond its code. */
export interface ErrorDetails {
  /** The machine, file or service it happened at, as the user knows it. */
  readonly where?: string;
  /** What the user can do next, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The one error that Truename throws on purpose: a code to match on, a message that says what
 * happened, where, and what to do next.
 */
export class TruenameError extends Error {
  override readonly name: string = 'TruenameError';
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.where = details.where;
    this.hint = details.hint;
  }
}

/** The only error that an adapter throws: `source` names the foreign product that it speaks for. */
export class SourceError extends TruenameError {
  override readonly name = 'SourceError';
  readonly source: string;

  constructor(code: ErrorCode, source: string, message: string, details: ErrorDetails = {}) {
    super(code, message, { where: source, ...details });
    this.source = source;
  }
}

/** `error` itself when it is ours, else the same wrapped with the code `internal`. */
export function asTruenameError(error: unknown): TruenameError {
  if (error instanceof TruenameError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TruenameError('internal', message, { cause: error });
}
