import { Type } from 'typebox';
import { absent } from '../../common.ts';

/** A user or another thing by its raw id. */
export const Id = Type.String({ minLength: 1, maxLength: 512 });
export const ThreadParams = Type.Object({ chatThreadId: Type.String({ minLength: 1, maxLength: 256 }) });
/** Name of the resource, `local` unless another is named. */
const ResourceName = Type.String({ minLength: 1, maxLength: 63 });
export const ResourceQuery = { resource: Type.Optional(ResourceName) };
export const ResourceField = { resource: absent(ResourceName) };
export const PageQuery = {
  ...ResourceQuery,
  maxPageSize: Type.Optional(Type.Integer({ minimum: 1 })),
  syncState: Type.Optional(Type.String({ maxLength: 512 })),
};

export function oneOf<const T extends string>(...values: readonly T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: values });
}
