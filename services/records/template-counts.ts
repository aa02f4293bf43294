import { withInserted } from './bins.ts';
import { addHash, createSketch, type DistinctSketch, mergeSketch } from './distinct-sketch.ts';

/** One prompt template inside a window. */
export interface TemplateCount {
  /** 16 hex digits: the masked template (services/fingerprint). */
  template: string;
  calls: number;
  /** Calls whose prompt asks for a product of distillation (counted-call.ts). */
  product_marked: number;
  /** Distinct fillings of this template. */
  fillings: DistinctSketch;
}

/**
 * Templates kept: those with the smallest hashes, a uniform sample of the distinct templates once there are more. This rule gives the same sample in any
 * order and grouping, and a kept template has all its calls: one that is among the smallest of all is among the smallest of every part. "The most called"
 * has no such rule: a part drops what only the whole shows to be heavy. The loss: of D > 128 templates each one, heavy or not, is kept with probability
 * 128 / D, so a campaign's few templates can go missing from a cluster that mixes in much other traffic; shares over templates are over the kept ones.
 * The hash is keyed (services/fingerprint), so nobody chooses which templates are kept.
 */
export const MOST_TEMPLATES = 128;

/** Whether a call of this template finds no room, or takes that of another. */
export function isCrowdedOut(templates: readonly TemplateCount[], template: string): boolean {
  return templates.length >= MOST_TEMPLATES && templates[placeOf(templates, template)]?.template !== template;
}

/** Templates, in ascending order, with one call more. */
export function withTemplateCall(
  templates: TemplateCount[],
  template: string,
  filling: number,
  productMarked: boolean,
): TemplateCount[] {
  const place = placeOf(templates, template);
  const known = templates[place];
  if (known?.template === template) {
    known.calls++;
    if (productMarked) known.product_marked++;
    addHash(known.fillings, filling);
    return templates;
  }
  const fillings = createSketch();
  addHash(fillings, filling);
  return withTemplate(templates, place, { template, calls: 1, product_marked: productMarked ? 1 : 0, fillings });
}

/** Templates with another window's calls of one of them. */
export function withTemplateMerged(templates: TemplateCount[], from: TemplateCount): TemplateCount[] {
  const place = placeOf(templates, from.template);
  const known = templates[place];
  if (known?.template === from.template) {
    known.calls += from.calls;
    known.product_marked += from.product_marked;
    mergeSketch(known.fillings, from.fillings);
    return templates;
  }
  const fillings = createSketch();
  mergeSketch(fillings, from.fillings);
  return withTemplate(templates, place, { ...from, fillings });
}

function withTemplate(templates: TemplateCount[], place: number, made: TemplateCount): TemplateCount[] {
  if (place >= MOST_TEMPLATES) return templates;
  const extended = withInserted(templates, place, made);
  if (extended.length > MOST_TEMPLATES) extended.pop();
  return extended;
}

/** Where a template is, or belongs. */
function placeOf(templates: readonly TemplateCount[], template: string): number {
  let low = 0;
  let high = templates.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((templates[middle]?.template ?? '') < template) low = middle + 1;
    else high = middle;
  }
  return low;
}
