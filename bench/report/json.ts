import type { BenchResult } from './result.ts';
import { verdictsOf } from './verdicts.ts';

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [name: string]: Json;
}

const SIGNIFICANT_DIGITS = 5;

/** The result as one JSON object: names in snake_case, the figures of the throughput scenario at the top. */
export function asJson(result: BenchResult): JsonObject {
  const { throughput, guarantees, ...rest } = result;
  const common = { ...fields(rest), ...fields(guarantees), verdicts: asValue(verdictsOf(result)) };
  if (throughput === undefined) return common;
  const { bare, product, ratio, latency, uncommitted, ...setting } = throughput;
  return {
    ratio: fields(ratio),
    bare: { ...fields(bare), latency_ms: fields(latency.bare) },
    product: { ...fields(product), lost: guarantees.lost, uncommitted, latency_ms: fields(latency.product) },
    throughput: { ...fields(setting), latency_rate_per_second: latency.ratePerSecond },
    ...common,
  };
}

function fields(value: object): JsonObject {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]: [string, unknown]) =>
      each === undefined ? [] : [[snakeCase(name), asValue(each)]],
    ),
  );
}

function asValue(value: unknown): Json {
  if (typeof value === 'number') return rounded(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(asValue);
  return typeof value === 'object' && value !== null ? fields(value) : null;
}

/** A figure that could not be measured is null. */
function rounded(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Number.isInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
