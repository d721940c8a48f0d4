import { HealthController } from '#libs/runtime';

import { CONTROLLERS } from './controllers.ts';
import type { DescribedRules } from './openapi/describes.ts';
import { openApiDocument } from './openapi/document.ts';
import type { OpenApiDocument } from './openapi/open-api.ts';
import { SERVICE_CALLS } from './openapi/service.description.ts';

/** The description of the whole admin REST. @throws Error that names what is not described */
export function apiDescription(rules: DescribedRules): OpenApiDocument {
  return openApiDocument([...CONTROLLERS, HealthController], rules, SERVICE_CALLS);
}
