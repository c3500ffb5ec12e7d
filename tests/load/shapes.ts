/** Who talks in a chat bench. */
export interface Shape {
  readonly rooms: number;
  /** Members of each room; each holds one live socket and receives every message of the room, its own included. */
  readonly members: number;
  /** Whether our clients behave as the stock chat client: a response and a `ping` for every push. Peers' protocols have no such thing. */
  readonly answersPushes: boolean;
}

/** A whole run of the chat bench covers these, in this order. */
export const shapes: Readonly<Record<string, Shape>> = {
  'push-only-dense': { rooms: 20, members: 10, answersPushes: false },
  'stock-dense': { rooms: 20, members: 10, answersPushes: true },
};
