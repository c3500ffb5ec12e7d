import { type Static, Type } from 'typebox';
import { AccessToken, MetadataInput } from '../common.ts';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';
import { oneOf, ResourceField } from './chat/fields.ts';
import { givenNumber } from './phone-numbers.ts';

/** A field that is spelt wrong would be left out in silence: unknown ones are refused. */
const strict = { additionalProperties: false } as const;

/** What something is called within the fixtures. */
const Handle = Type.String({ minLength: 1, maxLength: 64 });
const DisplayName = Type.String({ maxLength: 256 });
/** ISO 8601, or a span before the present time of the server's clock: `-PT2H`, `-30m`. */
const Moment = Type.String({ maxLength: 64 });
const Metadata = Type.Optional(MetadataInput);

/**
 * A user. One whose `id` or `customId` is there already is that user.
 *
 * @example { handle: 'alice', displayName: 'Alice', token: { scopes: ['chat'] } }
 */
const FixtureUser = Type.Object(
  {
    handle: Handle,
    /** Raw id `8:acs:…`; a new one by default. */
    id: Type.Optional(Type.String({ maxLength: 512 })),
    customId: Type.Optional(Type.String()),
    /** In threads and messages that say nothing else. */
    displayName: Type.Optional(DisplayName),
    /** Asks for an access token in the answer. */
    token: Type.Optional(
      Type.Object(
        { scopes: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 16 }), expiresInMinutes: Type.Optional(Type.Integer()) },
        strict,
      ),
    ),
  },
  strict,
);
export type FixtureUser = Static<typeof FixtureUser>;

/** A participant: a user's handle, or that with details. */
const FixtureParticipant = Type.Union([
  Handle,
  Type.Object(
    { user: Handle, displayName: Type.Optional(DisplayName), shareHistoryTime: Type.Optional(Moment), metadata: Metadata },
    strict,
  ),
]);

/** @example { sender: 'alice', content: 'Lunch?', sentAt: '-PT2H', readBy: ['bob'] } */
const FixtureMessage = Type.Object(
  {
    /** Handle of a participant. */
    sender: Handle,
    content: Type.String(),
    /** `text` by default. */
    type: Type.Optional(oneOf('text', 'html')),
    senderDisplayName: Type.Optional(DisplayName),
    metadata: Metadata,
    /** Now, by default. */
    sentAt: Type.Optional(Moment),
    /** When it was given the content that it has. */
    editedAt: Type.Optional(Moment),
    deletedAt: Type.Optional(Moment),
    /** Participants who have read up to here; `readAt` is the time of the message by default. */
    readBy: Type.Optional(Type.Array(Type.Union([Handle, Type.Object({ user: Handle, readAt: Type.Optional(Moment) }, strict)]))),
  },
  strict,
);
export type FixtureMessage = Static<typeof FixtureMessage>;

/** @example { handle: 'lunch', topic: 'Lunch', creator: 'alice', participants: ['bob'], messages: [{ sender: 'bob', content: 'Yes' }] } */
const FixtureThread = Type.Object(
  {
    /** `thread-1` and so on by default. */
    handle: Type.Optional(Handle),
    topic: Type.String(),
    /** Handle of a user, who takes part in any case. */
    creator: Handle,
    /** Right before the first message by default. */
    createdAt: Type.Optional(Moment),
    metadata: Metadata,
    retentionPolicy: Type.Optional(
      Type.Object({ kind: Type.String({ maxLength: 64 }), deleteThreadAfterDays: Type.Optional(Type.Integer()) }, strict),
    ),
    participants: Type.Optional(Type.Array(FixtureParticipant)),
    messages: Type.Optional(Type.Array(FixtureMessage)),
  },
  strict,
);
export type FixtureThread = Static<typeof FixtureThread>;

/**
 * A phone number of the resource.
 *
 * @example { handle: 'hotline', phoneNumberType: 'tollFree' }
 */
const FixtureNumber = Type.Object(
  {
    /** `number-1` and so on by default. */
    handle: Type.Optional(Handle),
    ...givenNumber,
  },
  strict,
);
export type FixtureNumber = Static<typeof FixtureNumber>;

/** Users, threads, messages and phone numbers that a test begins with. */
const Fixtures = Type.Object(
  {
    ...ResourceField,
    users: Type.Optional(Type.Array(FixtureUser)),
    threads: Type.Optional(Type.Array(FixtureThread)),
    phoneNumbers: Type.Optional(Type.Array(FixtureNumber)),
  },
  strict,
);
export type Fixtures = Static<typeof Fixtures>;

function byHandle<T extends Type.TSchema>(schema: T) {
  return Type.Unsafe<Record<string, Static<T>>>({ type: 'object', additionalProperties: schema });
}

const LoadedUser = Type.Object({ id: Type.String() });
const load = {
  /** Name of the resource. */
  resource: Type.String(),
  loadedAt: Type.String(),
};
/** By handle; ids of messages in the order of the fixtures. */
const threads = byHandle(Type.Object({ id: Type.String(), messages: Type.Array(Type.String()) }));
const phoneNumbers = byHandle(Type.Object({ phoneNumber: Type.String() }));

/** What a load has made. */
const LoadedFixtures = Type.Object({
  ...load,
  users: byHandle(Type.Object({ ...LoadedUser.properties, accessToken: Type.Optional(AccessToken) })),
  threads,
  phoneNumbers,
});
export type LoadedFixtures = Static<typeof LoadedFixtures>;

export const loadFixtures = operation({
  ...admin,
  id: 'Admin_LoadFixtures',
  method: 'POST',
  path: '/admin/fixtures',
  summary: 'Stores users, threads with their history, and phone numbers, all or nothing; tells nobody, and leaves what is there alone',
  body: Fixtures,
  responses: { 201: LoadedFixtures },
});

export const getFixtures = operation({
  ...admin,
  id: 'Admin_GetFixtures',
  method: 'GET',
  path: '/admin/fixtures',
  summary: 'Tells the ids that the last load of fixtures has given, by handle; without tokens',
  responses: {
    200: Type.Object({
      resource: Type.Optional(load.resource),
      loadedAt: Type.Optional(load.loadedAt),
      users: byHandle(LoadedUser),
      threads,
      phoneNumbers,
    }),
  },
});
