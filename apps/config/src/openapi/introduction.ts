/** What stands before the calls; CommonMark. */
export const INTRODUCTION = `Register a webhook, and every event that it asks for becomes one signed HTTPS request to your endpoint. What was
tried can be read here, and what went wrong can be delivered once more.

## Calling

Requests and answers are JSON in UTF-8. A body is an object of at most 256 KiB, sent with \`content-type: application/json\`.
Fields that a call does not know are refused by name. Times are RFC 3339; times in answers are in UTC. Answers can get new fields:
ignore what you do not know.

Every answer has an \`x-request-id\`: your own, if you sent one.

## Keys

Send your access key with every request: \`Authorization: Bearer ak_...\`. It belongs to one customer, and shows only what is
that customer's. A key has the scope \`read\`, the scope \`write\`, or both; neither includes the other. Calls that are marked as
the operator's need the operator key, which may make all the others, too, for every customer.

Whether you may see a thing is decided before your input is judged: what belongs to somebody else is \`404\`, exactly as if it
did not exist.

## Limits

An access key may make 50 requests a second, and 200 at once after a pause, unless the operator chose otherwise; \`RateLimit\` and
\`RateLimit-Policy\` say what is left. What exceeds it is \`429\` with \`Retry-After\`.

## Making a call once

Send an \`Idempotency-Key\` with a \`POST\`, and repeat the request with the same key when you do not know what became of it: within 24 hours
it is carried out once, and every repetition gets the first answer, with \`Idempotency-Replayed: true\`. Errors are not kept.

## Lists

A list has at most \`page_size\` entries (100 if it is left out) in \`result\`. Give \`next_page_token\` back as \`page_token\` for
what follows; it is empty on the last page.

## Errors

Every answer that is not a success has the body \`{"error": {...}}\`. Decide by \`reason\`, which does not change; \`message\` is for
people. Besides what stands at each call:

- \`404 NO_SUCH_CALL\`: no call has this path.
- \`405 METHOD_NOT_ALLOWED\`: the path has no call with this method; \`Allow\` lists those that it has.
- \`408 REQUEST_TIMEOUT\`: the request did not arrive in time: its headers within 10 seconds, all of it within 30.
- \`417 UNKNOWN_EXPECTATION\`: the header \`Expect\` is not \`100-continue\`.
- \`431 HEADERS_TOO_LARGE\`: the headers are larger than 16 KiB.
- \`500 INTERNAL\`: a fault on our side. Tell the operator the \`request_id\`.
- \`503\`: something is out of order for the moment. \`Retry-After\` says when to try again. What a call with another method than GET
  should do may have been done or not: make it again.
`;
