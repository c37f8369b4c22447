import { HostEvent, NoResponseReason, useCoGuestState, type CoGuestEventPayloads } from '@dais/vue';
import { watch } from 'vue';
import { guestLeftText } from '../room/roomTexts';
import { textOfCode } from '../session/errorText';
import { eventsOf } from '../session/eventsOf';
import type { Tell } from '../ui/toasts/useNews';

/**
 * Tells the host what became of invitations, and who left the stage by themselves; `takenOff` are those the host is
 * taking off it.
 */
export function useHostNews(hostId: string, takenOff: () => ReadonlySet<string>, tell: Tell): void {
  const guests = useCoGuestState();
  const on = eventsOf<CoGuestEventPayloads>(guests);
  const isOnStage = (userId: string) => (): boolean => guests.connected.value.some((user) => user.userId === userId);
  const isInvited = (userId: string): boolean => guests.invitees.value.some((user) => user.userId === userId);
  /** Neither on stage nor on the way there: what became of an invitation still is the last word. */
  const isElsewhere = (userId: string) => (): boolean => !isOnStage(userId)() && !isInvited(userId);

  on(HostEvent.onHostInvitationResponded, ({ isAccept, guestUser: { userId, userName } }) =>
    isAccept
      ? tell(`${userName} comes on stage.`, 'stageUp', isOnStage(userId))
      : tell(`${userName} would rather stay in the audience.`, 'stageDown', isElsewhere(userId)),
  );
  on(HostEvent.onHostInvitationNoResponse, ({ guestUser: { userId, userName }, reason }) => {
    if (reason === NoResponseReason.timeout) {
      tell(`${userName} did not answer your invitation.`, 'stageDown', isElsewhere(userId));
    }
  });
  on(HostEvent.onHostInvitationError, ({ code }) => tell(textOfCode(code), 'warning'));

  watch(guests.connected, (now, before) => {
    const stay = new Set(now.map(({ userId }) => userId));
    for (const { userId, userName, isReconnecting } of before) {
      if (!stay.has(userId) && userId !== hostId && !takenOff().has(userId)) {
        tell(guestLeftText(userName, isReconnecting), 'stageDown', isElsewhere(userId));
      }
    }
  });
}
