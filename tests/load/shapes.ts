/** The rooms of a chat bench. */
export interface Layout {
  readonly rooms: number;
  /** Members of each room; each holds one live socket and receives every message of the room, its own included. */
  readonly members: number;
}

/** The rooms, and how the members' clients behave. */
export interface Shape extends Layout {
  /** Whether clients behave as the stock chat client: a response and a `ping` for every push. Peers' protocols have no such thing. */
  readonly answersPushes: boolean;
}

/** A whole run of the chat bench covers these, in this order. */
export const layouts: Readonly<Record<string, Layout>> = {
  dense: { rooms: 20, members: 10 },
  hot: { rooms: 10, members: 50 },
  sparse: { rooms: 200, members: 10 },
};

/** How clients behave; together with a layout's name, `push-only-dense`, the name of a shape. */
const behaviours = [
  { name: 'push-only', answersPushes: false },
  { name: 'stock', answersPushes: true },
] as const;

export interface NamedShape extends Shape {
  readonly name: string;
}

/** The shapes of one layout. */
export function shapesOf(layoutName: string, layout: Layout): NamedShape[] {
  return behaviours.map(({ name, answersPushes }) => ({ name: `${name}-${layoutName}`, answersPushes, ...layout }));
}

/** Every shape. */
export const shapes: readonly NamedShape[] = Object.entries(layouts).flatMap(([name, layout]) => shapesOf(name, layout));
