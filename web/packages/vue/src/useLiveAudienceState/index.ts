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
  /** Whether a host or admin has forbidden them to write, as far as that is known here. */
  readonly isMessageDisabled: boolean;
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
  /** Learns roles, times of joining and who may not write, of up to 200 members: the list does not know them all. */
  readonly fetchAudienceList: () => Promise<void>;
  /** Whether somebody has been forbidden to write, in the list or not, as far as that is known here. */
  readonly isMessageDisabled: (user: { userId: string }) => boolean;
  readonly setAdministrator: (user: { userId: string }) => Promise<void>;
  readonly revokeAdministrator: (user: { userId: string }) => Promise<void>;
  readonly kickUserOutOfRoom: (user: { userId: string }) => Promise<void>;
  /** Forbids a member to write, or allows it again. */
  readonly disableSendMessage: (user: { userId: string; isDisable: boolean }) => Promise<void>;
  readonly subscribeEvent: EventHub<LiveAudienceEventPayloads>['subscribeEvent'];
  readonly unsubscribeEvent: EventHub<LiveAudienceEventPayloads>['unsubscribeEvent'];
}

const roles: Readonly<Record<WireRole, Role>> = {
  host: Role.Owner,
  admin: Role.Administrator,
  audience: Role.GeneralUser,
};

type Details = Pick<AudienceInfo, 'userRole' | 'joinedTimestamp' | 'isMessageDisabled'>;

/** Who watches the live this user is in: one for the whole app. */
export const useLiveAudienceState: () => UseLiveAudienceStateReturn = shared(() => {
  const session = useSession();
  const hub = new EventHub<LiveAudienceEventPayloads>();
  // Changed in place: an audience of thousands must not be copied for everyone who comes.
  const details = shallowRef(new Map<string, Details>());
  watch(session.room, () => (details.value = new Map()), { flush: 'sync' });

  const learn = (userId: string, known: Partial<Details> | null): void => {
    if (known !== null) {
      details.value.set(userId, { ...detailsOf(userId), ...known });
    }
    triggerRef(details);
  };
  const detailsOf = (userId: string): Details =>
    details.value.get(userId) ?? { userRole: Role.GeneralUser, joinedTimestamp: null, isMessageDisabled: false };
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
        // Whoever may not write may not when they come back.
        learn(user.userId, audience.isMessageDisabled ? { isMessageDisabled: true } : null);
        hub.raise('onAudienceLeft', { audience });
      });
      room.on('member.messageDisabledChanged', ({ user, disabled }) =>
        learn(user.userId, { isMessageDisabled: disabled }),
      );
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
        members.forEach(({ user, role, joinedAt, messageDisabled }) =>
          learn(user.userId, {
            userRole: roles[role],
            joinedTimestamp: joinedAt,
            isMessageDisabled: messageDisabled ?? false,
          }),
        );
      }
    },
    isMessageDisabled: ({ userId }) => detailsOf(userId).isMessageDisabled,
    setAdministrator: async ({ userId }) => session.requireRoom().setAdmin(userId, true),
    revokeAdministrator: async ({ userId }) => session.requireRoom().setAdmin(userId, false),
    disableSendMessage: async ({ userId, isDisable }) => session.requireRoom().setMessageDisabled(userId, isDisable),
    kickUserOutOfRoom: async ({ userId }) => session.requireRoom().kickMember(userId),
    subscribeEvent: hub.subscribeEvent,
    unsubscribeEvent: hub.unsubscribeEvent,
  };
});
