/** How a command ends, for scripts; `truename --help` and docs/reference/exit-codes.md show the same. */
export const exitCodes = {
  proven: { code: 0, meaning: 'Done, and proven by reading it back; or there was nothing but to look.' },
  failed: { code: 1, meaning: 'Failed; what was done before is said.' },
  usage: {
    code: 2,
    meaning: 'The command line or the configuration cannot be understood; nothing was done.',
  },
  'not-proven': {
    code: 3,
    meaning:
      'Done, but not proven: the guest runs its new system, and a link of its name is wrong or could not be read.',
  },
} as const;

/** One of the ways to end. */
export type Ending = keyof typeof exitCodes;

/** How `truename doctor` ends; findings count before what could not be looked at. */
export const doctorExitCodes = {
  healthy: { code: 0, meaning: 'Every link bears the name, or needs none.' },
  findings: { code: 1, meaning: 'A link is broken, or will be.' },
  usage: {
    code: 2,
    meaning: 'The command line or the configuration cannot be understood, or no guest is what was given.',
  },
  'could-not-look': {
    code: 3,
    meaning: 'Nothing wrong was found, but something that matters could not be read.',
  },
} as const;

/** One of the ways in which a diagnosis ends. */
export type DoctorEnding = keyof typeof doctorExitCodes;

/** How `truename fix` ends; what failed counts before what was left. */
export const fixExitCodes = {
  proven: {
    code: 0,
    meaning:
      'Every guest is right, proven now and for the next boot; or it was a dry run, and all could be looked at.',
  },
  failed: {
    code: 1,
    meaning: 'A guest could not be mended, or the run was stopped before every guest had its turn.',
  },
  usage: {
    code: 2,
    meaning:
      'The command line or the configuration cannot be understood, or more guests would be changed than may be without --yes; nothing was done.',
  },
  'not-proven': {
    code: 3,
    meaning:
      'Nothing failed, but a guest was left as it is, could not be looked at, or is right only until its next boot. Guests that a filter took in and that are off or spared do not count.',
  },
} as const;

/** One of the ways in which a mending ends. */
export type FixEnding = keyof typeof fixExitCodes;

/** How `truename undo` ends. */
export const undoExitCodes = {
  proven: { code: 0, meaning: 'All that still stood was put back, and read back.' },
  failed: { code: 1, meaning: 'A guest could not be reached, or a write could not be put back.' },
  usage: {
    code: 2,
    meaning:
      'The command line or the configuration cannot be understood, or no such run is remembered; nothing was done.',
  },
  'not-proven': {
    code: 3,
    meaning: 'Something was left as it is: somebody changed it since, or it stands in no file.',
  },
} as const satisfies Readonly<Record<FixEnding, { readonly code: number; readonly meaning: string }>>;

/** How `truename reserve` and `truename release` end. */
export const reservationExitCodes = {
  proven: {
    code: 0,
    meaning:
      'All that was asked for stands at the DHCP servers, and was read back; or it was a dry run, and nothing speaks against it.',
  },
  failed: {
    code: 1,
    meaning: 'A reservation was refused, or its server did not take it up and it was taken back.',
  },
  usage: {
    code: 2,
    meaning:
      'The command line or the configuration cannot be understood, no guest is what was given, or more guests would be changed than may be without --yes; nothing was done.',
  },
  'not-proven': {
    code: 3,
    meaning:
      'It stands at the DHCP servers, but something of it could not be seen, does not resolve, or waits until the guest asks for an address.',
  },
} as const satisfies Readonly<Record<FixEnding, { readonly code: number; readonly meaning: string }>>;

/** How `truename clone` ends. */
export const cloneExitCodes = {
  proven: {
    code: 0,
    meaning:
      'Every clone is made, and leases under its own name where it was started; or it was a dry run, and nothing speaks against it.',
  },
  failed: {
    code: 1,
    meaning:
      'A name is taken or cannot be given, and nothing was made; or a clone failed, and what exists is listed.',
  },
  usage: {
    code: 2,
    meaning:
      'The command line or the configuration cannot be understood, or nothing is what was to be copied.',
  },
  'not-proven': {
    code: 3,
    meaning: 'Every clone is made, but a link of a name is wrong or could not be read.',
  },
} as const satisfies Readonly<Record<FixEnding, { readonly code: number; readonly meaning: string }>>;

/** How `truename remove` ends. */
export const removeExitCodes = {
  proven: {
    code: 0,
    meaning: 'All that was named is gone, with what was reserved for it; or it was a dry run.',
  },
  failed: { code: 1, meaning: 'Something was left: a template, what runs, or what could not be taken away.' },
  usage: {
    code: 2,
    meaning:
      'The command line or the configuration cannot be understood, or --yes is missing; nothing was done.',
  },
} as const;

/** How `truename guest install` and `uninstall` end. */
export const guestUnitsExitCodes = {
  proven: {
    code: 0,
    meaning: 'Every guest has the units, or has them no more, and that was read back; or it was a dry run.',
  },
  failed: {
    code: 1,
    meaning: 'A guest could not be entered, is nothing for the units, or is not as it was to be.',
  },
  usage: {
    code: 2,
    meaning:
      'The command line or the configuration cannot be understood, no guest is what was given, or more guests would be changed than may be without --yes; nothing was done.',
  },
} as const;

/** How `truename lint-template` ends; faults count before what could not be looked at. */
export const lintTemplateExitCodes = {
  clean: {
    code: 0,
    meaning: 'Configuration and disk were looked at, and hold nothing that clones would share.',
  },
  faults: { code: 1, meaning: 'Something would make clones misbehave.' },
  usage: {
    code: 2,
    meaning: 'The command line or the configuration cannot be understood, or no guest is what was given.',
  },
  'could-not-look': {
    code: 3,
    meaning: 'Nothing wrong was found, but its disk, or all of it, could not be looked at.',
  },
} as const;

/** How `truename resolve` ends; what is lost counts before what could not be looked at. */
export const resolveExitCodes = {
  resolves: {
    code: 0,
    meaning: 'Every resolver gives each name its address, and each address its name where it serves that.',
  },
  lost: { code: 1, meaning: 'A name is lost on its way from the lease to a resolver.' },
  usage: {
    code: 2,
    meaning: 'The command line or the configuration cannot be understood, or no guest is what was given.',
  },
  'could-not-look': {
    code: 3,
    meaning: 'Nothing was seen to be lost, but something that matters could not be read.',
  },
} as const;

/** How `truename leases` ends. */
export const leasesExitCodes = {
  read: { code: 0, meaning: 'Every server was read, whether a lease was found or not.' },
  failed: { code: 1, meaning: 'No server could be read.' },
  usage: { code: 2, meaning: 'The command line or the configuration cannot be understood.' },
  partly: { code: 3, meaning: 'Some servers could not be read: what is shown may not be all.' },
} as const;
