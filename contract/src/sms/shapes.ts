import { Type } from 'typebox';
import { ApiVersionQuery } from '../common.ts';

/** What the operations of SMS have in common: signed with the access key, of any published version. */
export const sms = { auth: 'accessKey', apiVersion: true } as const;

export const SmsQuery = Type.Object(ApiVersionQuery);

/** A phone number as clients write it; what is badly formed is told where it stands. */
export const Address = Type.String({ maxLength: 64 });
