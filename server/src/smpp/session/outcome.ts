import type {
  Answer,
  BareAnswer,
  DataMessage,
  Message,
  MessageAnswer,
  Query,
  QueryAnswer,
  Request,
  SubmitMulti,
  SubmitMultiAnswer,
} from '../pdu/body.ts';
import type { Tlv } from '../pdu/tlv.ts';

/** What became of a request. */
export type Outcome<A extends Answer = Answer> =
  | { readonly kind: 'accepted'; readonly body: A; readonly tlvs: readonly Tlv[] }
  /** @property status other than 0: a value of SMPP 3.4 section 5.1.3, or one of the SMSC's own */
  | { readonly kind: 'refused'; readonly status: number; readonly tlvs: readonly Tlv[] }
  /** It never left: the other side cannot have acted on it. */
  | { readonly kind: 'unsent'; readonly reason: string }
  /** It left, and no answer came that could be read: nobody knows whether the other side acted on it. */
  | { readonly kind: 'unanswered'; readonly reason: string };

/** The body of what accepts a request. */
export type AnswerTo<R extends Request> = R extends Message | DataMessage
  ? MessageAnswer
  : R extends SubmitMulti
    ? SubmitMultiAnswer
    : R extends Query
      ? QueryAnswer
      : BareAnswer;
