/** Of a request, and so of each event in it (wire/event-grid.md 3). */
export const MOST_REQUEST_BYTES = 1_048_576;
/** Of one request (the same page). */
export const MOST_EVENTS = 5_000;
