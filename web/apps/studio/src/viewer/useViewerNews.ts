import type { Room } from '@dais/client';
import { onScopeDispose } from 'vue';
import { applicationEndText, ownSeatLeftText } from '../room/roomTexts';
import type { IconName } from '../ui/icons';

/** Tells a viewer what became of their request and of their place on stage. */
export function useViewerNews(room: Room, tell: (text: string, icon?: IconName) => void): void {
  const isSelf = (userId: string): boolean => userId === room.state.get().selfId;

  const stops = [
    room.on('seat.applicationEnded', (end) => {
      const text = isSelf(end.request.user.userId) ? applicationEndText(end, room.state.get().owner.userName) : null;
      if (text !== null) {
        tell(text, end.outcome === 'accepted' ? 'stageUp' : 'stageDown');
      }
    }),
    room.on('seat.changed', ({ left }) => {
      const own = left.find((seat) => isSelf(seat.user.userId));
      const text = own === undefined ? null : ownSeatLeftText(own);
      if (text !== null) {
        tell(text, 'stageDown');
      }
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
}
