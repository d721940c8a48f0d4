import { EventEncoder, RegistrationError } from '#libs/event-schemas';
import { Inject, Injectable } from '@nestjs/common';

import { ApiError } from '../http/api-error.ts';

/** 503 for what needs a schema that cannot be had now. */
export function registryUnavailable(): ApiError {
  return new ApiError('REGISTRY_UNAVAILABLE', 'The schema registry does not answer; try again.');
}

/** Writes events as Avro, with a schema that the registry has. */
@Injectable()
export class RegisteredEncoder {
  private readonly encoder: EventEncoder;

  constructor(@Inject(EventEncoder) encoder: EventEncoder) {
    this.encoder = encoder;
  }

  /** @throws ApiError 503 while the schema registry does not answer */
  async encode(resourceType: string, value: Parameters<EventEncoder['encode']>[1]): Promise<Buffer> {
    try {
      return await this.encoder.encode(resourceType, value);
    } catch (error) {
      throw error instanceof RegistrationError ? registryUnavailable() : error;
    }
  }
}
