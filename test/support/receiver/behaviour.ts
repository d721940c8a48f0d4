/** What an endpoint does with a request, once it has read it. */
export type Behaviour =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'fail_first'; readonly times: number; readonly status: number; readonly after: Behaviour }
  | { readonly kind: 'delay'; readonly ms: number; readonly after: Behaviour }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drip'; readonly text: string; readonly byteIntervalMs: number }
  | { readonly kind: 'raw'; readonly text: string; readonly end: boolean }
  | { readonly kind: 'reset' }
  | { readonly kind: 'close' }
  | { readonly kind: 'endless_body'; readonly status: number };

/** Answers at once. */
export function answer(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Behaviour {
  return { kind: 'answer', status, headers, body };
}

/** Fails the path's first n requests, counted from when this was set, and then does something else (200 by default). */
export function failFirst(times: number, status: number, after: Behaviour = answer(200)): Behaviour {
  return { kind: 'fail_first', times, status, after };
}

/** Waits before it does something else (200 by default). */
export function delay(ms: number, after: Behaviour = answer(200)): Behaviour {
  return { kind: 'delay', ms, after };
}

/** Takes the request and never answers. */
export function hang(): Behaviour {
  return { kind: 'hang' };
}

/** Sends the beginning of an answer's headers, and then nothing. */
export function halfHeader(): Behaviour {
  return raw('HTTP/1.1 200 OK\r\ncontent-ty');
}

/** Sends an answer's headers one byte at a time; there are 2,000 of them. */
export function dripHeaders(byteIntervalMs: number): Behaviour {
  return { kind: 'drip', text: `HTTP/1.1 200 OK\r\nx-drip: ${'d'.repeat(1_971)}\r\n\r\n`, byteIntervalMs };
}

/** Answers with something that is not HTTP. */
export function garbage(): Behaviour {
  return raw('220 mail.example ESMTP\r\n');
}

/** Writes exactly this text to the connection and leaves it open, or ends it. */
export function raw(text: string, end = false): Behaviour {
  return { kind: 'raw', text, end };
}

/** Resets the connection. */
export function reset(): Behaviour {
  return { kind: 'reset' };
}

/** Closes the connection in good order, without a byte of an answer. */
export function closeWithoutAnswer(): Behaviour {
  return { kind: 'close' };
}

/** Answers with complete headers and a body that goes on for as long as somebody reads it. */
export function endlessBody(status = 200): Behaviour {
  return { kind: 'endless_body', status };
}

/** Sends the caller elsewhere. */
export function redirect(url: string, status = 302): Behaviour {
  return answer(status, { location: url });
}
