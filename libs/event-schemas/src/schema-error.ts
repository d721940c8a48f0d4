import { CodedError } from '#libs/domain';

/** A file in the schemas folder that cannot be used. The message names the file and what is wrong with it. */
export class SchemaFileError extends CodedError {
  readonly file: string;

  constructor(file: string, problem: string, options?: { cause?: unknown }) {
    super('SCHEMA_FILE', `${file}: ${problem}`, options);
    this.file = file;
  }
}
