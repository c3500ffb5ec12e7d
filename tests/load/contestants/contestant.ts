import type { Shape } from '../shapes.ts';

/** A server that takes part in a bench. */
export interface Contestant<Server extends RunningServer = RunningServer> {
  readonly name: string;
  /** Whether its clients can behave as the stock chat client does, and so take part in the shapes that ask for it. */
  readonly answersPushes: boolean;
  /** How many messages it must have handled until it runs at full speed. */
  readonly warmUpSends: number;
  /** Makes an empty data folder. Rejects with what to install when the server is not there. */
  install(): Promise<Installation<Server>>;
}

/** A data folder, kept from one start to the next. */
export interface Installation<Server extends RunningServer = RunningServer> {
  start(): Promise<Server>;
  remove(): Promise<void>;
}

export interface RunningServer {
  readonly pid: number;
  /** From spawn until it said, or accepted a connection as a sign, that it is ready. */
  readonly startMs: number;
  openRooms(shape: Shape, listener: RoomListener): Promise<Rooms>;
  /** Creates users only, so that their sockets can be weighed alone. */
  createIdleUsers(count: number): Promise<readonly IdleUser[]>;
  /** Lets it end in its own way, so that its data folder serves a next start. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

export interface RoomListener {
  /** A member's socket received the message with this number. */
  readonly onMessage: (room: number, member: number, sequence: number) => void;
  /** A socket was lost. */
  readonly onLost: (error: Error) => void;
}

/** Rooms whose members are all connected. */
export interface Rooms {
  /** Resolves when the server has acknowledged, at once where its protocol has no acknowledgement. */
  send(options: { readonly room: number; readonly member: number; readonly sequence: number }): Promise<void>;
  /** The number of the newest message the server has stored for a room, read back from its archive. */
  newestStored(room: number): Promise<number | undefined>;
  close(): void;
}

export interface IdleUser {
  /** Opens the user's live socket. */
  connect(onLost: (error: Error) => void): Promise<{ close(): void }>;
}
