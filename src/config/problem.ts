import { TruenameError } from '../domain/error.ts';

/** One thing that is wrong with a file. Never holds a value of the file, as that could be a secret. */
export interface ConfigurationProblem {
  readonly file: string;
  /** 1 and up. */
  readonly line: number;
  /** 1 and up. */
  readonly column: number;
  /** One sentence that begins with the key, where there is one. */
  readonly message: string;
}

/** Everything that is wrong, at once. */
export class ConfigurationError extends TruenameError {
  readonly problems: readonly ConfigurationProblem[];

  constructor(file: string, problems: readonly ConfigurationProblem[]) {
    super('configuration-invalid', problems.map(formatProblem).join('\n'), {
      where: file,
      hint: 'The keys are listed in docs/reference/configuration.md.',
    });
    this.problems = problems;
  }
}

/** `file:line:column: message`, as editors read it. */
function formatProblem(problem: ConfigurationProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
}

/** Problems in the order of the file. */
export function inFileOrder(problems: readonly ConfigurationProblem[]): ConfigurationProblem[] {
  return problems.toSorted((left, right) => left.line - right.line || left.column - right.column);
}
