import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { loadCatalogue } from '#libs/event-schemas';
import { packageRoot } from '#libs/runtime';

import { apiDescription } from '../../api-description.ts';
import { docsPage } from './docs-page.ts';
import { markup } from './markup.ts';

const document = apiDescription({ catalogue: loadCatalogue(join(packageRoot(), 'schemas')), allowHttp: false });
const page = docsPage(document);
const ids = [...page.html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);

describe('the page', () => {
  it('shows every call and every schema once', () => {
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    for (const { operationId } of operations) expect(ids.filter((id) => id === operationId)).toHaveLength(1);
    for (const name of Object.keys(document.components.schemas)) expect(ids).toContain(`schema-${name}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has no link that leads nowhere', () => {
    const links = [...page.html.matchAll(/ href="([^"]+)"/g)].map(([, href = '']) => href);
    expect(links.length).toBeGreaterThan(80);
    const unknown = links.filter((href) => href !== '/openapi.json' && !ids.includes(href.replace(/^#/, '')));
    expect(unknown).toEqual([]);
  });

  it('needs nothing from elsewhere, and lets a browser use nothing but its own style', () => {
    expect(page.html).not.toMatch(/<script|<link|<img|url\(|@import|\son\w+=|\sstyle=/i);
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(page.html) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.contentSecurityPolicy).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  });

  it('takes what is put in for text', () => {
    expect(markup`<p title="${'"'}">${'<script>&'}</p>`.text).toBe('<p title="&quot;">&lt;script&gt;&amp;</p>');
    const items = ['a', '<'].map((text) => markup`<li>${text}</li>`);
    expect(markup`<ul>${items}</ul>`.text).toBe('<ul><li>a</li><li>&lt;</li></ul>');
  });
});
