import type { AccessScope } from '#libs/store';
import { RequestMethod, type Type } from '@nestjs/common';
import {
  GUARDS_METADATA,
  HEADERS_METADATA,
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';

import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { scopeFor } from '../access/scopes.ts';
import { Describes, type Description } from './describes.ts';
import { type Method, METHODS } from './open-api.ts';

/** Whom a call lets in: everybody, every key with a scope, or the operator alone. */
export type Access =
  { readonly kind: 'open' } | { readonly kind: 'key'; readonly scope: AccessScope; readonly operatorOnly: boolean };

/** A call, as its controller declares it. */
export interface Route {
  readonly method: Method;
  /** As OpenAPI writes it: `/webhooks/{id}`. */
  readonly path: string;
  readonly parameters: readonly string[];
  /** Of the answer, when all is well. */
  readonly status: number;
  /** Fixed ones of the answer; names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly access: Access;
  readonly description: Description;
}

const CREATED = 201;
const OK = 200;

/**
 * Every call of the controllers.
 *
 * @param elsewhere descriptions of methods whose controller cannot bring them
 * @throws Error that names the calls without a description, and the descriptions without a call
 */
export function routesOf(controllers: readonly Type[], elsewhere: ReadonlyMap<unknown, Description>): readonly Route[] {
  const problems: string[] = [];
  const routes: Route[] = [];
  for (const { controller, name, handler } of controllers.flatMap(handlersOf)) {
    const own: Description | undefined = Reflect.getMetadata(Describes.KEY, handler);
    const description = own ?? elsewhere.get(handler);
    const method = methodOf(handler);
    const place = `${controller.name}.${name}`;
    if (method !== undefined && description !== undefined) {
      routes.push(routeOf(controller, handler, method, description));
    } else if (method !== undefined) problems.push(`${place} is a call without @Describes`);
    else if (description !== undefined) problems.push(`${place} is described, but is no call`);
  }
  if (problems.length > 0) throw new Error(problems.join('; '));
  return routes;
}

interface Handler {
  readonly controller: Type;
  readonly name: string;
  readonly handler: object;
}

function handlersOf(controller: Type): Handler[] {
  const prototype: object = Object(controller.prototype);
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler: unknown = Reflect.get(prototype, name);
    return typeof handler === 'function' ? [{ controller, name, handler }] : [];
  });
}

function routeOf(controller: Type, handler: object, method: Method, description: Description): Route {
  const parts = [metadata(PATH_METADATA, controller), metadata(PATH_METADATA, handler)].flatMap((part) =>
    String(part)
      .split('/')
      .filter((segment) => segment !== ''),
  );
  const parameters = parts.filter((part) => part.startsWith(':')).map((part) => part.slice(1));
  const path = `/${parts.map((part) => (part.startsWith(':') ? `{${part.slice(1)}}` : part)).join('/')}`;
  const status = metadata(HTTP_CODE_METADATA, handler) ?? (method === 'post' ? CREATED : OK);
  return {
    method,
    path,
    parameters,
    status: Number(status),
    headers: new Map(listOf(metadata(HEADERS_METADATA, handler)).map(headerOf)),
    access: accessOf(controller, handler, method),
    description,
  };
}

function accessOf(controller: Type, handler: object, method: Method): Access {
  const guards = [controller, handler].flatMap((target) => listOf(metadata(GUARDS_METADATA, target)));
  if (!guards.includes(AccessGuard)) return { kind: 'open' };
  return { kind: 'key', scope: scopeFor(method, handler), operatorOnly: guards.includes(OperatorGuard) };
}

function methodOf(handler: object): Method | undefined {
  const name = RequestMethod[Number(metadata(METHOD_METADATA, handler))]?.toLowerCase();
  return METHODS.find((method) => method === name);
}

function headerOf(header: unknown): [string, string] {
  const { name, value }: { name?: unknown; value?: unknown } = Object(header);
  return [String(name).toLowerCase(), String(value)];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function metadata(key: string, target: object): unknown {
  return Reflect.getMetadata(key, target);
}
