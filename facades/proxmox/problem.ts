/** An answer that is an error, as the product words it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** Texts by parameter, for 400. */
  readonly errors: Readonly<Record<string, string>> | undefined;
  /** False for what the HTTP server itself refuses: the reason phrase is all there is, the body is empty. */
  readonly formatted: boolean;

  constructor(
    status: number,
    message: string,
    details: { errors?: Readonly<Record<string, string>>; formatted?: boolean } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = details.errors;
    this.formatted = details.formatted ?? true;
  }
}

/** A plain `die` of a handler: 500, the text ending in a line end as Perl's do. */
export function died(message: string): ApiProblem {
  return new ApiProblem(500, `${message}\n`);
}

/** Bad parameters, all at once. Source: pve-common src/PVE/Exception.pm `raise_param_exc`. */
export function badParameters(errors: Readonly<Record<string, string>>): ApiProblem {
  return new ApiProblem(400, 'Parameter verification failed.\n', { errors });
}

/** What the HTTP server refuses before any API code runs. */
export function refused(status: number, reason: string): ApiProblem {
  return new ApiProblem(status, reason, { formatted: false });
}

/** No such path or method: 501, never 404. Source: pve-manager PVE/HTTPServer.pm `rest_handler`. */
export function notImplemented(method: string, path: string): ApiProblem {
  return new ApiProblem(501, `Method '${method} ${path}' not implemented`);
}
