import { type TSchema, Type } from 'typebox';

/** Python clients send explicit nulls for what was left out. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** Optional, and null means absent. */
export function absent<T extends TSchema>(schema: T) {
  return Type.Optional(nullable(schema));
}

export const ApiVersionQuery = { 'api-version': Type.Optional(Type.String()) };

/**
 * A map of texts. Not `Type.Record`: that compiles to a pattern of keys which leaves out keys with a line break, and with
 * them their values, unchecked.
 */
export const MetadataInput = Type.Unsafe<Record<string, string>>({ type: 'object', additionalProperties: { type: 'string' } });

/** A merge patch (RFC 7396) of such a map: null removes. */
export const MetadataPatch = Type.Unsafe<Record<string, string | null>>({
  type: 'object',
  additionalProperties: { type: ['string', 'null'] },
});

/**
 * A communication identifier as clients send it: JavaScript gives only the member of its kind, Python and .NET also the
 * raw id.
 */
export const CommunicationIdentifierInput = Type.Object({
  kind: absent(Type.String()),
  rawId: absent(Type.String({ maxLength: 512 })),
  communicationUser: absent(Type.Object({ id: Type.String({ maxLength: 512 }) })),
  phoneNumber: absent(Type.Object({ value: Type.String({ maxLength: 64 }) })),
  microsoftTeamsUser: absent(
    Type.Object({ userId: Type.String({ maxLength: 128 }), isAnonymous: absent(Type.Boolean()), cloud: absent(Type.String()) }),
  ),
  microsoftTeamsApp: absent(Type.Object({ appId: Type.String({ maxLength: 128 }), cloud: absent(Type.String()) })),
});

/** A communication identifier as we answer it. */
export const CommunicationIdentifier = Type.Object({
  rawId: Type.String(),
  communicationUser: Type.Optional(Type.Object({ id: Type.String() })),
  microsoftTeamsUser: Type.Optional(Type.Object({ userId: Type.String(), isAnonymous: Type.Boolean(), cloud: Type.String() })),
});

export const AccessToken = Type.Object({ token: Type.String(), expiresOn: Type.String() });
