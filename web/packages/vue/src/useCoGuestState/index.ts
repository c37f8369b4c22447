import { ownSeat, type Room, type RoomState } from '@dais/client';
import { computed, type ComputedRef } from 'vue';
import { EventHub } from '../events/eventHub';
import { requestInfoOf, seatInfoOf, userInfoOf } from '../people/people';
import type { LiveUserInfo, SeatRequestInfo, SeatUserInfo } from '../people/people';
import { unlessGone } from '../session/errors';
import { useSession } from '../session/liveSession';
import { shared } from '../session/shared';
import { checkTimeout } from '../session/timeouts';
import type { CoGuestEventPayloads } from './events';
import {
  toldOfApplication,
  toldOfApplicationEnd,
  toldOfInvitation,
  toldOfInvitationEnd,
  toldOfLeavers,
  type Told,
} from './wording';

export * from './events';
export { SeatApplicationErrorCode, seatApplicationErrorMessage } from './seatErrors';

/** What {@link useCoGuestState} returns. */
export interface UseCoGuestStateReturn {
  /** Everybody on a seat, the host included. */
  readonly connected: ComputedRef<readonly SeatUserInfo[]>;
  /** Whose applications are open; known to hosts and admins. */
  readonly applicants: ComputedRef<readonly SeatRequestInfo[]>;
  /** Whom hosts have invited; known to hosts and admins. */
  readonly invitees: ComputedRef<readonly SeatRequestInfo[]>;
  /** Always empty; there for code that reads it. */
  readonly candidates: ComputedRef<readonly LiveUserInfo[]>;
  /** This user's own open application. */
  readonly ownApplication: ComputedRef<SeatRequestInfo | null>;
  /** The invitation this user has to answer; the user in it is the inviter. */
  readonly receivedInvitation: ComputedRef<SeatRequestInfo | null>;
  /**
   * Asks for a seat; -1 (default) is the lowest free one. Done when the request is sent. `timeout` in seconds, 0 for as
   * long as the live lives.
   */
  readonly applyForSeat: (application?: {
    seatIndex?: number;
    timeout?: number;
    extensionInfo?: string;
  }) => Promise<void>;
  readonly cancelApplication: () => Promise<void>;
  readonly acceptApplication: (user: { userId: string }) => Promise<void>;
  readonly rejectApplication: (user: { userId: string }) => Promise<void>;
  /** Asks someone to a seat; -1 (default) is the lowest free one. `timeout` in seconds, 0 for as long as it lives. */
  readonly inviteToSeat: (invitation: {
    userId: string;
    seatIndex?: number;
    timeout?: number;
    extensionInfo?: string;
  }) => Promise<void>;
  readonly cancelInvitation: (invitation: { inviteeId: string }) => Promise<void>;
  readonly acceptInvitation: (invitation: { inviterId: string }) => Promise<void>;
  readonly rejectInvitation: (invitation: { inviterId: string }) => Promise<void>;
  /** Leaves the stage. */
  readonly disConnect: () => Promise<void>;
  readonly subscribeEvent: EventHub<CoGuestEventPayloads>['subscribeEvent'];
  readonly unsubscribeEvent: EventHub<CoGuestEventPayloads>['unsubscribeEvent'];
}

