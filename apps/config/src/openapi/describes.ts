import type { Catalogue } from '#libs/event-schemas';
import { Reflector } from '@nestjs/core';
import type { z } from 'zod';

import type { Reason } from '../http/reasons.ts';
import type { TAGS } from './tags.ts';

/** What the rules for input depend on. */
export interface DescribedRules {
  readonly catalogue: Catalogue;
  readonly allowHttp: boolean;
}

/** What strangers are told about a call. Its path, method, status, guards and fixed headers are read from the controller. */
export interface Description {
  /** Stable: clients are generated from it. */
  readonly operationId: string;
  readonly tag: keyof typeof TAGS;
  /** A line of a list. */
  readonly summary: string;
  /** CommonMark. */
  readonly description: string;
  /** For each parameter of the path: what it is. */
  readonly path?: Readonly<Record<string, { readonly description: string; readonly example: string }>>;
  /** The rules that judge the query. */
  readonly query?: z.ZodObject;
  /** The rules that judge the body, and the body's name among the schemas. */
  readonly body?: {
    readonly name: string;
    readonly schema: (rules: DescribedRules) => z.ZodObject;
    /** No body stands for one without fields. */
    readonly optional?: true;
  };
  readonly answer: AnswerDescription;
  /** Another answer that brings its own body in place of an error's. */
  readonly otherAnswer?: AnswerDescription & { readonly status: number };
  /** The resource has revisions: the answer has an `ETag`, and what changes it takes `If-Match`. */
  readonly revisions?: 'shown' | 'expected';
  /** Reasons to fail besides those that follow from the guards, the path, the query and the body. */
  readonly reasons?: readonly Reason[];
}

export interface AnswerDescription {
  readonly description: string;
  /** What the body is; left out where there is none. */
  readonly schema?: z.ZodType;
}

/** Describes the call that a method of a controller answers; see the contributors' guide. */
export const Describes = Reflector.createDecorator<Description>();
