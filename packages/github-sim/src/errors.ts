/** GitHub refuses: the answer's status, message and further fields. Works for people and API. */
export class Refusal extends Error {
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { fields?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.fields = more.fields ?? {};
    this.headers = more.headers ?? {};
  }
}

/** The 404 that GitHub gives for what is missing or may not be seen. */
export function notFound(message = 'Not Found'): Refusal {
  return new Refusal(404, message);
}

/** A 422 with GitHub's list of what is wrong with which field. */
export function validationFailed(
  resource: string,
  field: string,
  reason: { code: string; message?: string; value?: unknown },
): Refusal {
  return new Refusal(422, 'Validation Failed', {
    fields: { errors: [{ resource, field, ...reason }] },
  });
}

/** A 422 that consists of one sentence. */
export function invalid(message: string): Refusal {
  return new Refusal(422, message);
}
