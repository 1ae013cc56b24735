import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { targetLabels, type Catalog } from './catalog.ts';

export type Reading = {
  /** What is wrong with it, each in a sentence. */
  faults: string[];
  /** Names of the series it reads. */
  series: Set<string>;
  /** Labels that its result may carry. */
  labels: Set<string>;
  /** Labels that some `by` in it names. */
  grouped: Set<string>;
};

/** Values for what Grafana puts in before it asks. */
const grafanaVariables: [RegExp, string][] = [
  [/\$__rate_interval|\$__interval/g, '1m'],
  [/\$\{?(service|instance|route)\}?/g, '.+'],
];

/** A panel's expression as Prometheus gets it. A variable that is not known stays, and fails to parse. */
export const substituted = (expr: string, range = '1h'): string => grafanaVariables.reduce((text, [variable, value]) => text.replaceAll(variable, value), expr.replaceAll('$__range', range));

/**
 * Reads one PromQL expression: syntax, series, labels and the values of labels against the catalogue.
 * @returns faults, none where it is sound
 */
export function readExpression(expr: string, catalog: Catalog): Reading {
  const reading: Reading = { faults: [], series: new Set(), labels: new Set(), grouped: new Set() };
  const text = (node: SyntaxNode): string => expr.slice(node.from, node.to);
  const tree = parser.parse(expr);
  tree.iterate({ enter: (node) => void (node.type.isError && reading.faults.push(`does not parse at ${node.from}: ${expr}`)) });
  if (reading.faults.length > 0) return reading;
  reading.labels = labelsOf(tree.topNode.firstChild!) ?? new Set();
  return reading;

  /** Labels of a node's result; undefined for a number, which has none to match. */
  function labelsOf(node: SyntaxNode): Set<string> | undefined {
    switch (node.name) {
      case 'VectorSelector':
        return selected(node);
      case 'AggregateExpr':
        return aggregated(node);
      case 'FunctionCall':
        return called(node);
      case 'BinaryExpr':
        return combined(node);
      case 'NumberDurationLiteral':
      case 'StringLiteral':
        return undefined;
      default:
        // Parentheses, ranges, offsets, subqueries: what is inside.
        return node.firstChild ? labelsOf(node.firstChild) : undefined;
    }
  }

  function selected(node: SyntaxNode): Set<string> {
    const name = text(node.getChild('Identifier') ?? node);
    reading.series.add(name);
    const known = catalog.get(name);
    if (!known) reading.faults.push(`no such series: ${name}`);
    const labels = new Set([...targetLabels, ...(known?.labels.keys() ?? [])]);
    for (const matcher of node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []) {
      const label = text(matcher.getChild('LabelName')!);
      if (known && !labels.has(label)) reading.faults.push(`${name} has no label ${label}`);
      const value = (JSON.parse(text(matcher.getChild('StringLiteral')!)) as string);
      const values = known?.labels.get(label);
      const strange = /^\w+(\|\w+)*$/.test(value) && values ? value.split('|').filter((each) => !values.has(each)) : [];
      if (strange.length > 0) reading.faults.push(`${label} of ${name} is never ${strange.join(', ')}`);
    }
    return labels;
  }

  function aggregated(node: SyntaxNode): Set<string> {
    const inner = new Set<string>();
    for (let child = node.getChild('FunctionCallBody')!.firstChild; child; child = child.nextSibling) for (const label of labelsOf(child) ?? []) inner.add(label);
    const keepsAll = ['topk', 'bottomk'].includes(text(node.firstChild!));
    const modifier = node.getChild('AggregateModifier');
    if (!modifier) return keepsAll ? inner : new Set();
    const named = modifier.getChild('GroupingLabels')!.getChildren('LabelName').map(text);
    for (const label of named) if (!inner.has(label)) reading.faults.push(`nothing inside of "${text(node.firstChild!)} by" has the label ${label}: ${text(node)}`);
    if (modifier.getChild('By')) for (const label of named) reading.grouped.add(label);
    return modifier.getChild('By') ? new Set(named) : new Set([...inner].filter((label) => !named.includes(label)));
  }

  function called(node: SyntaxNode): Set<string> | undefined {
    const name = text(node.getChild('FunctionIdentifier')!);
    let labels: Set<string> | undefined;
    for (let child = node.getChild('FunctionCallBody')!.firstChild; child; child = child.nextSibling) labels = labelsOf(child) ?? labels;
    if (name === 'time') return undefined;
    if (name === 'vector') return new Set();
    if (name === 'histogram_quantile') {
      if (!labels?.has('le')) reading.faults.push(`histogram_quantile needs the label le: ${text(node)}`);
      return new Set([...(labels ?? [])].filter((label) => label !== 'le'));
    }
    return labels;
  }

  function combined(node: SyntaxNode): Set<string> | undefined {
    const left = labelsOf(node.firstChild!);
    const right = labelsOf(node.lastChild!);
    if (!left || !right) return left ?? right;
    if (node.getChild('Or')) return new Set([...left, ...right]);
    if (node.getChild('And') || node.getChild('Unless')) return left;
    return new Set([...left].filter((label) => right.has(label)));
  }
}
