/** A defect or an outage, named by a code that stays the same when the message is reworded. */
export class CodedError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A setting that the process cannot start with. The message names the variable and the remedy. */
export class ConfigurationError extends CodedError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('CONFIGURATION', message, options);
  }
}

/** A system this process depends on does not answer. Nothing is known about what was asked: "could not load" is never "has none". */
export class UnavailableError extends CodedError {
  readonly dependency: string;

  constructor(dependency: string, message: string, options?: { cause?: unknown }) {
    super('UNAVAILABLE', message, options);
    this.dependency = dependency;
  }
}

/** The text of whatever was thrown, for logs and headers. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Marks the end of an exhaustive switch. */
export function assertNever(value: never): never {
  throw new CodedError('UNEXPECTED_VARIANT', `unexpected variant: ${JSON.stringify(value)}`);
}
