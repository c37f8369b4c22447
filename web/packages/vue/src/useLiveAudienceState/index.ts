import type { Role as WireRole, User } from '@dais/client';
import { computed, shallowRef, triggerRef, watch, type ComputedRef } from 'vue';
import { EventHub } from '../events/eventHub';
import { Role, userInfoOf, type LiveUserInfo } from '../people/people';
import { useSession } from '../session/liveSession';
import { shared } from '../session/shared';

/** Who comes and goes; both spellings that documents use. */
export const LiveAudienceEvent = {
  onAudienceJoined: 'onAudienceJoined',
  onAudienceLeft: 'onAudienceLeft',
  ON_AUDIENCE_JOINED: 'onAudienceJoined',
  ON_AUDIENCE_LEFT: 'onAudienceLeft',
} as const;
export type LiveAudienceEvent = (typeof LiveAudienceEvent)[keyof typeof LiveAudienceEvent];

/** A member of the audience. */
export interface AudienceInfo extends LiveUserInfo {
  readonly userRole: Role;
  /** When they joined, in milliseconds since the Unix epoch; null while that is not known here. */
  readonly joinedTimestamp: number | null;
}

/** What the events of {@link useLiveAudienceState} bring along. */
export interface LiveAudienceEventPayloads {
  onAudienceJoined: { audience: AudienceInfo };
  onAudienceLeft: { audience: AudienceInfo };
}

/** What {@link useLiveAudienceState} returns. */
export interface UseLiveAudienceStateReturn {
  /** At most 200 members, the latest first; the owner is not among them. */
  readonly audienceList: ComputedRef<readonly AudienceInfo[]>;
  /** How many there are in all. */
  readonly audienceCount: ComputedRef<number>;
  /** Learns roles and times of joining of up to 200 members, which the list itself does not know of earlier joins. */
  readonly fetchAudienceList: () => Promise<void>;
  readonly setAdministrator: (user: { userId: string }) => Promise<void>;
  readonly revokeAdministrator: (user: { userId: string }) => Promise<void>;
  readonly kickUserOutOfRoom: (user: { userId: string }) => Promise<void>;
  readonly subscribeEvent: EventHub<LiveAudienceEventPayloads>['subscribeEvent'];
  readonly unsubscribeEvent: EventHub<LiveAudienceEventPayloads>['unsubscribeEvent'];
}

const roles: Readonly<Record<WireRole, Role>> = {
  host: Role.Owner,
  admin: Role.Administrator,
  audience: Role.GeneralUser,
};

type Details = Pick<AudienceInfo, 'userRole' | 'joinedTimestamp'>;

/** Who watches the live this user is in: one for the whole app. */
export const useLiveAudienceState: () => UseLiveAudienceStateReturn = shared(() => {
  const session = useSession();
  const hub = new EventHub<LiveAudienceEventPayloads>();
  // Changed in place: an audience of thousands must not be copied for everyone who comes.
  const details = shallowRef(new Map<string, Details>());
  watch(session.room, () => (details.value = new Map()), { flush: 'sync' });

  const learn = (userId: string, known: Partial<Details>): void => {
    details.value.set(userId, { ...detailsOf(userId), ...known });
    triggerRef(details);
  };
  const detailsOf = (userId: string): Details =>
    details.value.get(userId) ?? { userRole: Role.GeneralUser, joinedTimestamp: null };
  const infoOf = (user: User): AudienceInfo => ({ ...userInfoOf(user), ...detailsOf(user.userId) });

  session.observe({
    onEntered: (room) => {
      room.on('audience.joined', ({ user, role }, { at }) => {
        learn(user.userId, { userRole: roles[role], joinedTimestamp: at });
        hub.raise('onAudienceJoined', { audience: infoOf(user) });
      });
      room.on('audience.left', ({ user, role }) => {
        const audience = { ...infoOf(user), userRole: roles[role] };
        details.value.delete(user.userId);
        triggerRef(details);
        hub.raise('onAudienceLeft', { audience });
      });
      room.on('member.roleChanged', ({ user, role }) => learn(user.userId, { userRole: roles[role] }));
    },
  });

  return {
    audienceList: computed(() => (session.state.value?.audience ?? []).map(infoOf)),
    audienceCount: computed(() => session.state.value?.audienceCount ?? 0),
    fetchAudienceList: async () => {
      const room = session.requireRoom();
      const { members } = await room.listAudience({ count: 200 });
      if (session.room.value === room) {
        members.forEach(({ user, role, joinedAt }) =>
          learn(user.userId, { userRole: roles[role], joinedTimestamp: joinedAt }),
        );
      }
    },
    setAdministrator: async ({ userId }) => session.requireRoom().setAdmin(userId, true),
    revokeAdministrator: async ({ userId }) => session.requireRoom().setAdmin(userId, false),
    kickUserOutOfRoom: async ({ userId }) => session.requireRoom().kickMember(userId),
    subscribeEvent: hub.subscribeEvent,
    unsubscribeEvent: hub.unsubscribeEvent,
  };
});
