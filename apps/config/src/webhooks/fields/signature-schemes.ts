import { z } from 'zod';

const SIGNATURES = ['standard', 'voipbin'] as const;

/** The rules for the signatures of a webhook. The Standard Webhooks headers are always sent; a webhook only chooses what it gets besides. */
export const signatureSchemes = z
  .array(z.enum(SIGNATURES, { error: 'must be standard or voipbin' }), {
    error: 'must be an array of: standard, voipbin',
  })
  .min(1, { error: 'must not be empty; leave it out for the standard signature' })
  .transform((schemes) => SIGNATURES.filter((scheme) => scheme === 'standard' || schemes.includes(scheme)))
  .meta({
    description:
      '`standard` (Standard Webhooks) is always sent; `voipbin` adds `x-voipbin-signature`. Default: `["standard"]`.',
    examples: [['standard']],
  });
