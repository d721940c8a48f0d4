/* Made from the description of the admin REST; its test says how to make it anew. */

export interface components {
  schemas: {
    readonly NewWebhook: {
      /**
       * Format: uri
       * @description Where events are sent to. Its host leads to a public address, its port is 443 or one from 1024 on; no user name, no fragment.
       */
      readonly url: string;
      /** @description Event types by name, families as `<name>_*` (the name of a resource type, or of a row of the public table of events), or `*` for everything. `GET /event-types` lists them. */
      readonly event_types: readonly string[];
      /** @description What you call it. Null clears it. */
      readonly name?: string | null;
      /** @description Your notes on it. Null clears it. */
      readonly description?: string | null;
      /**
       * @description The statuses by which the endpoint takes an event over. Default: `"200"`.
       * @enum {string}
       */
      readonly success?: '200' | '2xx';
      /** @description `standard` (Standard Webhooks) is always sent; `voipbin` adds `x-voipbin-signature`. Default: `["standard"]`. */
      readonly signatures?: readonly ('standard' | 'voipbin')[];
      /**
       * @description The method of the requests. Default: `POST`.
       * @enum {string}
       */
      readonly method?: 'POST' | 'PUT';
      /** @description Headers of your own for each request. Those that are named change, null as a value removes one, null in place of all clears them. Headers of the connection and those that deliveries set cannot be given. */
      readonly headers?: {
        readonly [key: string]: string | null;
      } | null;
      /** @description The most requests a second that the endpoint gets; what exceeds it waits. Null clears it. */
      readonly rate_limit?: number | null;
      /** @description Which events of these types are wanted. Null clears it: all are. */
      readonly filter?: components['schemas']['Filter'] | null;
      /** @description A signing secret of your own: `whsec_` and the base64 of 24 to 64 random bytes. Left out: 32 random bytes of ours. */
      readonly secret?: string;
      /**
       * @description A paused webhook gets nothing until it is active. Default: `active`.
       * @enum {string}
       */
      readonly status?: 'active' | 'paused';
      /**
       * Format: uuid
       * @description Whose webhook it is. Required with the operator key; an access key says it already.
       */
      readonly customer_id?: string;
    };
    readonly CreatedWebhook: {
      /** @description The webhook's id. */
      readonly id: string;
      /** @description Whose it is. */
      readonly customer_id: string;
      /** @description What its customer calls it. */
      readonly name: string | null;
      /** @description The customer's notes. */
      readonly description: string | null;
      /** @description Where events are sent to. */
      readonly url: string;
      /** @description Event types, families such as `call_*`, or `*`. */
      readonly event_types: readonly string[];
      /**
       * @description A paused webhook gets nothing, and what waits for another attempt goes on waiting. Of a disabled one what waits becomes a dead letter.
       * @enum {string}
       */
      readonly status: 'active' | 'paused' | 'disabled';
      /**
       * @description `failing`: nothing but failures for days. `gone`: the endpoint answered 410. `requested`: by a change. Null while it is active.
       * @enum {string|null}
       */
      readonly disabled_reason: 'failing' | 'gone' | 'requested' | null;
      /**
       * Format: date-time
       * @description Since when it is disabled.
       */
      readonly disabled_at: string | null;
      /**
       * @description The statuses by which the endpoint takes an event over.
       * @enum {string}
       */
      readonly success: '200' | '2xx';
      /** @description The signature headers that the endpoint gets. */
      readonly signatures: readonly ('standard' | 'voipbin')[];
      /**
       * @description The method of the requests.
       * @enum {string}
       */
      readonly method: 'POST' | 'PUT';
      /** @description Headers of its own for each request. `[hidden]` stands for values that are secrets by their names. */
      readonly headers: {
        readonly [key: string]: string;
      };
      /** @description The most requests a second that the endpoint gets; null: no limit. */
      readonly rate_limit: number | null;
      /** @description Which events of these types are wanted; null: all. */
      readonly filter: components['schemas']['Filter'] | null;
      /**
       * Format: date-time
       * @description When it was created.
       */
      readonly tm_create: string;
      /**
       * Format: date-time
       * @description When it was last changed.
       */
      readonly tm_update: string;
      /** @description The signing secret, by which the endpoint verifies requests (Standard Webhooks). `GET /webhooks/{id}/secret` shows it again. */
      readonly secret: string;
    };
    /** @description Which of the events of the chosen types are wanted: a condition, or filters joined by `all` or `any`, at most 5 levels deep, with at most 50 conditions. */
    readonly Filter:
      | {
          /** @description The way to a value in the body, with dots between the names. */
          readonly field: string;
          /** @description Is this. */
          readonly equals?: string | number | boolean;
          /** @description Is one of these. */
          readonly in?: readonly (string | number | boolean)[];
          /** @description Is there and not null (true); is absent or null (false). */
          readonly exists?: boolean;
          /** @description Is a number that is larger. */
          readonly gt?: number;
          /** @description Is a number that is as large or larger. */
          readonly gte?: number;
          /** @description Is a number that is smaller. */
          readonly lt?: number;
          /** @description Is a number that is as small or smaller. */
          readonly lte?: number;
        }
      | {
          readonly all: readonly components['schemas']['Filter'][];
        }
      | {
          readonly any: readonly components['schemas']['Filter'][];
        };
    /** @description Every answer that is not a success has this body. */
    readonly Error: {
      readonly error: {
        /**
         * @description The kind of failure; goes with the HTTP status.
         * @enum {string}
         */
        readonly status:
          | 'INVALID_ARGUMENT'
          | 'UNAUTHENTICATED'
          | 'PERMISSION_DENIED'
          | 'NOT_FOUND'
          | 'METHOD_NOT_ALLOWED'
          | 'ALREADY_EXISTS'
          | 'CONFLICT'
          | 'REQUEST_TIMEOUT'
          | 'PRECONDITION_FAILED'
          | 'PAYLOAD_TOO_LARGE'
          | 'UNSUPPORTED_MEDIA_TYPE'
          | 'EXPECTATION_FAILED'
          | 'UNPROCESSABLE'
          | 'RESOURCE_EXHAUSTED'
          | 'HEADERS_TOO_LARGE'
          | 'INTERNAL'
          | 'UNAVAILABLE';
        /**
         * @description What exactly went wrong. Stable: decide by this.
         * @enum {string}
         */
        readonly reason:
          | 'INVALID_FIELDS'
          | 'NO_BODY'
          | 'NOT_JSON'
          | 'NOT_AN_OBJECT'
          | 'JSON_TOO_DEEP'
          | 'INCOMPLETE_BODY'
          | 'NO_CHANGE'
          | 'NOT_HTTP'
          | 'NO_KEY'
          | 'WRONG_KEY'
          | 'EXPIRED_KEY'
          | 'OPERATOR_ONLY'
          | 'MISSING_SCOPE'
          | 'NOT_FOUND'
          | 'NO_SUCH_CALL'
          | 'METHOD_NOT_ALLOWED'
          | 'REQUEST_TIMEOUT'
          | 'CUSTOMER_EXISTS'
          | 'TOO_MANY_WEBHOOKS'
          | 'TOO_MANY_TESTS'
          | 'TOO_MANY_SECRETS'
          | 'SECRET_UNREADABLE'
          | 'WEBHOOK_NOT_ACTIVE'
          | 'TOO_MANY_REPLAYS'
          | 'BYTES_NOT_KEPT'
          | 'RECORD_TOO_LARGE'
          | 'REQUEST_UNDER_WAY'
          | 'ANSWER_UNREADABLE'
          | 'OUTDATED'
          | 'BODY_TOO_LARGE'
          | 'CONTENT_TYPE'
          | 'CONTENT_ENCODING'
          | 'UNKNOWN_EXPECTATION'
          | 'IDEMPOTENCY_KEY_REUSED'
          | 'RATE_LIMITED'
          | 'TOO_MANY_FAILURES'
          | 'HEADERS_TOO_LARGE'
          | 'INTERNAL'
          | 'DEPENDENCY_UNAVAILABLE'
          | 'REGISTRY_UNAVAILABLE'
          | 'BUSY';
        /** @description For people; the wording can change. */
        readonly message: string;
        /** @description The `x-request-id` of the answer. */
        readonly request_id: string;
        /** @description One entry for each field that is wrong; else empty. */
        readonly details: readonly {
          /** @description Where it is: `url`, `event_types[1]`, a parameter or a header. */
          readonly field: string;
          /** @description What is wrong with it, for people. */
          readonly message: string;
        }[];
      };
    };
    readonly Webhook: {
      /** @description The webhook's id. */
      readonly id: string;
      /** @description Whose it is. */
      readonly customer_id: string;
      /** @description What its customer calls it. */
      readonly name: string | null;
      /** @description The customer's notes. */
      readonly description: string | null;
      /** @description Where events are sent to. */
      readonly url: string;
      /** @description Event types, families such as `call_*`, or `*`. */
      readonly event_types: readonly string[];
      /**
       * @description A paused webhook gets nothing, and what waits for another attempt goes on waiting. Of a disabled one what waits becomes a dead letter.
       * @enum {string}
       */
      readonly status: 'active' | 'paused' | 'disabled';
      /**
       * @description `failing`: nothing but failures for days. `gone`: the endpoint answered 410. `requested`: by a change. Null while it is active.
       * @enum {string|null}
       */
      readonly disabled_reason: 'failing' | 'gone' | 'requested' | null;
      /**
       * Format: date-time
       * @description Since when it is disabled.
       */
      readonly disabled_at: string | null;
      /**
       * @description The statuses by which the endpoint takes an event over.
       * @enum {string}
       */
      readonly success: '200' | '2xx';
      /** @description The signature headers that the endpoint gets. */
      readonly signatures: readonly ('standard' | 'voipbin')[];
      /**
       * @description The method of the requests.
       * @enum {string}
       */
      readonly method: 'POST' | 'PUT';
      /** @description Headers of its own for each request. `[hidden]` stands for values that are secrets by their names. */
      readonly headers: {
        readonly [key: string]: string;
      };
      /** @description The most requests a second that the endpoint gets; null: no limit. */
      readonly rate_limit: number | null;
      /** @description Which events of these types are wanted; null: all. */
      readonly filter: components['schemas']['Filter'] | null;
      /**
       * Format: date-time
       * @description When it was created.
       */
      readonly tm_create: string;
      /**
       * Format: date-time
       * @description When it was last changed.
       */
      readonly tm_update: string;
    };
    readonly WebhookChange: {
      /**
       * Format: uri
       * @description Where events are sent to. Its host leads to a public address, its port is 443 or one from 1024 on; no user name, no fragment.
       */
      readonly url?: string;
      /** @description Event types by name, families as `<name>_*` (the name of a resource type, or of a row of the public table of events), or `*` for everything. `GET /event-types` lists them. */
      readonly event_types?: readonly string[];
      /** @description What you call it. Null clears it. */
      readonly name?: string | null;
      /** @description Your notes on it. Null clears it. */
      readonly description?: string | null;
      /**
       * @description The statuses by which the endpoint takes an event over. Default: `"200"`.
       * @enum {string}
       */
      readonly success?: '200' | '2xx';
      /** @description `standard` (Standard Webhooks) is always sent; `voipbin` adds `x-voipbin-signature`. Default: `["standard"]`. */
      readonly signatures?: readonly ('standard' | 'voipbin')[];
      /**
       * @description The method of the requests. Default: `POST`.
       * @enum {string}
       */
      readonly method?: 'POST' | 'PUT';
      /** @description Headers of your own for each request. Those that are named change, null as a value removes one, null in place of all clears them. Headers of the connection and those that deliveries set cannot be given. */
      readonly headers?: {
        readonly [key: string]: string | null;
      } | null;
      /** @description The most requests a second that the endpoint gets; what exceeds it waits. Null clears it. */
      readonly rate_limit?: number | null;
      /** @description Which events of these types are wanted. Null clears it: all are. */
      readonly filter?: components['schemas']['Filter'] | null;
      /**
       * @description A paused webhook gets nothing, and what waits for another attempt goes on waiting. Of a disabled one what waits becomes a dead letter. `active` ends both.
       * @enum {string}
       */
      readonly status?: 'active' | 'paused' | 'disabled';
    };
    readonly NewTest: {
      /** @description The type of the sample; `GET /event-types` lists them. */
      readonly event_type: string;
    };
    readonly Test: {
      /** @description The sample's id. */
      readonly event_id: string;
      /** @description Its type. */
      readonly event_type: string;
      /**
       * @description Whether the endpoint took it over.
       * @enum {string}
       */
      readonly outcome: 'delivered' | 'failed';
      /** @description Why it failed, as of an attempt. */
      readonly reason: string | null;
      /** @description The same for people. */
      readonly message: string | null;
      /**
       * Format: date-time
       * @description When the request began.
       */
      readonly at: string;
      readonly timing: components['schemas']['Timing'];
      /** @description The status of the endpoint's answer. */
      readonly status: number | null;
      /** @description The beginning of the answer's body, at most 1,024 bytes. */
      readonly response_excerpt: string | null;
      /** @description What was sent. */
      readonly request: {
        /** @enum {string} */
        readonly method: 'POST' | 'PUT';
        readonly url: string;
        readonly body: string;
      };
    };
    /** @description In milliseconds; null is what was not measured. */
    readonly Timing: {
      /** @description Finding the addresses of the host name; null on a connection that was there. */
      readonly dns_ms: number | null;
      /** @description Connecting. */
      readonly connect_ms: number | null;
      /** @description The TLS handshake. */
      readonly tls_ms: number | null;
      /** @description From the start to the end of the answer's headers. */
      readonly first_byte_ms: number | null;
      /** @description From the start to the outcome. */
      readonly total_ms: number | null;
    };
    readonly Secret: {
      /** @description The signing secret: `whsec_` and base64. */
      readonly secret: string;
      /** @description Those before it that are still in use. */
      readonly previous_secrets: readonly {
        /**
         * Format: date-time
         * @description Until when requests are signed by it, too.
         */
        readonly tm_expire: string | null;
      }[];
    };
    readonly Rotation: {
      /** @description A signing secret of your own: `whsec_` and the base64 of 24 to 64 random bytes. Left out: 32 random bytes of ours. */
      readonly secret?: string;
    };
    readonly Attempt: {
      /** @description The attempt's id. */
      readonly id: string;
      /** @description The event's id. */
      readonly event_id: string;
      /** @description Its type. */
      readonly event_type: string;
      /** @description Requests made so far, this one included. */
      readonly attempt: number;
      /**
       * @description `delivered`; `failed`; `held`: not tried, waits in a retry topic; `skipped`: not tried, the webhook did not want it.
       * @enum {string}
       */
      readonly outcome: 'delivered' | 'failed' | 'held' | 'skipped';
      /** @description Why it failed, was held or was skipped; names may be added. */
      readonly reason: string | null;
      /** @description The same for people. */
      readonly message: string | null;
      /**
       * Format: date-time
       * @description When it began.
       */
      readonly at: string;
      readonly timing: components['schemas']['Timing'];
      /** @description The status of the endpoint's answer. */
      readonly status: number | null;
      /** @description The beginning of the answer's body, at most 1,024 bytes. */
      readonly response_excerpt: string | null;
      readonly next: components['schemas']['Next'];
      /** @description The replay that asked for it. */
      readonly replay_id: string | null;
      /** @description The event's place in the log, as in `webhook-sequence`. */
      readonly sequence: string;
    };
    readonly Next: {
      /**
       * @description Another attempt, giving up, or nothing.
       * @enum {string}
       */
      readonly kind: 'none' | 'retry' | 'dead_letter';
      /** @description The delay of the retry topic in which it waits. */
      readonly tier: string | null;
      /**
       * Format: date-time
       * @description Not before this.
       */
      readonly at: string | null;
      /** @description Why it was given up. */
      readonly reason: string | null;
    };
    readonly DeadLetter: {
      /** @description The dead letter's id. */
      readonly id: string;
      /** @description The event's id. */
      readonly event_id: string | null;
      /** @description Its type. */
      readonly event_type: string | null;
      /**
       * @description Why it was given up.
       * @enum {string|null}
       */
      readonly reason: 'schedule_used_up' | 'too_old' | 'webhook_disabled' | null;
      /** @description Requests made. */
      readonly attempts: number;
      /** @description The status of the last answer. */
      readonly last_status: number | null;
      /** @description Why the last attempt failed. */
      readonly last_error: string | null;
      /**
       * Format: date-time
       * @description Of the first attempt.
       */
      readonly first_failure_at: string | null;
      /**
       * Format: date-time
       * @description When it was given up.
       */
      readonly at: string;
      /**
       * Format: date-time
       * @description When it was last handed over for delivery once more.
       */
      readonly redelivered_at: string | null;
      /** @description The event's place in the log. */
      readonly sequence: string;
      /** @description The event as the endpoint would have got it; null where it cannot be read, or is too large to be kept here. */
      readonly event: {
        readonly [key: string]: unknown;
      } | null;
    };
    readonly Stats: {
      /** @description The webhook. */
      readonly webhook_id: string;
      /**
       * Format: date-time
       * @description The hour with which it begins.
       */
      readonly since: string;
      /**
       * Format: date-time
       * @description Before this time.
       */
      readonly until: string;
      readonly health: {
        /**
         * Format: date-time
         * @description When an attempt last succeeded.
         */
        readonly last_success_at: string | null;
        /**
         * Format: date-time
         * @description When one last failed.
         */
        readonly last_failure_at: string | null;
        /**
         * Format: date-time
         * @description Since when nothing but failures came; null while all is well.
         */
        readonly failing_since: string | null;
      };
      readonly totals: components['schemas']['Counts'];
      /** @description Hours without attempts are left out. */
      readonly hours: readonly components['schemas']['Hour'][];
    };
    readonly Counts: {
      /** @description Requests made. */
      readonly attempts: number;
      /** @description Of those: taken over. */
      readonly delivered: number;
      /** @description Of those: not taken over. */
      readonly failed: number;
      /** @description Not tried: waited in a retry topic. */
      readonly held: number;
      /** @description Not tried: the webhook did not want it. */
      readonly skipped: number;
      /** @description How long attempts took, in milliseconds; null where there was none. */
      readonly total_ms: {
        /** @description Half took no longer. */
        readonly p50: number | null;
        /** @description 95 of 100 took no longer. */
        readonly p95: number | null;
        /** @description 99 of 100 took no longer. */
        readonly p99: number | null;
      };
    };
    readonly Hour: {
      /** @description Requests made. */
      readonly attempts: number;
      /** @description Of those: taken over. */
      readonly delivered: number;
      /** @description Of those: not taken over. */
      readonly failed: number;
      /** @description Not tried: waited in a retry topic. */
      readonly held: number;
      /** @description Not tried: the webhook did not want it. */
      readonly skipped: number;
      /** @description How long attempts took, in milliseconds; null where there was none. */
      readonly total_ms: {
        /** @description Half took no longer. */
        readonly p50: number | null;
        /** @description 95 of 100 took no longer. */
        readonly p95: number | null;
        /** @description 99 of 100 took no longer. */
        readonly p99: number | null;
      };
      /**
       * Format: date-time
       * @description When the hour began.
       */
      readonly hour: string;
    };
    readonly Event: {
      /** @description The event's id. */
      readonly id: string;
      /** @description Its type. */
      readonly type: string;
      /** @description What its data is. */
      readonly resource_type: string;
      /** @description Whose it is. */
      readonly customer_id: string;
      /** @description Its place in the log, as in `webhook-sequence`. */
      readonly sequence: string;
      /** @description One entry for each webhook that it was meant for. */
      readonly deliveries: readonly components['schemas']['Delivery'][];
    };
    readonly Delivery: {
      /** @description The webhook. */
      readonly webhook_id: string;
      /**
       * @description `waiting`: for another attempt. `held`: waits without having been tried. `skipped`: the webhook did not want it. `failed`: no attempt follows, and it is no dead letter.
       * @enum {string}
       */
      readonly state: 'delivered' | 'waiting' | 'held' | 'dead_letter' | 'skipped' | 'failed';
      /** @description Requests made. */
      readonly attempts: number;
      /** @description The status of the last answer. */
      readonly last_status: number | null;
      /** @description Why the last attempt failed, was held or was skipped. */
      readonly last_reason: string | null;
      /**
       * Format: date-time
       * @description When the last attempt began.
       */
      readonly last_at: string;
      /**
       * Format: date-time
       * @description When it was delivered.
       */
      readonly delivered_at: string | null;
      /** @description The replay that asked for the last attempt. */
      readonly replay_id: string | null;
      readonly next: components['schemas']['Next'];
    };
    readonly Replay:
      | {
          /**
           * @description A span of time.
           * @constant
           */
          readonly source: 'log';
          /**
           * Format: date-time
           * @description From this time on.
           */
          readonly since: string | null;
          /**
           * Format: date-time
           * @description Before this time.
           */
          readonly until: string | null;
          /** @description The event types asked for; null: all that the webhook asks for. */
          readonly event_types: readonly string[] | null;
          /**
           * @description `failed`: only events that the webhook has not taken yet.
           * @enum {string}
           */
          readonly only: 'failed' | 'all';
          /** @description It only counts. */
          readonly dry_run: boolean;
          /** @description The replay's id. */
          readonly id: string;
          /** @description The webhook that gets the events. */
          readonly webhook_id: string;
          /** @description Whose it is. */
          readonly customer_id: string;
          /**
           * @description `done`: everything was handed over for delivery. What fails then goes on by the retry schedule.
           * @enum {string}
           */
          readonly state: 'queued' | 'running' | 'done' | 'cancelled' | 'failed';
          /** @description Why it failed, for people. */
          readonly failure: string | null;
          /** @description How far it has come. */
          readonly progress: {
            /** @description Records looked at; those of other customers in the same partition, too. */
            readonly read: number;
            /** @description Records to be looked at; where there are more than 20,000 dead letters it grows with `read`. */
            readonly total: number;
            /** @description Events that fit what was asked for. */
            readonly matched: number;
            /** @description Events handed over for delivery. */
            readonly sent: number;
            /** @description Of those: delivered. At most a minute old; of a replay that made more than 100,000 attempts, at least so many. */
            readonly delivered: number;
            /** @description Of those: given up; counted in the same way. */
            readonly dead_letters: number;
          };
          /**
           * Format: date-time
           * @description When it was asked for.
           */
          readonly tm_create: string;
          /**
           * Format: date-time
           * @description When it began.
           */
          readonly tm_start: string | null;
          /**
           * Format: date-time
           * @description When it was done, cancelled or failed.
           */
          readonly tm_end: string | null;
        }
      | {
          /**
           * @description Dead letters.
           * @constant
           */
          readonly source: 'dead_letters';
          /** @description The only one; null: all that were not redelivered. */
          readonly dead_letter_id: string | null;
          /** @description The replay's id. */
          readonly id: string;
          /** @description The webhook that gets the events. */
          readonly webhook_id: string;
          /** @description Whose it is. */
          readonly customer_id: string;
          /**
           * @description `done`: everything was handed over for delivery. What fails then goes on by the retry schedule.
           * @enum {string}
           */
          readonly state: 'queued' | 'running' | 'done' | 'cancelled' | 'failed';
          /** @description Why it failed, for people. */
          readonly failure: string | null;
          /** @description How far it has come. */
          readonly progress: {
            /** @description Records looked at; those of other customers in the same partition, too. */
            readonly read: number;
            /** @description Records to be looked at; where there are more than 20,000 dead letters it grows with `read`. */
            readonly total: number;
            /** @description Events that fit what was asked for. */
            readonly matched: number;
            /** @description Events handed over for delivery. */
            readonly sent: number;
            /** @description Of those: delivered. At most a minute old; of a replay that made more than 100,000 attempts, at least so many. */
            readonly delivered: number;
            /** @description Of those: given up; counted in the same way. */
            readonly dead_letters: number;
          };
          /**
           * Format: date-time
           * @description When it was asked for.
           */
          readonly tm_create: string;
          /**
           * Format: date-time
           * @description When it began.
           */
          readonly tm_start: string | null;
          /**
           * Format: date-time
           * @description When it was done, cancelled or failed.
           */
          readonly tm_end: string | null;
        };
    readonly NewReplay: {
      /**
       * Format: date-time
       * @description RFC 3339, with an offset or `Z`.
       */
      readonly since: string;
      /**
       * Format: date-time
       * @description RFC 3339, with an offset or `Z`.
       */
      readonly until: string;
      /** @description Event types by name, families as `<name>_*` (the name of a resource type, or of a row of the public table of events), or `*` for everything. `GET /event-types` lists them. */
      readonly event_types?: readonly string[];
      /**
       * @description `failed`: only events that the webhook has not taken yet; `all`: those, too, that it has.
       * @enum {string}
       */
      readonly only: 'failed' | 'all';
      /**
       * @description Only count what would be sent.
       * @default false
       */
      readonly dry_run?: boolean;
    };
    readonly EventType: {
      /** @description Its name, for `event_types`. */
      readonly type: string;
      /** @description What `data` is; `<resource_type>_*` asks for all of its events. */
      readonly resource_type: string;
      /** @description The row of the public table of events in which it stands; `<group>_*` asks for all of them. */
      readonly group: string | null;
      /** @description When it happens. */
      readonly description: string;
      /** @description Whether webhooks get it. */
      readonly delivered: boolean;
    };
    readonly NewEvent: {
      /** @description The event type. */
      readonly type: string;
      /**
       * Format: uuid
       * @description The customer whose webhooks get it.
       */
      readonly customer_id: string;
      /** @description The resource; fields that are left out get the defaults of its schema. */
      readonly data: {
        readonly [key: string]: unknown;
      };
      /** @description Default: a random UUID. */
      readonly id?: string;
      /** @description Follows from the type; checked where it is given. */
      readonly resource_type?: string;
      /**
       * Format: date-time
       * @description When it happened. Default: now.
       */
      readonly tm_create?: string;
    };
    readonly ProducedEvent: {
      /** @description The event's id. */
      readonly id: string;
      /** @description Its type. */
      readonly type: string;
      /** @description What its data is. */
      readonly resource_type: string;
      /** @description Whose webhooks get it. */
      readonly customer_id: string;
      /**
       * Format: date-time
       * @description When it happened.
       */
      readonly tm_create: string;
    };
    readonly NewCustomer: {
      /** @description What people call it. */
      readonly name: string;
      /**
       * Format: uuid
       * @description The id that events have in `customer_id`. Default: a random UUID.
       */
      readonly id?: string;
    };
    readonly Customer: {
      /** @description The customer's id. */
      readonly id: string;
      /** @description What people call it. */
      readonly name: string;
      /**
       * Format: date-time
       * @description When it was created.
       */
      readonly tm_create: string;
    };
    readonly AccessKeyRequest: {
      /** @description What people call it. */
      readonly name: string;
      /** @description What the key may do; neither includes the other. */
      readonly scopes?: readonly ('read' | 'write')[];
      /**
       * Format: date-time
       * @description From when on it opens nothing. Default: it lasts.
       */
      readonly tm_expire?: string;
    };
    readonly NewAccessKey: {
      /** @description The key's id. */
      readonly id: string;
      /** @description Whose it is. */
      readonly customer_id: string;
      /** @description What people call it. */
      readonly name: string;
      /** @description How the token begins. */
      readonly prefix: string;
      /** @description What it may do. */
      readonly scopes: readonly ('read' | 'write')[];
      /**
       * Format: date-time
       * @description When it was created.
       */
      readonly tm_create: string;
      /**
       * Format: date-time
       * @description When it was last used, to the minute or so.
       */
      readonly tm_last_used: string | null;
      /**
       * Format: date-time
       * @description From when on it opens nothing; null: it lasts.
       */
      readonly tm_expire: string | null;
      /** @description What requests carry: `Authorization: Bearer <token>`. Shown in this answer only. */
      readonly token: string;
    };
    readonly AccessKey: {
      /** @description The key's id. */
      readonly id: string;
      /** @description Whose it is. */
      readonly customer_id: string;
      /** @description What people call it. */
      readonly name: string;
      /** @description How the token begins. */
      readonly prefix: string;
      /** @description What it may do. */
      readonly scopes: readonly ('read' | 'write')[];
      /**
       * Format: date-time
       * @description When it was created.
       */
      readonly tm_create: string;
      /**
       * Format: date-time
       * @description When it was last used, to the minute or so.
       */
      readonly tm_last_used: string | null;
      /**
       * Format: date-time
       * @description From when on it opens nothing; null: it lasts.
       */
      readonly tm_expire: string | null;
    };
    readonly RejectedEvent: {
      /** @description Its id. */
      readonly id: string;
      /**
       * @description What is wrong with it.
       * @enum {string|null}
       */
      readonly reason: 'not_avro' | 'unknown_schema' | 'unsupported_schema' | 'undecodable' | 'missing_field' | null;
      /** @description The same for people. */
      readonly message: string;
      /**
       * Format: date-time
       * @description When it was put aside.
       */
      readonly at: string;
      /**
       * Format: date-time
       * @description When it was last put back into the event topic.
       */
      readonly redriven_at: string | null;
      /** @description The record's key. */
      readonly key: string | null;
      /** @description Its bytes in base64; null where there are none, or more than are kept here. */
      readonly value: string | null;
      /** @description How many bytes it has. */
      readonly value_bytes: number;
      /** @description Where it lay; null where its headers do not say. */
      readonly origin: components['schemas']['Position'] | null;
      /** @description Where it lies in the topic of rejected events. */
      readonly position: components['schemas']['Position'];
    };
    /** @description A place in the log. */
    readonly Position: {
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
    };
    readonly Redrive: {
      /** @description Its id. */
      readonly id: string;
      /**
       * Format: date-time
       * @description When it was put back.
       */
      readonly redriven_at: string;
      /** @description Where it lies in the event topic now. */
      readonly position: components['schemas']['Position'];
    };
    readonly AuditEntry: {
      /** @description The entry's id. */
      readonly id: string;
      /**
       * Format: date-time
       * @description When the call was made.
       */
      readonly at: string;
      /** @description What the call does. Stable; names may be added. */
      readonly action: string;
      /**
       * @description Who made it.
       * @enum {string}
       */
      readonly caller: 'operator' | 'access_key';
      /** @description The access key; null for the operator. */
      readonly access_key_id: string | null;
      /** @description Whose things were changed; null where no customer's were. */
      readonly customer_id: string | null;
      /** @description What was changed: ids by their names in the path; `id` of what was created. */
      readonly target: {
        readonly [key: string]: string;
      };
      /** @description The fields that the request named; their values are not kept. */
      readonly fields: readonly string[];
      /** @description The `x-request-id` of the call. */
      readonly request_id: string;
      /** @description The address that it came from. */
      readonly client: string;
      /**
       * @description What came of it; `unknown`: the process ended, or something it needs did not answer, before that was known.
       * @enum {string}
       */
      readonly outcome: 'done' | 'unknown';
    };
    readonly Live: {
      /**
       * @description Always.
       * @constant
       */
      readonly status: 'ok';
    };
    readonly Readiness: {
      /**
       * @description `ok` when all of it works.
       * @enum {string}
       */
      readonly status: 'ok' | 'error' | 'shutting_down';
      /** @description What the service depends on, by name. */
      readonly info?: {
        readonly [key: string]: {
          /** @enum {string} */
          readonly status: 'up' | 'down';
        } & {
          readonly [key: string]: unknown;
        };
      };
      /** @description What the service depends on, by name. */
      readonly error?: {
        readonly [key: string]: {
          /** @enum {string} */
          readonly status: 'up' | 'down';
        } & {
          readonly [key: string]: unknown;
        };
      };
      /** @description What the service depends on, by name. */
      readonly details: {
        readonly [key: string]: {
          /** @enum {string} */
          readonly status: 'up' | 'down';
        } & {
          readonly [key: string]: unknown;
        };
      };
    };
  };
  responses: never;
  parameters: {
    /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
    readonly RequestId: string;
    /** @description The `ETag` of the answer in which you saw the resource: if it has changed since, nothing is changed and the answer is 412. Without it, or with `*`, the last change wins. */
    readonly IfMatch: string;
    /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
    readonly IdempotencyKey: string;
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export interface operations {
  readonly listWebhooks: {
    readonly parameters: {
      readonly query?: {
        /** @description The most entries that the page may have. */
        readonly page_size?: number;
        /** @description The `next_page_token` of the answer before; left out, or empty, for the first page. */
        readonly page_token?: string;
      };
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description A page of webhooks. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly result: readonly components['schemas']['Webhook'][];
            /** @description For `page_token`; empty on the last page. */
            readonly next_page_token: string;
          };
        };
      };
    };
  };
  readonly createWebhook: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewWebhook'];
      };
    };
    readonly responses: {
      /** @description The webhook, with its secret. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['CreatedWebhook'];
        };
      };
    };
  };
  readonly getWebhook: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The webhook. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Webhook'];
        };
      };
    };
  };
  readonly deleteWebhook: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description It is gone. */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly updateWebhook: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description The `ETag` of the answer in which you saw the resource: if it has changed since, nothing is changed and the answer is 412. Without it, or with `*`, the last change wins. */
        readonly 'If-Match'?: components['parameters']['IfMatch'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['WebhookChange'];
      };
    };
    readonly responses: {
      /** @description The webhook as it is now. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Webhook'];
        };
      };
    };
  };
  readonly testWebhook: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewTest'];
      };
    };
    readonly responses: {
      /** @description The attempt in full. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Test'];
        };
      };
    };
  };
  readonly getSecret: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The secret. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Secret'];
        };
      };
    };
  };
  readonly rotateSecret: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description The `ETag` of the answer in which you saw the resource: if it has changed since, nothing is changed and the answer is 412. Without it, or with `*`, the last change wins. */
        readonly 'If-Match'?: components['parameters']['IfMatch'];
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: {
      readonly content: {
        readonly 'application/json': components['schemas']['Rotation'];
      };
    };
    readonly responses: {
      /** @description The new secret. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Secret'];
        };
      };
    };
  };
  readonly listAttempts: {
    readonly parameters: {
      readonly query?: {
        /** @description Only those whose answer had such a status; `none`: those without an answer. */
        readonly status?: '2xx' | '3xx' | '4xx' | '5xx' | 'none';
        /** @description Only those with this outcome. */
        readonly outcome?: 'delivered' | 'failed' | 'held' | 'skipped';
        /** @description Only those for events of this type. */
        readonly event_type?: string;
        /** @description Only those for this event. */
        readonly event_id?: string;
        /** @description From this time on (RFC 3339). */
        readonly since?: string;
        /** @description Before this time (RFC 3339). */
        readonly until?: string;
        /** @description The most entries that the page may have. */
        readonly page_size?: number;
        /** @description The `next_page_token` of the answer before; left out, or empty, for the first page. */
        readonly page_token?: string;
      };
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description A page of attempts. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly result: readonly components['schemas']['Attempt'][];
            /** @description For `page_token`; empty on the last page. */
            readonly next_page_token: string;
          };
        };
      };
    };
  };
  readonly listDeadLetters: {
    readonly parameters: {
      readonly query?: {
        /** @description The most entries that the page may have. */
        readonly page_size?: number;
        /** @description The `next_page_token` of the answer before; left out, or empty, for the first page. */
        readonly page_token?: string;
      };
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description A page of dead letters. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly result: readonly components['schemas']['DeadLetter'][];
            /** @description For `page_token`; empty on the last page. */
            readonly next_page_token: string;
          };
        };
      };
    };
  };
  readonly getStats: {
    readonly parameters: {
      readonly query?: {
        /** @description From this time on (RFC 3339). */
        readonly since?: string;
        /** @description Before this time (RFC 3339). */
        readonly until?: string;
      };
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Health, totals and hours. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Stats'];
        };
      };
    };
  };
  readonly getEvent: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The event's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The event, and its deliveries. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Event'];
        };
      };
    };
  };
  readonly redeliverDeadLetters: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The replay that does it. */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Replay'];
        };
      };
    };
  };
  readonly redeliverDeadLetter: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
        /** @description The dead letter's id. */
        readonly letter: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The replay that does it. */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Replay'];
        };
      };
    };
  };
  readonly createReplay: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The webhook's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewReplay'];
      };
    };
    readonly responses: {
      /** @description The replay, which goes on by itself. */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Replay'];
        };
      };
    };
  };
  readonly getReplay: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The replay's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The replay. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Replay'];
        };
      };
    };
  };
  readonly cancelReplay: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The replay's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The replay as it is now. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Replay'];
        };
      };
    };
  };
  readonly listEventTypes: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The catalogue. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly result: readonly components['schemas']['EventType'][];
            /** @description For `page_token`; empty on the last page. */
            readonly next_page_token: string;
          };
        };
      };
    };
  };
  readonly produceEvent: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewEvent'];
      };
    };
    readonly responses: {
      /** @description It lies in the log. */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ProducedEvent'];
        };
      };
    };
  };
  readonly createCustomer: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['NewCustomer'];
      };
    };
    readonly responses: {
      /** @description The customer. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Customer'];
        };
      };
    };
  };
  readonly listAccessKeys: {
    readonly parameters: {
      readonly query?: {
        /** @description The most entries that the page may have. */
        readonly page_size?: number;
        /** @description The `next_page_token` of the answer before; left out, or empty, for the first page. */
        readonly page_token?: string;
      };
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The customer's id. */
        readonly customerId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description A page of access keys. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly result: readonly components['schemas']['AccessKey'][];
            /** @description For `page_token`; empty on the last page. */
            readonly next_page_token: string;
          };
        };
      };
    };
  };
  readonly createAccessKey: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The customer's id. */
        readonly customerId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['AccessKeyRequest'];
      };
    };
    readonly responses: {
      /** @description The key, with its token. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['NewAccessKey'];
        };
      };
    };
  };
  readonly revokeAccessKey: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The customer's id. */
        readonly customerId: string;
        /** @description The key's id. */
        readonly keyId: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description It is gone. */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readonly listRejectedEvents: {
    readonly parameters: {
      readonly query?: {
        /** @description The most entries that the page may have. */
        readonly page_size?: number;
        /** @description The `next_page_token` of the answer before; left out, or empty, for the first page. */
        readonly page_token?: string;
      };
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description A page of rejected events. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly result: readonly components['schemas']['RejectedEvent'][];
            /** @description For `page_token`; empty on the last page. */
            readonly next_page_token: string;
          };
        };
      };
    };
  };
  readonly redriveRejectedEvent: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one. */
        readonly 'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path: {
        /** @description The rejected event's id. */
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Where it lies now. */
      readonly 202: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Redrive'];
        };
      };
    };
  };
  readonly listAudit: {
    readonly parameters: {
      readonly query?: {
        /** @description The most entries that the page may have. */
        readonly page_size?: number;
        /** @description The `next_page_token` of the answer before; left out, or empty, for the first page. */
        readonly page_token?: string;
        /** @description Only changes of this customer's things. */
        readonly customer_id?: string;
      };
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description A page of changes. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly result: readonly components['schemas']['AuditEntry'][];
            /** @description For `page_token`; empty on the last page. */
            readonly next_page_token: string;
          };
        };
      };
    };
  };
  readonly getOpenApi: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The document. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly openapi: string;
          } & {
            readonly [key: string]: unknown;
          };
        };
      };
    };
  };
  readonly getDocs: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The page. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/html': string;
        };
      };
    };
  };
  readonly getLive: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description It does. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Live'];
        };
      };
    };
  };
  readonly getReady: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description All of it does. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Readiness'];
        };
      };
    };
  };
  readonly getMetrics: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one. */
        readonly 'x-request-id'?: components['parameters']['RequestId'];
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description All metrics of this process. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/plain': string;
        };
      };
    };
  };
}
