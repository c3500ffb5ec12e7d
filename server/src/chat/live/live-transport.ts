/**
 * What carries the packets of a live connection: a WebSocket, or the polls of a client that can open none. Whatever ends
 * it, the owner is told once.
 */
export interface LiveTransport {
  /** Its client shows with every request that it is there, and with which token; the client of a socket does neither. */
  readonly isPolled?: true;
  /**
   * @param packet ASCII
   * @returns false when it was dropped because the transport has ended, or by now takes too little
   */
  sendLatin1(packet: string): boolean;
  /** The same for a packet that the client does not wait for; it keeps its place among the others. */
  sendAlong(packet: string): boolean;
  /** Drops everything to be sent from now on and reads no more, but ends nothing: the client hears nothing, not even of an end. */
  freeze(): void;
  /** Ends the connection after what was sent before. */
  close(code: number, reason?: string): void;
  /** Ends the connection at once. */
  terminate(reason?: string): void;
}
