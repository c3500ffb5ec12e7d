import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Inbox } from './inbox.ts';
import { expect, vi } from 'vitest';
import type { ChatUser } from './chat-user.ts';
import type { ConnectionEvent, FromChild, SdkEvent, SdkPackage, ToChild } from './sdk-live-messages.ts';
import type { TestServer } from './server.ts';

const HOOK = new URL('../../chat-node/src/register.mjs', import.meta.url).href;
const CHILD = fileURLToPath(new URL('./sdk-live-child.ts', import.meta.url));

const WAIT_MS = 20_000;

export interface SdkLiveOptions {
  /** Gives a token whenever the SDK asks for one. */
  readonly refresher?: () => string | Promise<string>;
  readonly refreshesProactively?: boolean;
  /** The newest by default. */
  readonly sdk?: SdkPackage;
  /** Where the SDK finds the server, instead of at its own endpoint: a proxy in front of it. */
  readonly endpoint?: string;
}

type ChildEvent = Extract<FromChild, { kind: 'event' }>;

/** The unmodified chat SDK with live events, in a process of its own: its signalling needs a hook that must be there first. */
export class SdkLive implements AsyncDisposable {
  readonly events = new Inbox<ChildEvent>('an event of the SDK');
  /** How often the SDK asked for a token. */
  asked = 0;
  readonly #process: ChildProcess;
  readonly #answers = new Inbox<FromChild>('an answer of the SDK process');
  readonly #refresher: (() => string | Promise<string>) | undefined;

  constructor(server: TestServer, refresher: SdkLiveOptions['refresher']) {
    this.#refresher = refresher;
    this.#process = spawn(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', '--import', HOOK, CHILD], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Keeps dates what they are.
      serialization: 'advanced',
      env: { ...process.env, NODE_EXTRA_CA_CERTS: server.ready.caFile },
    });
    this.#process.on('message', (message: FromChild) => void this.#hear(message));
  }

  /** The payload of the next event of this name in this thread. */
  async event<T extends { readonly threadId: string }>(name: SdkEvent, threadId: string): Promise<T> {
    const { payload } = await this.events.take((event) => event.name === name && event.payload?.threadId === threadId);
    // Its shape is what the caller asserts on.
    return payload as T;
  }

  async connection(name: ConnectionEvent): Promise<void> {
    await this.events.take((event) => event.name === name, WAIT_MS);
  }

  /** @returns the message of the failure, undefined when the start succeeded */
  async start(
    endpoint: string,
    options: { readonly token?: string; readonly refreshesProactively?: boolean; readonly sdk?: SdkPackage } = {},
  ): Promise<string | undefined> {
    const { token, refreshesProactively = false, sdk = '@azure/communication-chat' } = options;
    this.#tell({ kind: 'start', sdk, endpoint, refreshesProactively, ...(token === undefined ? {} : { token }) });
    const answer = await this.#answers.take();
    return answer.kind === 'failed' ? answer.message : undefined;
  }

  /** Moves the clock and the timers of the process forward. */
  async advance(byMs: number): Promise<void> {
    this.#tell({ kind: 'advance', byMs });
    await this.#answers.take((answer) => answer.kind === 'advanced');
  }

  async stop(): Promise<void> {
    this.#tell({ kind: 'stop' });
    await this.#answers.take((answer) => answer.kind === 'stopped');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  async #hear(message: FromChild): Promise<void> {
    if (message.kind === 'event') this.events.put(message);
    else if (message.kind === 'ask-token') {
      this.asked += 1;
      this.#tell({ kind: 'token', token: (await this.#refresher?.()) ?? '' });
    } else this.#answers.put(message);
  }

  #tell(message: ToChild): void {
    this.#process.send(message);
  }
}

/** Starts the SDK in a process of its own, with the user's token, and waits until it gets pushes. */
export async function startSdkLive(server: TestServer, user: ChatUser, options: SdkLiveOptions = {}): Promise<SdkLive> {
  const live = new SdkLive(server, options.refresher);
  try {
    const failure = await live.start(options.endpoint ?? server.endpoint, { ...options, token: user.token });
    if (failure !== undefined) throw new Error(`startRealtimeNotifications failed: ${failure}`);
    await live.connection('realTimeNotificationConnected');
    await registered(server, user);
    return live;
  } catch (error) {
    await live[Symbol.asyncDispose]();
    throw error;
  }
}

/** Waits until the user's SDK has registered so many times with this server: it calls itself connected before that. */
export async function registered(server: TestServer, user: ChatUser, times = 1): Promise<void> {
  await vi.waitFor(async () => {
    const { body } = await server.admin<{ value: { caller?: string; path: string }[] }>('GET', '/admin/requests?limit=1000');
    const found = body.value.filter(({ caller, path }) => caller === user.id && path.startsWith('/v3/registrations'));
    expect(found.length).toBeGreaterThanOrEqual(times);
  }, WAIT_MS);
}
