import type { TruenameError } from '../domain/error.ts';
import type { DoctorEnding } from '../domain/exit-code.ts';
import type { Diagnosis } from '../domain/finding.ts';
import { isUsage } from './reported-error.ts';

/** How the command ends after these machines; findings count before what could not be looked at. */
export function doctorEnding(
  outcomes: readonly Diagnosis['outcome'][],
  error: TruenameError | undefined,
): DoctorEnding {
  if (error !== undefined) return isUsage(error) ? 'usage' : 'could-not-look';
  if (outcomes.includes('findings')) return 'findings';
  return outcomes.includes('could-not-look') ? 'could-not-look' : 'healthy';
}
