import { HostEvent, NoResponseReason, useCoGuestState, type CoGuestEventPayloads } from '@dais/vue';
import { watch } from 'vue';
import { guestLeftText } from '../room/roomTexts';
import { textOfCode } from '../session/errorText';
import { eventsOf } from '../session/eventsOf';
import type { IconName } from '../ui/icons';

/**
 * Tells the host what became of invitations, and who left the stage by themselves; `takenOff` are those the host is
 * taking off it.
 */
export function useHostNews(
  hostId: string,
  takenOff: () => ReadonlySet<string>,
  tell: (text: string, icon?: IconName) => void,
): void {
  const guests = useCoGuestState();
  const on = eventsOf<CoGuestEventPayloads>(guests);

  on(HostEvent.onHostInvitationResponded, ({ isAccept, guestUser }) =>
    isAccept
      ? tell(`${guestUser.userName} comes on stage.`, 'stageUp')
      : tell(`${guestUser.userName} would rather stay in the audience.`, 'stageDown'),
  );
  on(HostEvent.onHostInvitationNoResponse, ({ guestUser, reason }) => {
    if (reason === NoResponseReason.timeout) {
      tell(`${guestUser.userName} did not answer your invitation.`, 'stageDown');
    }
  });
  on(HostEvent.onHostInvitationError, ({ code }) => tell(textOfCode(code), 'warning'));

  watch(guests.connected, (now, before) => {
    const stay = new Set(now.map(({ userId }) => userId));
    for (const { userId, userName, isReconnecting } of before) {
      if (!stay.has(userId) && userId !== hostId && !takenOff().has(userId)) {
        tell(guestLeftText(userName, isReconnecting), 'stageDown');
      }
    }
  });
}
