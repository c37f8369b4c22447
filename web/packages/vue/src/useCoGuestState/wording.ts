import type { RoomEvents, RoomState, SeatLeaver, User } from '@dais/client';
import { userInfoOf } from '../people/people';
import { NoResponseReason, type CoGuestEventPayloads } from './events';
import { seatApplicationErrorMessage } from './seatErrors';

/** An event of the facade with what it brings along. */
export type Told = {
  [E in keyof CoGuestEventPayloads]: readonly [event: E, payload: CoGuestEventPayloads[E]];
}[keyof CoGuestEventPayloads];

type Who = Pick<RoomState, 'selfId' | 'role' | 'owner'>;
type Ended = RoomEvents['seat.applicationEnded'];

const isModerator = ({ role }: Who): boolean => role !== 'audience';
const isSelf = (user: User | null, { selfId }: Who): boolean => user?.userId === selfId;

/** What a user is told of a new application. Pure, like everything here. */
export function toldOfApplication({ request }: RoomEvents['seat.applied'], who: Who): Told | null {
  return isModerator(who) && !isSelf(request.user, who)
    ? ['onGuestApplicationReceived', { guestUser: userInfoOf(request.user) }]
    : null;
}

/** What a user is told of the end of an application. */
export function toldOfApplicationEnd(ended: Ended, who: Who): Told | null {
  return isSelf(ended.request.user, who) ? toldApplicant(ended, who) : isModerator(who) ? toldHost(ended, who) : null;
}

function toldApplicant({ outcome, by, code }: Ended, who: Who): Told | null {
  const hostUser = userInfoOf(by ?? who.owner);
  switch (outcome) {
    case 'accepted':
      return ['onGuestApplicationResponded', { isAccept: true, hostUser }];
    case 'rejected':
      return ['onGuestApplicationResponded', { isAccept: false, hostUser }];
    case 'timedOut':
      return ['onGuestApplicationNoResponse', { reason: NoResponseReason.timeout }];
    case 'alreadySeated':
      return ['onGuestApplicationNoResponse', { reason: NoResponseReason.alreadySeated }];
    case 'failed':
      return ['onGuestApplicationError', { code, message: seatApplicationErrorMessage(code) }];
    case 'cancelled':
    case 'roomEnded':
      return null;
  }
}

function toldHost({ request, outcome, by }: Ended, who: Who): Told | null {
  const guestUser = userInfoOf(request.user);
  switch (outcome) {
    case 'accepted':
    case 'rejected':
    case 'failed':
      return by === null || isSelf(by, who)
        ? null
        : ['onGuestApplicationProcessedByOtherHost', { guestUser, hostUser: userInfoOf(by) }];
    case 'cancelled':
      return ['onGuestApplicationCancelled', { guestUser }];
    case 'timedOut':
      return ['onGuestApplicationCancelled', { guestUser, reason: NoResponseReason.timeout }];
    case 'alreadySeated':
      return ['onGuestApplicationCancelled', { guestUser, reason: NoResponseReason.alreadySeated }];
    case 'roomEnded':
      return null;
  }
}

/** What a user is told of a new invitation. */
export function toldOfInvitation({ request }: RoomEvents['seat.invited'], who: Who): Told | null {
  return isSelf(request.user, who)
    ? ['onHostInvitationReceived', { hostUser: userInfoOf(request.inviter ?? who.owner) }]
    : null;
}

/** What a user is told of the end of an invitation. */
export function toldOfInvitationEnd(ended: Ended, who: Who): Told | null {
  const { request } = ended;
  return isSelf(request.user, who)
    ? toldInvitee(ended, who)
    : isSelf(request.inviter, who)
      ? toldInviter(ended, who)
      : null;
}

function toldInvitee({ request, outcome, by }: Ended, who: Who): Told | null {
  switch (outcome) {
    case 'cancelled':
    case 'timedOut':
    case 'alreadySeated':
      return isSelf(by, who)
        ? null
        : ['onHostInvitationCancelled', { hostUser: userInfoOf(request.inviter ?? who.owner) }];
    case 'accepted':
    case 'rejected':
    case 'failed':
    case 'roomEnded':
      return null;
  }
}

function toldInviter({ request, outcome, by, code, message }: Ended, who: Who): Told | null {
  const guestUser = userInfoOf(request.user);
  switch (outcome) {
    case 'accepted':
      return ['onHostInvitationResponded', { isAccept: true, guestUser }];
    case 'rejected':
      return ['onHostInvitationResponded', { isAccept: false, guestUser }];
    case 'timedOut':
      return ['onHostInvitationNoResponse', { guestUser, reason: NoResponseReason.timeout }];
    case 'alreadySeated':
      return ['onHostInvitationNoResponse', { guestUser, reason: NoResponseReason.alreadySeated }];
    case 'failed':
      return ['onHostInvitationError', { guestUser, code, message }];
    case 'cancelled':
      // Taken back by another host, or the guest is gone: nobody will answer any more.
      return isSelf(by, who) ? null : ['onHostInvitationNoResponse', { guestUser, reason: NoResponseReason.timeout }];
    case 'roomEnded':
      return null;
  }
}

/** What a user is told when someone left their seats. */
export function toldOfLeavers(left: readonly SeatLeaver[], who: Who): Told | null {
  const own = left.find(({ user }) => isSelf(user, who));
  if (own === undefined || (own.reason !== 'kicked' && own.reason !== 'replaced')) {
    return null;
  }
  return ['onKickedOffSeat', { seatIndex: own.seatIndex, hostUser: userInfoOf(own.by ?? who.owner) }];
}
