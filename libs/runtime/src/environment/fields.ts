import { Resolver } from 'node:dns';
import { readFileSync } from 'node:fs';

import ipaddr from 'ipaddr.js';
import parseDuration from 'parse-duration';
import { z } from 'zod';

/** An address range: the address and how many leading bits count. */
export type Cidr = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, prefixLength: number];

const CIDR_HINT = 'is not an address range; write for example 10.0.0.0/8 or fd00::/8';
const SECRETS_KEY_BYTES = 32;
const MAX_PORT = 65_535;

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Comma-separated `host:port` pairs. */
export const brokerList = z.string().transform((text, context) => {
  const brokers = splitList(text);
  const wrong = brokers.find((broker) => !/^(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5}$/i.test(broker));
  if (brokers.length === 0 || wrong !== undefined) {
    context.addIssue(`"${wrong ?? text}" is not host:port; write for example kafka-0:9092,kafka-1:9092`);
    return z.NEVER;
  }
  return brokers;
});

/** Comma-separated address ranges in CIDR notation. */
export const cidrList = z.string().transform((text, context) =>
  splitList(text).map((part): Cidr => {
    try {
      return ipaddr.parseCIDR(part);
    } catch {
      context.addIssue(`"${part}" ${CIDR_HINT}`);
      return z.NEVER;
    }
  }),
);

/** Comma-separated port numbers. */
export const portList = z.string().transform((text, context) =>
  splitList(text).map((part) => {
    const port = /^\d{1,5}$/.test(part) ? Number(part) : 0;
    if (port >= 1 && port <= MAX_PORT) return port;
    context.addIssue(`"${part}" is not a port; write numbers from 1 to ${MAX_PORT}, for example 80,8080`);
    return z.NEVER;
  }),
);

/** Comma-separated addresses of name servers, each with a port or without. */
export const nameServerList = z.string().transform((text, context) =>
  splitList(text).map((part) => {
    try {
      new Resolver().setServers([part]);
      return part;
    } catch {
      context.addIssue(`"${part}" is not the address of a name server; write for example 10.0.0.53 or [fd00::53]:5353`);
      return z.NEVER;
    }
  }),
);

/** Comma-separated base64 keys of 32 bytes. */
export const keyList = z.string().transform((text, context) => {
  const keys = splitList(text).map((part) => Buffer.from(part, 'base64'));
  if (keys.length === 0 || keys.some((key) => key.length !== SECRETS_KEY_BYTES)) {
    context.addIssue('each key must be base64 of exactly 32 bytes; make one with: openssl rand -base64 32');
    return z.NEVER;
  }
  return keys;
});

/** `true` or `false`. */
export const flag = z.enum(['true', 'false'], { error: 'write true or false' }).transform((text) => text === 'true');

/** A whole number between two bounds. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, { error: 'write a whole number' })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: `must be between ${min} and ${max}` });

/** A share of a whole, from 0 to 1. */
export const share = z.string().transform((text, context) => {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  context.addIssue('must be a number from 0 to 1, for example 0.01');
  return z.NEVER;
});

/** A duration such as `7d` or `90s`, in milliseconds; `-1` stands for no limit. */
export const duration = z.string().transform((text, context) => {
  if (text === '-1') return -1;
  const value = /[a-z]$/i.test(text) ? parseDuration(text) : null;
  if (value === null || value < 0) {
    context.addIssue(`"${text}" is not a duration; write for example 7d, 12h or 30s`);
    return z.NEVER;
  }
  return value;
});

/** A file with one or more PEM certificates; the value is its text. */
export const certificateFile = z.string().transform((path, context) => {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    context.addIssue(`${path} holds no PEM certificate (-----BEGIN CERTIFICATE-----)`);
  } catch (error) {
    context.addIssue(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return z.NEVER;
});

/** A file with a private key in PEM; the value is its text. */
export const privateKeyFile = z.string().transform((path, context) => {
  try {
    const text = readFileSync(path, 'utf8');
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return text;
    context.addIssue(`${path} holds no PEM private key (-----BEGIN PRIVATE KEY-----)`);
  } catch (error) {
    context.addIssue(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return z.NEVER;
});

/** An absolute URL with one of the given schemes. */
export const absoluteUrl = (schemes: readonly string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    error: `must be an absolute URL, for example ${example}`,
  });
