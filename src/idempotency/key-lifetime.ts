/** After how many hours an idempotency key expires. */
export const KEY_LIFETIME_HOURS = 24;
