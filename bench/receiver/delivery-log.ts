/** Requests in the order of their arrival, a column for each property. */
export interface Deliveries {
  readonly endpoints: Int32Array;
  readonly events: Int32Array;
  /** When each request was complete, in milliseconds since the epoch, with fractions. */
  readonly times: Float64Array;
}

const FIRST_CAPACITY = 65_536;

/** Takes down requests in columns that grow; nothing is allocated for a single one. */
export class DeliveryLog {
  private endpoints = new Int32Array(FIRST_CAPACITY);
  private events = new Int32Array(FIRST_CAPACITY);
  private times = new Float64Array(FIRST_CAPACITY);
  private length = 0;

  add(endpoint: number, event: number, time: number): void {
    const at = this.length++;
    if (at === this.times.length) this.grow();
    this.endpoints[at] = endpoint;
    this.events[at] = event;
    this.times[at] = time;
  }

  clear(): void {
    this.length = 0;
  }

  columns(): Deliveries {
    return {
      endpoints: this.endpoints.slice(0, this.length),
      events: this.events.slice(0, this.length),
      times: this.times.slice(0, this.length),
    };
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    const endpoints = new Int32Array(capacity);
    const events = new Int32Array(capacity);
    const times = new Float64Array(capacity);
    endpoints.set(this.endpoints);
    events.set(this.events);
    times.set(this.times);
    this.endpoints = endpoints;
    this.events = events;
    this.times = times;
  }
}
