import { exactJson, filterJson, readFilter, type WebhookFilter } from '#libs/domain';

/** A filter as its document holds it. */
export function filterText(filter: WebhookFilter | undefined): string | undefined {
  return filter && (filter.kind === 'filter' ? JSON.stringify(filterJson(filter.filter)) : filter.text);
}

/** A document's filter; one that a newer version wrote may not be readable. */
export function filterOf(text: string | undefined): WebhookFilter | undefined {
  if (text === undefined) return undefined;
  const reading = readFilter(parsed(text));
  return reading.kind === 'read' ? { kind: 'filter', filter: reading.filter } : { kind: 'unreadable', text };
}

function parsed(text: string): unknown {
  try {
    return exactJson(text);
  } catch {
    return undefined;
  }
}
