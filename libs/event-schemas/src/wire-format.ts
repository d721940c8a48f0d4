/** The registry's wire format: a zero byte, the schema's id in four bytes (big endian), then the Avro encoding. */
export const WIRE_HEADER_BYTES = 5;

const MAGIC_BYTE = 0;

/** The id of the writer's schema; undefined when the value is not in the wire format. */
export function schemaIdOf(value: Buffer): number | undefined {
  if (value.length < WIRE_HEADER_BYTES || value[0] !== MAGIC_BYTE) return undefined;
  return value.readUInt32BE(1);
}

/** Puts the header in front of an Avro encoding. */
export function wireValue(schemaId: number, encoded: Buffer): Buffer {
  const value = Buffer.allocUnsafe(WIRE_HEADER_BYTES + encoded.length);
  writeWireHeader(value, schemaId);
  encoded.copy(value, WIRE_HEADER_BYTES);
  return value;
}

/** Writes the header at the beginning of a buffer. */
export function writeWireHeader(value: Buffer, schemaId: number): void {
  value[0] = MAGIC_BYTE;
  value.writeUInt32BE(schemaId, 1);
}
