import ipaddr from 'ipaddr.js';

/** What is asked for, and what an answer is made of. */
export type RecordType = 'A' | 'AAAA' | 'CNAME';

/** One resource record. `data` is an address, for CNAME a name. */
export interface DnsRecord {
  readonly type: RecordType;
  readonly data: string;
  /** Whose record it is; that of the question when absent. */
  readonly name?: string;
  /** In seconds; 0 when absent. */
  readonly ttl?: number;
}

export interface Question {
  readonly id: number;
  /** In lower case, without a dot at the end. */
  readonly name: string;
  /** Undefined for one that this server has no records of. */
  readonly type: RecordType | undefined;
  /** The question as it came: name, type and class. */
  readonly bytes: Buffer;
}

const HEADER_BYTES = 12;
const TYPE_NUMBERS: Readonly<Record<RecordType, number>> = { A: 1, CNAME: 5, AAAA: 28 };
const CLASS_IN = 1;
/** An answer, recursion desired and available. */
const ANSWER_FLAGS = 0x8180;
const NAME_ERROR = 3;

/** Reads the one question of a query (RFC 1035, section 4.1). */
export function readQuestion(message: Buffer): Question {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const number = message.readUInt16BE(at + 1);
  const types: readonly RecordType[] = ['A', 'AAAA', 'CNAME'];
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.').toLowerCase(),
    type: types.find((type) => TYPE_NUMBERS[type] === number),
    bytes: message.subarray(HEADER_BYTES, at + 5),
  };
}

/** The answer to a question. @param records undefined for a name that does not exist. */
export function writeAnswer(question: Question, records: readonly DnsRecord[] | undefined): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(question.id, 0);
  header.writeUInt16BE(ANSWER_FLAGS | (records ? 0 : NAME_ERROR), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records?.length ?? 0, 6);
  return Buffer.concat([
    header,
    question.bytes,
    ...(records ?? []).map((record) => writeRecord(record, question.name)),
  ]);
}

function writeRecord({ type, data, name, ttl }: DnsRecord, asked: string): Buffer {
  const value = type === 'CNAME' ? writeName(data) : Buffer.from(ipaddr.parse(data).toByteArray());
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPE_NUMBERS[type], 0);
  fixed.writeUInt16BE(CLASS_IN, 2);
  fixed.writeUInt32BE(ttl ?? 0, 4);
  fixed.writeUInt16BE(value.length, 8);
  return Buffer.concat([writeName(name ?? asked), fixed, value]);
}

function writeName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
