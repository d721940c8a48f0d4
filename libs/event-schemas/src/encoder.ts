import { CodedError } from '#libs/domain';
import type { AvroValue } from './avro-value.ts';
import type { Catalogue } from './catalogue.ts';
import type { RegistryAddress } from './registry-address.ts';
import { register, type Registration } from './registration.ts';
import type { ResourceTypeEntry } from './resource-type.ts';
import { wireValue } from './wire-format.ts';

/** Writes events in the registry's wire format, with the catalogue's schemas. */
export class EventEncoder {
  private readonly catalogue: Catalogue;
  private readonly registry: RegistryAddress;
  private readonly ids = new Map<string, number>();

  constructor(catalogue: Catalogue, registry: RegistryAddress) {
    this.catalogue = catalogue;
    this.registry = registry;
  }

  /** Takes over the ids of a registration, so that every `encode` answers at once. */
  adopt({ schemas }: Registration): void {
    for (const { resourceType, id } of schemas) this.ids.set(resourceType, id);
  }

  /**
   * Encodes a value that `fromJson` made: at once when the schema's id is known, else after registering the schema.
   * @throws RegistrationError when the registry is away or refuses the schema
   * @throws CodedError `UNKNOWN_RESOURCE_TYPE`
   */
  encode(resourceType: string, value: AvroValue): Buffer | Promise<Buffer> {
    const entry = this.catalogue.resourceTypes.get(resourceType);
    if (!entry) throw new CodedError('UNKNOWN_RESOURCE_TYPE', `the catalogue has no resource type "${resourceType}"`);
    const id = this.ids.get(resourceType);
    return id === undefined ? this.registered(entry, value) : encodeAs(id, entry, value);
  }

  private async registered(entry: ResourceTypeEntry, value: AvroValue): Promise<Buffer> {
    const { id } = await register(entry, this.registry);
    this.ids.set(entry.resourceType, id);
    return encodeAs(id, entry, value);
  }
}

function encodeAs(id: number, entry: ResourceTypeEntry, value: AvroValue): Buffer {
  return wireValue(id, entry.avroType.toBuffer(value));
}
