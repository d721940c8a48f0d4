import { type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger } from 'pino';

const REDACTED = [
  'authorization',
  '*.authorization',
  'secret',
  '*.secret',
  'token',
  '*.token',
  'headers.authorization',
];

/** A logger that writes one JSON object a line to standard output, with the app's name; secrets are redacted. */
export function createLogger(app: string, level: string): Logger {
  return pino({
    base: { app },
    level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[redacted]' },
  });
}