/** The way on stage and back, for guests and hosts: one for the whole app. */
export const useCoGuestState: () => UseCoGuestStateReturn = shared(() => {
  const session = useSession();
  const hub = new EventHub<CoGuestEventPayloads>();
  session.observe({ onEntered: (room) => tellFrom(room, hub) });

  const requests = (of: (state: RoomState) => readonly SeatRequestInfo[]): ComputedRef<readonly SeatRequestInfo[]> =>
    computed(() => {
      const state = session.state.value;
      return state === null || state.role === 'audience' ? [] : of(state);
    });

  return {
    connected: computed(() => {
      const state = session.state.value;
      return state === null ? [] : state.seats.flatMap((seat) => seatInfoOf(seat, state).userInfo ?? []);
    }),
    applicants: requests(({ applications }) => applications.map((request) => requestInfoOf(request, request.user))),
    invitees: requests(({ invitations }) => invitations.map((request) => requestInfoOf(request, request.user))),
    candidates: computed(() => []),
    ownApplication: computed(() => {
      const state = session.state.value;
      const own = state?.applications.find(({ user }) => user.userId === state.selfId);
      return own === undefined ? null : requestInfoOf(own, own.user);
    }),
    receivedInvitation: computed(() => {
      const state = session.state.value;
      const own = state?.invitations.find(({ user }) => user.userId === state.selfId);
      return state === null || own === undefined ? null : requestInfoOf(own, own.inviter ?? state.owner);
    }),
    applyForSeat: async ({ seatIndex = -1, timeout, extensionInfo } = {}) => {
      const room = session.requireRoom();
      const { seated } = await room.applyForSeat({ seatIndex, ...checkTimeout(timeout), ...extra(extensionInfo) });
      if (seated) {
        whenSeated(room, () => hub.raise('onGuestApplicationResponded', acceptedBy(room.state.get())));
      }
    },
    cancelApplication: async () => unlessGone(session.requireRoom().cancelApplication()),
    acceptApplication: async ({ userId }) => unlessGone(session.requireRoom().acceptApplication(userId)),
    rejectApplication: async ({ userId }) => unlessGone(session.requireRoom().rejectApplication(userId)),
    inviteToSeat: async ({ userId, seatIndex = -1, timeout, extensionInfo }) => {
      const room = session.requireRoom();
      const options = { seatIndex, ...checkTimeout(timeout), ...extra(extensionInfo) };
      const { seated } = await room.inviteToSeat(userId, options);
      const guestUser = seated ? room.state.get().seats.find(({ user }) => user?.userId === userId)?.user : undefined;
      if (guestUser) {
        hub.raise('onHostInvitationResponded', { isAccept: true, guestUser: userInfoOf(guestUser) });
      }
    },
    cancelInvitation: async ({ inviteeId }) => unlessGone(session.requireRoom().cancelInvitation(inviteeId)),
    acceptInvitation: async () => session.requireRoom().acceptInvitation(),
    rejectInvitation: async () => unlessGone(session.requireRoom().rejectInvitation()),
    disConnect: async () => session.requireRoom().leaveSeat(),
    subscribeEvent: hub.subscribeEvent,
    unsubscribeEvent: hub.unsubscribeEvent,
  };
});

function extra(extensionInfo: string | undefined): { extraInfo?: string } {
  return extensionInfo === undefined ? {} : { extraInfo: extensionInfo };
}

/** The room's state changes before its events are told, so whoever hears of one finds it in the state. */
function tellFrom(room: Room, hub: EventHub<CoGuestEventPayloads>): void {
  const tell = (told: Told | null): void => {
    if (told !== null) {
      hub.raise(told[0], told[1] as never);
    }
  };
  const who = (): RoomState => room.state.get();
  room.on('seat.applied', (data) => tell(toldOfApplication(data, who())));
  room.on('seat.applicationEnded', (data) => tell(toldOfApplicationEnd(data, who())));
  room.on('seat.invited', (data) => tell(toldOfInvitation(data, who())));
  room.on('seat.invitationEnded', (data) => tell(toldOfInvitationEnd(data, who())));
  room.on('seat.changed', ({ left }) => tell(toldOfLeavers(left, who())));
}

/** Someone seated without a host's answer, as in free mode: what they hear is that they may come up. */
function acceptedBy({ owner }: RoomState): CoGuestEventPayloads['onGuestApplicationResponded'] {
  return { isAccept: true, hostUser: userInfoOf(owner) };
}

/** Calls `then` once the state shows this user seated; an answer may overtake the event that seats them. */
function whenSeated(room: Room, then: () => void): void {
  if (ownSeat(room.state.get()) !== null) {
    then();
    return;
  }
  const stop = room.state.subscribe((state) => {
    if (ownSeat(state) !== null || state.closed !== null) {
      stop();
      if (state.closed === null) {
        then();
      }
    }
  });
}
