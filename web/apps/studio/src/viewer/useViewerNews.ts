import { GuestEvent, NoResponseReason, useCoGuestState, type CoGuestEventPayloads } from '@dais/vue';
import { applicationEndText } from '../room/roomTexts';
import { textOfCode } from '../session/errorText';
import { eventsOf } from '../session/eventsOf';
import type { IconName } from '../ui/icons';

/** Tells a viewer what became of their request and of their place on stage. */
export function useViewerNews(hostName: () => string, tell: (text: string, icon?: IconName) => void): void {
  const on = eventsOf<CoGuestEventPayloads>(useCoGuestState());

  on(GuestEvent.onGuestApplicationResponded, ({ isAccept, hostUser }) =>
    isAccept
      ? tell(applicationEndText('accepted', hostUser.userName), 'stageUp')
      : tell(applicationEndText('rejected', hostUser.userName), 'stageDown'),
  );
  on(GuestEvent.onGuestApplicationNoResponse, ({ reason }) =>
    reason === NoResponseReason.timeout
      ? tell(applicationEndText('timedOut', hostName()), 'stageDown')
      : tell(applicationEndText('accepted', hostName()), 'stageUp'),
  );
  on(GuestEvent.onGuestApplicationError, ({ code }) => tell(textOfCode(code), 'stageDown'));
  on(GuestEvent.onKickedOffSeat, ({ hostUser }) =>
    tell(`${hostUser.userName} took you off the stage.`, 'stageDown'),
  );
}
