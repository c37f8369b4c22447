import type { LiveUserInfo } from '../people/people';

/** What hosts and admins hear of guests. */
export const HostEvent = {
  onGuestApplicationReceived: 'onGuestApplicationReceived',
  onGuestApplicationCancelled: 'onGuestApplicationCancelled',
  onGuestApplicationProcessedByOtherHost: 'onGuestApplicationProcessedByOtherHost',
  onHostInvitationResponded: 'onHostInvitationResponded',
  onHostInvitationNoResponse: 'onHostInvitationNoResponse',
  onHostInvitationError: 'onHostInvitationError',
} as const;
export type HostEvent = (typeof HostEvent)[keyof typeof HostEvent];

/** What guests, and those who want to be, hear of hosts. */
export const GuestEvent = {
  onHostInvitationReceived: 'onHostInvitationReceived',
  onHostInvitationCancelled: 'onHostInvitationCancelled',
  onGuestApplicationResponded: 'onGuestApplicationResponded',
  onGuestApplicationNoResponse: 'onGuestApplicationNoResponse',
  onGuestApplicationError: 'onGuestApplicationError',
  onKickedOffSeat: 'onKickedOffSeat',
} as const;
export type GuestEvent = (typeof GuestEvent)[keyof typeof GuestEvent];

/** Another name of `GuestEvent`, which documents use. */
export const CoGuestEvent = GuestEvent;
export type CoGuestEvent = GuestEvent;

/** Why nobody answered a request: nobody did in time, or the guest came on stage another way. */
export const NoResponseReason = { timeout: 0, alreadySeated: 1 } as const;
export type NoResponseReason = (typeof NoResponseReason)[keyof typeof NoResponseReason];

/** What the events of `useCoGuestState` bring along. */
export interface CoGuestEventPayloads {
  onGuestApplicationReceived: { guestUser: LiveUserInfo };
  /** `reason` is set when the guest did not cancel, but time or another way on stage ended the application. */
  onGuestApplicationCancelled: { guestUser: LiveUserInfo; reason?: NoResponseReason };
  onGuestApplicationProcessedByOtherHost: { guestUser: LiveUserInfo; hostUser: LiveUserInfo };
  onHostInvitationResponded: { isAccept: boolean; guestUser: LiveUserInfo };
  onHostInvitationNoResponse: { guestUser: LiveUserInfo; reason: NoResponseReason };
  onHostInvitationError: { guestUser: LiveUserInfo; code: number; message: string };
  onHostInvitationReceived: { hostUser: LiveUserInfo };
  /** Told when the invitation ran out, too: there is nothing left to answer. */
  onHostInvitationCancelled: { hostUser: LiveUserInfo };
  onGuestApplicationResponded: { isAccept: boolean; hostUser: LiveUserInfo };
  onGuestApplicationNoResponse: { reason: NoResponseReason };
  onGuestApplicationError: { code: number; message: string };
  onKickedOffSeat: { seatIndex: number; hostUser: LiveUserInfo };
}
