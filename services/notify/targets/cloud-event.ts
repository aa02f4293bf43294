import type { AlertEvent } from '../../records/alert.ts';

/** The same as `ce_source` on the topic: a CloudEvent is identified by source and id, and it is one event on both ways. */
const SOURCE = '/stillwatch/clusters';

/** CloudEvents 1.0, structured mode. `stillwatchurl` is an extension: where the console shows the alert. */
export function cloudEvent({ type, emitted_at, alert }: AlertEvent, messageId: string, link: string | null) {
  return {
    specversion: '1.0',
    id: messageId,
    source: SOURCE,
    type,
    subject: alert.alert_id,
    time: new Date(emitted_at).toISOString(),
    datacontenttype: 'application/json',
    ...(link === null ? {} : { stillwatchurl: link }),
    data: alert,
  };
}
