import { exactEventJson, type WebhookEvent } from '#libs/domain';

import { AvroInput } from './avro-input.ts';
import { JsonOutput } from './json-output.ts';
import type { WriteJson } from './json-writer.ts';

/** The parts of an event that matching needs. */
export interface EventParts {
  readonly id: string;
  readonly type: string;
  readonly resourceType: string;
  readonly customerId: string;
  readonly tmCreate: string;
  readonly resourceId: string;
}

const [ID, TYPE, RESOURCE_TYPE, TM_CREATE, DATA, END] = [
  Buffer.from('{"id":'),
  Buffer.from(',"type":'),
  Buffer.from(',"resource_type":'),
  Buffer.from(',"tm_create":'),
  Buffer.from(',"data":'),
  Buffer.from('}'),
];
/** One body is built at a time, and never across an await. */
const output = new JsonOutput();

/** An event whose body is written straight from its Avro bytes, when it is first asked for. */
export class DecodedEvent implements WebhookEvent {
  readonly id: string;
  readonly type: string;
  readonly resourceType: string;
  readonly customerId: string;
  readonly tmCreate: string;
  readonly resourceId: string;
  private readonly value: Buffer;
  private readonly dataStart: number;
  private readonly writeData: WriteJson;
  private written: Buffer | undefined;
  private parsed: { readonly fields: unknown } | undefined;

  constructor(parts: EventParts, value: Buffer, dataStart: number, writeData: WriteJson) {
    this.id = parts.id;
    this.type = parts.type;
    this.resourceType = parts.resourceType;
    this.customerId = parts.customerId;
    this.tmCreate = parts.tmCreate;
    this.resourceId = parts.resourceId;
    this.value = value;
    this.dataStart = dataStart;
    this.writeData = writeData;
  }

  get body(): Buffer {
    this.written ??= this.write();
    return this.written;
  }

  get fields(): unknown {
    this.parsed ??= { fields: exactEventJson(this.body.toString()) };
    return this.parsed.fields;
  }

  private write(): Buffer {
    output.reset();
    output.raw(ID);
    output.literal(this.id);
    output.raw(TYPE);
    output.literal(this.type);
    output.raw(RESOURCE_TYPE);
    output.literal(this.resourceType);
    output.raw(TM_CREATE);
    output.literal(this.tmCreate);
    output.raw(DATA);
    this.writeData(new AvroInput(this.value, this.dataStart), output);
    output.raw(END);
    return output.finish();
  }
}
