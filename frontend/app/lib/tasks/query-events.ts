import type { QueryCacheNotifyEvent } from '@tanstack/react-query';

/** Whether an event of the cache is a response of the service. Data that the page itself stores in the cache is not one. */
export function isResponse(event: QueryCacheNotifyEvent): boolean {
  return event.type === 'updated' && event.action.type === 'success' && !event.action.manual;
}
