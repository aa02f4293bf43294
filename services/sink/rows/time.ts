/** ClickHouse's DateTime64(3) as text, UTC. */
export function dateTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 23);
}
