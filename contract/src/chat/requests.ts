import { type TSchema, Type } from 'typebox';
import { ApiVersionQuery } from '../common.ts';

/** What the operations of chat have in common. */
export const user = { auth: 'userToken', apiVersion: true } as const;

export const ThreadParams = Type.Object({ chatThreadId: Type.String({ minLength: 1, maxLength: 256 }) });
export const MessageParams = Type.Object({
  chatThreadId: Type.String({ minLength: 1, maxLength: 256 }),
  chatMessageId: Type.String({ minLength: 1, maxLength: 64 }),
});

export const query = Type.Object(ApiVersionQuery);
const PageQuery = { ...ApiVersionQuery, maxPageSize: Type.Optional(Type.Integer({ minimum: 1 })) };
export const TimePageQuery = Type.Object({
  ...PageQuery,
  startTime: Type.Optional(Type.String({ maxLength: 64 })),
  syncState: Type.Optional(Type.String({ maxLength: 512 })),
});
export const SkipPageQuery = Type.Object({
  ...PageQuery,
  skip: Type.Optional(Type.Integer({ minimum: 0 })),
  syncState: Type.Optional(Type.String({ maxLength: 512 })),
});

export function page<T extends TSchema>(item: T) {
  return Type.Object({ value: Type.Array(item), nextLink: Type.Optional(Type.String()) });
}
