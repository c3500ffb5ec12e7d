import type { ChatParticipantInput, ParticipantError } from '@switchboard/contract';
import type { Limits } from '../limits/index.ts';
import type { NamedParticipant } from './content.ts';
import { chatErrors } from './errors.ts';
import { checkMetadata } from './metadata.ts';
import { parseTime } from './time.ts';

/** A wanted participant in our terms; `rawId` may still name nobody. */
export interface WantedParticipant extends NamedParticipant {
  readonly target: string;
}

const USER = /^8:(?:acs|gcch-acs|dod-acs|spool|orgid|dod|gcch|teamsvisitor):[\w:.-]{1,400}$/;

/**
 * Reads the participants of a request in the published or the handbook's form. Duplicates give one participant.
 *
 * @throws ApiError 400 naming the field
 */
export function parseParticipants(inputs: readonly ChatParticipantInput[], limits: Limits): WantedParticipant[] {
  limits.atMost('chat.participants-per-call', inputs.length, 'participants');
  const wanted = new Map<string, WantedParticipant>();
  for (const [i, input] of inputs.entries()) {
    const at = `participants[${i}]`;
    const userId = rawIdOf(input.communicationIdentifier ?? {}, input.id?.communicationUserId);
    if (userId === undefined)
      throw chatErrors.invalid(`${at}.communicationIdentifier`, 'must name a user: communicationUser.id, rawId, or id.communicationUserId');
    const metadata = input.metadata ?? undefined;
    checkMetadata(metadata, { limits, target: `${at}.metadata` });
    wanted.set(userId, {
      target: at,
      userId,
      historyFromMs:
        input.shareHistoryTime === null || input.shareHistoryTime === undefined
          ? 0
          : parseTime(input.shareHistoryTime, `${at}.shareHistoryTime`),
      ...(input.displayName === null || input.displayName === undefined ? {} : { displayName: input.displayName }),
      ...(metadata === undefined ? {} : { metadata }),
    });
  }
  return [...wanted.values()];
}

/** The raw id an identifier stands for; undefined when it names nobody. */
export function rawIdOf(
  identifier: {
    readonly rawId?: string | null;
    readonly communicationUser?: { readonly id: string } | null;
    readonly phoneNumber?: { readonly value: string } | null;
    readonly microsoftTeamsUser?: { readonly userId: string } | null;
  },
  handbookId?: string,
): string | undefined {
  const { communicationUser, rawId, phoneNumber, microsoftTeamsUser } = identifier;
  const found =
    communicationUser?.id ??
    rawId ??
    handbookId ??
    (microsoftTeamsUser === null || microsoftTeamsUser === undefined ? undefined : `8:orgid:${microsoftTeamsUser.userId}`) ??
    (phoneNumber === null || phoneNumber === undefined ? undefined : `4:${phoneNumber.value}`);
  return found === '' ? undefined : found;
}

/** Whether a raw id has the form of somebody who can take part in a chat at all. */
export function canChat(rawId: string): boolean {
  return USER.test(rawId);
}

/** The per-participant errors of a request whose other participants were taken. */
export const participantErrors = {
  notAUser: (rawId: string): ParticipantError => ({
    target: rawId,
    code: '403',
    message: 'Only communication users can take part in a chat thread.',
  }),
  otherResource: (rawId: string): ParticipantError => ({ target: rawId, code: '403', message: 'The user belongs to another resource.' }),
  unknown: (rawId: string): ParticipantError => ({ target: rawId, code: '404', message: 'There is no such user in this resource.' }),
};
