interface Flight {
  readonly room: number;
  /** Which members have it, by index. */
  readonly arrived: boolean[];
  remaining: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * The messages on their way, each known by a number that is used once. Checks that every member of its room gets each
 * message exactly once: what comes twice or unasked fails every flight, what never comes is named by {@link missing}.
 */
export class Flights {
  readonly #members: number;
  readonly #inFlight = new Map<number, Flight>();
  readonly #lastOfRoom = new Map<number, number>();
  #next = 0;
  #failure: Error | undefined;

  /** `members` is the number of members of each room. */
  constructor(members: number) {
    this.#members = members;
  }

  /** Takes the next number for a message to `room`; `landed` resolves when its last member has it. */
  start(room: number): { readonly sequence: number; readonly landed: Promise<void> } {
    if (this.#failure !== undefined) throw this.#failure;
    const { promise: landed, resolve, reject } = Promise.withResolvers<void>();
    const sequence = this.#next++;
    this.#lastOfRoom.set(room, sequence);
    this.#inFlight.set(sequence, { room, arrived: [], remaining: this.#members, resolve, reject });
    return { sequence, landed };
  }

  /** One member's socket has received a message. */
  arrived(room: number, member: number, sequence: number): void {
    const flight = this.#inFlight.get(sequence);
    if (flight === undefined || flight.room !== room || flight.arrived[member] === true) {
      this.fail(new Error(`message ${sequence} reached member ${member} of room ${room} twice or unasked`));
      return;
    }
    flight.arrived[member] = true;
    flight.remaining -= 1;
    if (flight.remaining > 0) return;
    this.#inFlight.delete(sequence);
    flight.resolve();
  }

  /** Ends the run: rejects all that is in flight and every later start. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const flight of this.#inFlight.values()) flight.reject(this.#failure);
    this.#inFlight.clear();
  }

  /** Deliveries still awaited. */
  get missing(): number {
    return [...this.#inFlight.values()].reduce((sum, flight) => sum + flight.remaining, 0);
  }

  /** The number of the message that was last sent to a room. */
  lastOf(room: number): number | undefined {
    return this.#lastOfRoom.get(room);
  }

  /** Throws what made the run fail, if anything did. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
