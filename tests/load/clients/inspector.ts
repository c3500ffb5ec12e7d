/** A call to Node's inspector as its answer comes back (Chrome DevTools Protocol, JSON over WebSocket). */
interface InspectorAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Looks into a running server: profiles, its event loop, its heap, without any code of the bench in the server. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#answered(JSON.parse(String(data)) as InspectorAnswer));
    socket.addEventListener('close', () => this.#lost());
  }

  /** Connects to the address that `--inspect` makes Node print. */
  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`no inspector answers at ${url}`)));
    await promise;
    return new Inspector(socket);
  }

  /** Rejects with what the inspector says against the call. The caller names the result's documented shape. */
  async call<T>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const id = (this.#calls += 1);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#socket.send(JSON.stringify({ id, method, params }));
    return (await promise) as T;
  }

  /** The value of a JavaScript expression in the server; it must survive JSON. */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = await this.call<{ result: { value: T }; exceptionDetails?: { text: string } }>('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (answer.exceptionDetails !== undefined) throw new Error(`${expression} threw: ${answer.exceptionDetails.text}`);
    return answer.result.value;
  }

  close(): void {
    this.#socket.close();
  }

  #answered({ id, result, error }: InspectorAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(`the inspector refused: ${error.message}`));
  }

  #lost(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('the inspector is gone'));
    this.#waiting.clear();
  }
}
