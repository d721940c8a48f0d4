import { createHash } from 'node:crypto';

import { METHODS, type Method, type OpenApiDocument, type Operation } from '../open-api.ts';
import { Html, markup } from './markup.ts';
import { inlineMarkdown, markdown } from './markdown.ts';
import { methodBadge, operationSection } from './operation-section.ts';
import { schemaTable } from './schema-table.ts';
import { STYLE } from './style.ts';

/** A page that needs nothing but itself: no script, no font, no request. */
export interface DocsPage {
  readonly html: string;
  /** What a browser may do with it: show its own style, which it knows by its hash. */
  readonly contentSecurityPolicy: string;
}

interface Call {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

/** The description of the API for people. */
export function docsPage(document: OpenApiDocument): DocsPage {
  const { info, tags, components } = document;
  const calls = callsOf(document);
  const of = (tag: string): Call[] => calls.filter(({ operation }) => operation.tags.includes(tag));
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${info.title}: the admin REST</title>
        <style>${new Html(STYLE)}</style>
      </head>
      <body>
        <nav aria-label="Contents">
          <p>
            <strong>${info.title}</strong> <span class="quiet">${info.version}</span><br />
            <a href="/openapi.json">openapi.json</a>
          </p>
          ${tags.map(
            ({ name }) =>
              markup`<strong>${name}</strong>
                <ul>
                  ${of(name).map(entry)}
                </ul>`,
          )}
          <strong><a href="#schemas">schemas</a></strong>
        </nav>
        <main>
          <header>
            <h1>${info.title}</h1>
            <p>${info.summary}</p>
            ${markdown(info.description)}
          </header>
          ${tags.map(
            ({ name, description }) =>
              markup`<h2>${name}</h2>
                <p>${inlineMarkdown(description)}</p>
                ${of(name).map(({ method, path, operation }) => operationSection(method, path, operation, components))}`,
          )}
          <h2 id="schemas">Schemas</h2>
          ${Object.entries(components.schemas)
            .toSorted(([a], [b]) => a.localeCompare(b))
            .map(
              ([name, schema]) =>
                markup`<section id="schema-${name}">
                  <h3>${name}</h3>
                  <p>${inlineMarkdown(schema.description ?? '')}</p>
                  ${schemaTable(schema)}
                </section>`,
            )}
        </main>
      </body>
    </html>
`;
  const hash = createHash('sha256').update(STYLE).digest('base64');
  return {
    html: page.text,
    contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  };
}

function entry({ method, operation }: Call): Html {
  return markup`<li>${methodBadge(method)} <a href="#${operation.operationId}">${operation.summary}</a></li>`;
}

function callsOf({ paths }: OpenApiDocument): readonly Call[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}
