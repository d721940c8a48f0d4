import { Marked } from 'marked';

import { Html } from './markup.ts';

const marked = new Marked({ async: false, gfm: true });

/** CommonMark of our own as HTML, in paragraphs. */
export function markdown(text: string): Html {
  return new Html(marked.parse(text, { async: false }));
}

/** The same for one line. */
export function inlineMarkdown(text: string): Html {
  return new Html(marked.parseInline(text, { async: false }));
}
