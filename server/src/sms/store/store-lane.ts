/** Units of this lane commit in the order in which they were handed in, so that messages rise in the store as they do for their senders. */
export const STORE_LANE = 'sms';
