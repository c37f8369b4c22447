import type { SeatUserInfo } from '../people/people';
import { HostEvent } from '../useCoGuestState/events';

/**
 * What hosts hear of the hosts of other lives. The members of `HostEvent` are here as well, because documents name some
 * of them so; `useCoGuestState` tells those.
 */
export const CoHostEvent = {
  onCoHostRequestReceived: 'onCoHostRequestReceived',
  onCoHostRequestCancelled: 'onCoHostRequestCancelled',
  onCoHostRequestAccepted: 'onCoHostRequestAccepted',
  onCoHostRequestRejected: 'onCoHostRequestRejected',
  onCoHostRequestTimeout: 'onCoHostRequestTimeout',
  onCoHostUserJoined: 'onCoHostUserJoined',
  onCoHostUserLeft: 'onCoHostUserLeft',
  ...HostEvent,
} as const;
export type CoHostEvent = (typeof CoHostEvent)[keyof typeof CoHostEvent];

/** What the events of {@link useCoHostState} bring along. */
export interface CoHostEventPayloads {
  onCoHostRequestReceived: { inviter: SeatUserInfo; extensionInfo: string };
  /** Told when one of the two lives has ended, too: there is nothing left to answer. */
  onCoHostRequestCancelled: { inviter: SeatUserInfo; invitee: SeatUserInfo };
  onCoHostRequestAccepted: { invitee: SeatUserInfo };
  /** `code` is set when they agreed but could not be connected any more. */
  onCoHostRequestRejected: { invitee: SeatUserInfo; code?: number };
  onCoHostRequestTimeout: { inviter: SeatUserInfo; invitee: SeatUserInfo };
  onCoHostUserJoined: { userInfo: SeatUserInfo };
  onCoHostUserLeft: { userInfo: SeatUserInfo };
}
