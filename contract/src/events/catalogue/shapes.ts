import { Type } from 'typebox';

/** Shapes that the data of many events is made of. */
export const text = Type.String();
export const number = Type.Number();
export const flag = Type.Boolean();
/** ISO 8601. */
export const time = Type.String({ format: 'date-time' });
/** A map of texts: see `MetadataInput` for why not `Type.Record`. */
export const texts = Type.Unsafe<Record<string, string>>({ type: 'object', additionalProperties: { type: 'string' } });
export const optional = Type.Optional;

export const Identifier = Type.Object({
  kind: optional(text),
  rawId: text,
  communicationUser: optional(Type.Object({ id: text })),
  phoneNumber: optional(Type.Object({ value: text })),
  microsoftTeamsUser: optional(Type.Object({ userId: text, isAnonymous: optional(flag), cloud: optional(text) })),
  microsoftTeamsApp: optional(Type.Object({ appId: text, cloud: optional(text) })),
});
