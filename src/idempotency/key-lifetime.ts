/** After how many hours an idempotency key expires. It can be used until it is pruned, which happens every hour. */
export const KEY_LIFETIME_HOURS = 24;
