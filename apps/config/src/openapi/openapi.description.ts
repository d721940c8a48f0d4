import { z } from 'zod';

import type { Description } from './describes.ts';

export const getOpenApi: Description = {
  operationId: 'getOpenApi',
  tag: 'service',
  summary: 'This description',
  description: 'In OpenAPI 3.1.',
  answer: {
    description: 'The document.',
    schema: z.looseObject({ openapi: z.string().meta({ examples: ['3.1.1'] }) }),
  },
};

export const getDocs: Description = {
  operationId: 'getDocs',
  tag: 'service',
  summary: 'This description, for people',
  description: 'A page that needs nothing but itself.',
  answer: { description: 'The page.', schema: z.string().meta({ examples: ['<!doctype html>'] }) },
};
