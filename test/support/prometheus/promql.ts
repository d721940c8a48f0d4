import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A metric that an expression reads, with its matchers. */
export interface Selector {
  /** As written, without a range. */
  readonly text: string;
  readonly metric: string;
  /** Names of labels in matchers, and in the groupings and matchings that it is subject to. */
  readonly labels: readonly string[];
}

/** An expression that is not PromQL. */
export class PromqlError extends Error {
  readonly code = 'NOT_PROMQL';
}

/** Every selector of an expression. @throws PromqlError */
export function selectorsOf(expression: string): Selector[] {
  const text = (node: SyntaxNode): string => expression.slice(node.from, node.to);
  const { topNode } = parser.parse(expression);
  const wrong = all(topNode, '⚠')[0];
  if (wrong)
    throw new PromqlError(`not PromQL, from ${JSON.stringify(expression.slice(wrong.from))} on: ${expression}`);
  return all(topNode, 'VectorSelector').map((selector) => ({
    text: text(selector),
    metric: selector.getChild('Identifier') ? text(selector.getChild('Identifier')!) : '',
    labels: [...all(selector, 'LabelName'), ...groupingsOf(selector)].map(text),
  }));
}

function all(node: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  node.cursor().iterate((each) => {
    if (each.name === name) found.push(each.node);
  });
  return found;
}

/** The labels that the expressions around a node group or match by. */
function groupingsOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let around = node.parent; around; around = around.parent) {
    const clauses = [...around.getChildren('AggregateModifier'), ...around.getChildren('MatchingModifierClause')];
    found.push(...clauses.flatMap((clause) => all(clause, 'LabelName')));
  }
  return found;
}
