import { Injectable } from '@nestjs/common';

import { ApiError, conflict } from '../../http/api-error.ts';

const MOST_OF_A_CUSTOMER = 5;
const MOST_OF_ALL = 100;

/** Counts the tests under way: one whose endpoint hangs takes seconds, and must not take the others' place. */
@Injectable()
export class TestsUnderWay {
  private readonly counts = new Map<string, number>();
  private total = 0;

  /** @throws ApiError 409 while the customer has too many under way, 503 while everybody together has */
  async run<T>(customerId: string, test: () => Promise<T>): Promise<T> {
    const count = this.counts.get(customerId) ?? 0;
    if (count >= MOST_OF_A_CUSTOMER) {
      throw conflict('TOO_MANY_TESTS', `${MOST_OF_A_CUSTOMER} tests are under way; wait until one is over.`);
    }
    if (this.total >= MOST_OF_ALL) {
      throw new ApiError('BUSY', 'Too many tests are under way; try again.');
    }
    this.counts.set(customerId, count + 1);
    this.total += 1;
    try {
      return await test();
    } finally {
      this.total -= 1;
      const left = (this.counts.get(customerId) ?? 1) - 1;
      if (left === 0) this.counts.delete(customerId);
      else this.counts.set(customerId, left);
    }
  }
}
