import { z } from 'zod';

import { ownSigningSecret } from './signing-secret.ts';

/** The rules for the body of `POST /webhooks/{id}/secret/rotate`. */
export const rotationSchema = z.strictObject({ secret: ownSigningSecret.optional() }).meta({ examples: [{}] });
