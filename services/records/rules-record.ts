/** Rules as they travel: their content is JSON text, checked by whoever reads it against the signatures that it has. Topic `stillwatch.rules`. */
export interface RulesRecord {
  effective_at: number;
  published_at: number;
  origin: string;
  hash: string;
  rules: string;
}
