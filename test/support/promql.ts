import { parser } from '@prometheus-io/lezer-promql';

/** What an expression asks Prometheus for. */
export interface Selector {
  metric: string;
  labels: string[];
}

export interface Expression {
  selectors: Selector[];
  /** Labels after by, on, ignoring, group_left, ... */
  grouping: string[];
}

/** Throws where Prometheus' own grammar does not understand it. */
export function readPromql(text: string): Expression {
  const found: Expression = { selectors: [], grouping: [] };
  const tree = parser.parse(text);
  tree.iterate({
    enter({ node, name, from, to, type }) {
      if (type.isError) throw new SyntaxError(`not PromQL at ${from}: ${text}`);
      if (name === 'GroupingLabels')
        for (const label of node.getChildren('LabelName')) found.grouping.push(text.slice(label.from, label.to));
      if (name !== 'VectorSelector') return;
      const metric = node.getChild('Identifier');
      if (metric === null) throw new SyntaxError(`a selector without a metric: ${text.slice(from, to)}`);
      const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
      const labels = matchers.flatMap((matcher) => matcher.getChildren('LabelName'));
      found.selectors.push({
        metric: text.slice(metric.from, metric.to),
        labels: labels.map((label) => text.slice(label.from, label.to)),
      });
    },
  });
  return found;
}
