import type { Rule } from './rule.ts';
import { availabilityRules } from './rules/availability.ts';
import { kafkaRules } from './rules/kafka.ts';
import { lifeRules } from './rules/life.ts';
import { networkRules } from './rules/network.ts';
import { podRules } from './rules/pods.ts';
import { scalingRules } from './rules/scaling.ts';
import { settingsRules } from './rules/settings.ts';

/** Everything that has to hold of every installation. */
export const rules: readonly Rule[] = [
  ...podRules,
  ...lifeRules,
  ...availabilityRules,
  ...scalingRules,
  ...networkRules,
  ...settingsRules,
  ...kafkaRules,
];
