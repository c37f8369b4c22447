import { useCoGuestState } from '@dais/vue';
import { watch } from 'vue';
import { guestLeftText } from '../room/roomTexts';
import type { IconName } from '../ui/icons';

/** Tells the host who left the stage by themselves; `takenOff` are those the host is taking off it. */
export function useHostNews(
  hostId: string,
  takenOff: () => ReadonlySet<string>,
  tell: (text: string, icon?: IconName) => void,
): void {
  const { connected } = useCoGuestState();
  watch(connected, (now, before) => {
    const stay = new Set(now.map(({ userId }) => userId));
    for (const { userId, userName, isReconnecting } of before) {
      if (!stay.has(userId) && userId !== hostId && !takenOff().has(userId)) {
        tell(guestLeftText(userName, isReconnecting), 'stageDown');
      }
    }
  });
}
