import type { Room } from '@dais/client';
import { onScopeDispose } from 'vue';
import { guestLeftText } from '../room/roomTexts';
import type { IconName } from '../ui/icons';

/** Tells the host who left the stage by themselves. */
export function useHostNews(room: Room, tell: (text: string, icon?: IconName) => void): void {
  const stop = room.on('seat.changed', ({ left }) => {
    const selfId = room.state.get().selfId;
    for (const seat of left) {
      const text = seat.user.userId === selfId ? null : guestLeftText(seat);
      if (text !== null) {
        tell(text, 'stageDown');
      }
    }
  });
  onScopeDispose(stop);
}
