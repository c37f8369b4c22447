import {
  GuestEvent,
  LiveSeatEvent,
  NoResponseReason,
  useCoGuestState,
  useLiveSeatState,
  type CoGuestEventPayloads,
  type LiveSeatEventPayloads,
} from '@dais/vue';
import { applicationEndText } from '../room/roomTexts';
import { textOfCode } from '../session/errorText';
import { eventsOf } from '../session/eventsOf';
import type { IconName } from '../ui/icons';

/** Tells a viewer what became of requests, of their place on stage and of their devices there. */
export function useViewerNews(hostName: () => string, tell: (text: string, icon?: IconName) => void): void {
  const on = eventsOf<CoGuestEventPayloads>(useCoGuestState());
  const onSeat = eventsOf<LiveSeatEventPayloads>(useLiveSeatState());

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
  on(GuestEvent.onHostInvitationCancelled, ({ hostUser }) =>
    tell(`${hostUser.userName}’s invitation is no longer open.`, 'stageDown'),
  );
  on(GuestEvent.onKickedOffSeat, ({ hostUser }) => tell(`${hostUser.userName} took you off the stage.`, 'stageDown'));

  onSeat(LiveSeatEvent.onLocalMicrophoneClosedByAdmin, () =>
    tell(`${hostName()} turned your microphone off.`, 'microphoneOff'),
  );
  onSeat(LiveSeatEvent.onLocalMicrophoneOpenedByAdmin, () =>
    tell('You can turn your microphone on again.', 'microphone'),
  );
  onSeat(LiveSeatEvent.onLocalCameraClosedByAdmin, () => tell(`${hostName()} turned your camera off.`, 'cameraOff'));
  onSeat(LiveSeatEvent.onLocalCameraOpenedByAdmin, () => tell('You can turn your camera on again.', 'camera'));
}
