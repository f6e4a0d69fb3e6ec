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
