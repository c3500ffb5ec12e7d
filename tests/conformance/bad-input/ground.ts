import { createHash } from 'node:crypto';
import type { Operation, ResourceWithKeys } from '@switchboard/contract';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { KeptConnections } from '../../lib/kept-connections.ts';
import { OidcIssuer } from '../../lib/oidc-issuer.ts';
import type { RawAnswer } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { parseConnectionString, signatureHeaders, type SignedParts } from '../../lib/signed-request.ts';

/** A person of the directory who has a Teams phone. */
export const PERSON = { tid: 'tenant-1', oid: 'person-1', appid: 'client-1' } as const;

/** A request without its credentials. */
export interface BareCall {
  readonly method: string;
  readonly target: string;
  readonly body?: string | Buffer;
}

export type Headers = Readonly<Record<string, string>>;

/** A custom topic, and what lets publish to it. */
export interface Topic {
  readonly name: string;
  readonly key1: string;
}

interface Parts {
  readonly server: TestServer;
  readonly issuer: OidcIssuer;
  readonly expired: ChatUser;
  readonly deleted: ChatUser;
  readonly voipOnly: ChatUser;
  readonly otherResource: ResourceWithKeys;
  readonly otherUser: ChatUser;
  readonly topic: Topic;
  readonly receiver: EventReceiver;
}

/**
 * A running server to abuse, with one of each kind of credential that must not work. Its clock is virtual, so that tokens
 * expire without waiting, and it logs whatever it would log at most.
 */
export class Ground implements AsyncDisposable {
  readonly server: TestServer;
  readonly issuer: OidcIssuer;
  readonly expired: ChatUser;
  readonly deleted: ChatUser;
  readonly voipOnly: ChatUser;
  readonly otherResource: ResourceWithKeys;
  /** A user of the other resource. */
  readonly otherUser: ChatUser;
  /** As the newest scene found it. */
  topic: Topic;
  /** Agrees to every event subscription. */
  readonly receiver: EventReceiver;
  /** What must never turn up in the log. */
  readonly secrets = new Set<string>();
  readonly #connections = new KeptConnections();

  private constructor(parts: Parts) {
    this.server = parts.server;
    this.issuer = parts.issuer;
    this.expired = parts.expired;
    this.deleted = parts.deleted;
    this.voipOnly = parts.voipOnly;
    this.otherResource = parts.otherResource;
    this.otherUser = parts.otherUser;
    this.topic = parts.topic;
    this.receiver = parts.receiver;
    for (const { token } of [this.expired, this.deleted, this.voipOnly, this.otherUser]) this.secrets.add(token);
    for (const key of [this.key, this.otherResource.primaryKey, this.server.ready.adminKey, this.topic.key1]) this.secrets.add(key);
  }

  static async prepare(): Promise<Ground> {
    // Ends what was started when a later step fails.
    await using started = new AsyncDisposableStack();
    const issuer = started.use(await OidcIssuer.start());
    const server = started.use(await startServer({ args: ['--clock', 'virtual', '--log-level', 'info', ...issuer.flags] }));
    const expired = await newUser(server, { expiresInMinutes: 5 });
    await server.admin('POST', '/admin/clock:advance', { by: 'PT6M' });
    const otherResource = await newResource(server);
    const topic = await server.admin<Topic>('POST', '/admin/events/topics', { name: 'ground' });
    const ground = new Ground({
      server,
      issuer,
      expired,
      deleted: await newUser(server),
      voipOnly: await newUser(server, { scopes: ['voip'] }),
      otherResource,
      otherUser: await newUser(server, { resource: otherResource.name }),
      topic: topic.body,
      receiver: started.use(await EventReceiver.open()),
    });
    await ground.signed('DELETE', `/identities/${encodeURIComponent(ground.deleted.id)}?api-version=2023-10-01`);
    started.move();
    return ground;
  }

  /** Access key of the resource `local`. */
  get key(): string {
    return parseConnectionString(this.server.connectionString).key;
  }

  /** Sends a request to the plain listener. */
  send(call: BareCall, headers: Headers): Promise<RawAnswer> {
    const typed =
      call.body === undefined ? {} : { 'content-type': call.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
    return this.#connections.call({ endpoint: this.server.ready.httpEndpoint, ...call, headers: { ...typed, ...headers } });
  }

  /** The headers of an access-key signature over the request as it is, or over what `forged` says instead. */
  signature(call: BareCall, forged: Partial<SignedParts> = {}): Headers {
    const host = new URL(this.server.ready.httpEndpoint).host;
    const contentHash = createHash('sha256')
      .update(call.body ?? '')
      .digest('base64');
    const sent = { method: call.method, target: call.target, host, date: new Date().toUTCString(), contentHash, key: this.key };
    return { ...signatureHeaders({ ...sent, ...forged }), host };
  }

  /** Valid credentials of the operation's kind. */
  credentials({ auth }: Operation, call: BareCall, user: ChatUser): Headers {
    switch (auth) {
      case 'none':
        return {};
      case 'admin':
      case 'arm':
        return { authorization: `Bearer ${this.server.ready.adminKey}` };
      case 'userToken':
        return { authorization: `Bearer ${user.token}` };
      case 'entraUser':
        return { authorization: `Bearer ${this.issuer.token({ claims: { ...PERSON, scp: 'Chat' } })}` };
      case 'accessKey':
        return this.signature(call);
      case 'topicKey':
        return { 'aeg-sas-key': this.topic.key1 };
    }
  }

  async signed(method: string, target: string, body?: string): Promise<RawAnswer> {
    const call = { method, target, ...(body === undefined ? {} : { body }) };
    const answer = await this.send(call, this.signature(call));
    if (answer.status >= 300) throw new Error(`${method} ${target} was answered ${answer.status}: ${answer.text}`);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connections[Symbol.dispose]();
    await this.server.stop();
    await this.issuer[Symbol.asyncDispose]();
    await this.receiver[Symbol.asyncDispose]();
  }
}
