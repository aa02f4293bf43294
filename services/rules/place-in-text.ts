import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml';

/** 1-based, as editors count. */
export interface Place {
  line: number;
  column: number;
}

/** Where in its text a value of a YAML document stands; of one that is missing, the nearest thing around it. */
export function placeOfValue(document: Document, lines: LineCounter, path: readonly PropertyKey[]): Place {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range != null) return place(lines, node.range[0]);
  }
  return place(lines, isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : 0);
}

/** Where a key stands: what a misspelt name is reported at. */
export function placeOfKey(document: Document, lines: LineCounter, path: readonly PropertyKey[], key: string): Place {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined;
  if (pair !== undefined && isScalar(pair.key) && pair.key.range != null) return place(lines, pair.key.range[0]);
  return placeOfValue(document, lines, path);
}

export function place(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
