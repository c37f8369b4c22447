import type { HostRequest, RoomHost, RoomState } from '@dais/client';
import { computed, type ComputedRef } from 'vue';
import { EventHub } from '../events/eventHub';
import { hostInfoOf, type SeatUserInfo } from '../people/people';
import { unlessGone } from '../session/errors';
import { useSession } from '../session/liveSession';
import { shared } from '../session/shared';
import { checkTimeout } from '../session/timeouts';
import { Announcements } from './announcements';
import { useCandidates, type Candidates } from './candidates';
import type { CoHostEventPayloads } from './events';
import { CoHostStatus, type TUIConnectionCode } from './values';

export type { CoHostCandidateInfo } from './candidates';
export * from './events';
export * from './values';

/** The other side of an open request: whose live it is, and how long the request stays open. */
export interface CoHostRequestInfo extends SeatUserInfo {
  readonly requestId: string;
  /** How the stage is to be drawn while the lives are connected. */
  readonly layoutTemplate: number;
  /** Milliseconds since the Unix epoch, by the server's clock; null for as long as the lives live. */
  readonly expiresAt: number | null;
  readonly extensionInfo: string;
}

/** What {@link useCoHostState} returns. */
export interface UseCoHostStateReturn {
  /** Whether this live is connected with others. */
  readonly coHostStatus: ComputedRef<CoHostStatus>;
  /** The hosts of all connected lives, this one's included, in the order in which they came. */
  readonly connected: ComputedRef<readonly SeatUserInfo[]>;
  /** Whom this live has asked; known to hosts and admins. */
  readonly invitees: ComputedRef<readonly CoHostRequestInfo[]>;
  /** Who has asked this live, the newest last; known to hosts and admins. */
  readonly applicants: ComputedRef<readonly CoHostRequestInfo[]>;
  /** The newest of them. */
  readonly applicant: ComputedRef<CoHostRequestInfo | null>;
  /** The lives that are silenced for everybody in this one. */
  readonly mutedHosts: ComputedRef<readonly string[]>;
  /** The hosts of other lives that can be asked, as far as they were fetched. */
  readonly candidates: Candidates['candidates'];
  /** Where the next page of them starts; empty at the end. */
  readonly candidatesCursor: Candidates['candidatesCursor'];
  /**
   * Asks the host of another live to connect; says by live what became of it at once. `timeout` in seconds (default
   * 30), 0 for as long as the lives live.
   */
  readonly requestHostConnection: (request: {
    liveId: string;
    layoutTemplate?: number;
    timeout?: number;
    extensionInfo?: string;
  }) => Promise<Map<string, TUIConnectionCode>>;
  readonly cancelHostConnection: (live: { liveId: string }) => Promise<void>;
  readonly acceptHostConnection: (live: { liveId: string }) => Promise<void>;
  readonly rejectHostConnection: (live: { liveId: string }) => Promise<void>;
  /** Leaves the whole connection. */
  readonly exitHostConnection: () => Promise<void>;
  /** Fetches a page of candidates: the first, which replaces the list, for `''`; else one more. */
  readonly getCoHostCandidates: Candidates['getCoHostCandidates'];
  /** Silences a connected live for everybody in this one, or lets it be heard again. */
  readonly muteRemoteHostAudio: (liveId: string, isMuted: boolean) => Promise<void>;
  readonly subscribeEvent: EventHub<CoHostEventPayloads>['subscribeEvent'];
  readonly unsubscribeEvent: EventHub<CoHostEventPayloads>['unsubscribeEvent'];
}

/** The connection of the live this user is in with others: one for the whole app. */
export const useCoHostState: () => UseCoHostStateReturn = shared(() => {
  const session = useSession();
  const hub = new EventHub<CoHostEventPayloads>();
  let announcements: Announcements | null = null;
  session.observe({
    onEntered: (room) => {
      announcements = new Announcements(room, ([event, payload]) => hub.raise(event, payload as never));
    },
  });

  const from = <T>(none: T, of: (state: RoomState) => T): ComputedRef<T> =>
    computed(() => (session.state.value === null ? none : of(session.state.value)));
  const applicants = from<readonly CoHostRequestInfo[]>([], (state) =>
    state.receivedHostRequests.map((request) => requestInfoOf(request, request.from, state)),
  );

  return {
    coHostStatus: from<CoHostStatus>(CoHostStatus.Disconnected, ({ connection }) =>
      connection === null ? CoHostStatus.Disconnected : CoHostStatus.Connected,
    ),
    connected: from<readonly SeatUserInfo[]>([], (state) =>
      (state.connection?.members ?? []).map((member) => hostInfoOf(member, state)),
    ),
    invitees: from<readonly CoHostRequestInfo[]>([], (state) =>
      state.sentHostRequests.map((request) => requestInfoOf(request, request.to, state)),
    ),
    applicants,
    applicant: computed(() => applicants.value.at(-1) ?? null),
    mutedHosts: from<readonly string[]>([], ({ connection }) => connection?.mutedRooms ?? []),
    ...useCandidates(session),
    requestHostConnection: async ({ liveId, layoutTemplate, timeout, extensionInfo }) => {
      const room = session.requireRoom();
      const told = announcements;
      told?.asking(liveId);
      try {
        const { results } = await room.requestHostConnection([liveId], {
          ...(layoutTemplate === undefined ? {} : { layoutTemplateId: layoutTemplate }),
          ...checkTimeout(timeout),
          ...(extensionInfo === undefined ? {} : { extraInfo: extensionInfo }),
        });
        if (results[liveId] !== 0) {
          told?.notAsking(liveId);
        }
        return new Map(Object.entries(results) as [string, TUIConnectionCode][]);
      } catch (error) {
        told?.notAsking(liveId);
        throw error;
      }
    },
    cancelHostConnection: async ({ liveId }) => unlessGone(session.requireRoom().cancelHostRequest(liveId)),
    acceptHostConnection: async ({ liveId }) => {
      const room = session.requireRoom();
      announcements?.notAsking(liveId);
      await room.acceptHostRequest(liveId);
    },
    rejectHostConnection: async ({ liveId }) => unlessGone(session.requireRoom().rejectHostRequest(liveId)),
    exitHostConnection: async () => session.requireRoom().exitHostConnection(),
    muteRemoteHostAudio: async (liveId, isMuted) => session.requireRoom().muteRemoteHost(liveId, isMuted),
    subscribeEvent: hub.subscribeEvent,
    unsubscribeEvent: hub.unsubscribeEvent,
  };
});

function requestInfoOf(request: HostRequest, other: RoomHost, state: RoomState): CoHostRequestInfo {
  const { requestId, layoutTemplateId, expiresAt, extraInfo } = request;
  const info = hostInfoOf(other, state);
  return { ...info, requestId, layoutTemplate: layoutTemplateId, expiresAt, extensionInfo: extraInfo };
}
