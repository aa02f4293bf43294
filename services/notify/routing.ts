import type { RouteConfig } from '../platform/config/notify-schema.ts';
import type { Alert } from '../records/alert.ts';

/** What decides for whom an alert is. */
export type RoutedBy = Pick<Alert, 'severity' | 'verdict' | 'cohort'>;

/**
 * Whether an alert, as it is judged now, is for a target. Every route that matches counts, so the order of routes means nothing and a route for one target
 * takes no alert from another. Without routes every target gets everything.
 */
export function isRouted(routes: readonly RouteConfig[], target: string, alert: RoutedBy): boolean {
  return routes.length === 0 || matchingRoutes(routes, target, alert).length > 0;
}

/** Numbers of the routes, from 1, that bring an alert to a target. */
export function matchingRoutes(
  routes: readonly RouteConfig[],
  target: string,
  { severity, verdict, cohort }: RoutedBy,
): number[] {
  return routes.flatMap((route, index) =>
    route.targets.includes(target) &&
    route.severity.includes(severity) &&
    route.verdict.includes(verdict) &&
    (route.cohort?.some((wide) => cohort === wide || cohort.startsWith(`${wide}/`)) ?? true)
      ? [index + 1]
      : [],
  );
}
