import { EXAMPLE_REQUEST } from './example-ids.ts';
import { ApiError } from '../http/api-error.ts';
import { API_STATUS } from '../http/api-status.ts';
import { errorBody, shownError } from '../http/error-body.ts';
import { type Reason, REASONS } from '../http/reasons.ts';
import { failureHeaders } from './headers.ts';
import type { JsonSchemas } from './json-schemas.ts';
import type { Answer, Reference } from './open-api.ts';

/** Describes answers that are errors. Those that fail for the same reasons are described once, and referred to. */
export class Failures {
  readonly components: Record<string, Answer> = {};
  private readonly schemas: JsonSchemas;

  constructor(schemas: JsonSchemas) {
    this.schemas = schemas;
  }

  /** The answers to calls that fail for these reasons, by HTTP status. @param rated whether requests are counted by their key */
  of(reasons: readonly Reason[], rated: boolean): Readonly<Record<string, Reference>> {
    const groups = Object.entries(Object.groupBy(reasons, statusOf));
    return Object.fromEntries(
      groups.map(([status, group = []]) => [status, this.one(Number(status), group.toSorted(), rated)]),
    );
  }

  private one(status: number, reasons: readonly Reason[], rated: boolean): Reference {
    const name = reasons.join('.');
    this.components[name] ??= {
      description: reasons.map((reason) => `\`${reason}\`: ${REASONS[reason].means}.`).join(' '),
      headers: failureHeaders(status, reasons, rated && reasons.some((reason) => reason !== 'NOT_HTTP')),
      content: {
        'application/json': {
          schema: {
            allOf: [
              this.schemas.of(shownError),
              { properties: { error: { properties: { reason: { enum: [...reasons] } } } } },
            ],
          },
          examples: Object.fromEntries(
            reasons.map((reason) => [reason, { summary: REASONS[reason].means, value: exampleFor(reason) }]),
          ),
        },
      },
    };
    return { $ref: `#/components/responses/${name}` };
  }
}

function statusOf(reason: Reason): number {
  return API_STATUS[REASONS[reason].status];
}

function exampleFor(reason: Reason): object {
  const { means } = REASONS[reason];
  const details =
    reason === 'INVALID_FIELDS' ? [{ field: 'url', message: 'must begin with https://, not http://' }] : [];
  const message = `${means.slice(0, 1).toUpperCase()}${means.slice(1)}.`;
  return errorBody(new ApiError(reason, message, { details }), EXAMPLE_REQUEST);
}
