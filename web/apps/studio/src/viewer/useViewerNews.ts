import {
  DeviceStatus,
  GuestEvent,
  LiveSeatEvent,
  NoResponseReason,
  useBarrageState,
  useCoGuestState,
  useLiveListState,
  useLiveSeatState,
  type CoGuestEventPayloads,
  type LiveSeatEventPayloads,
  type SeatUserInfo,
} from '@dais/vue';
import { watch } from 'vue';
import { applicationEndText } from '../room/roomTexts';
import { textOfCode } from '../session/errorText';
import { eventsOf } from '../session/eventsOf';
import type { Tell } from '../ui/toasts/useNews';

/** Tells a viewer what became of requests, of their place on stage, of their devices there and of their messages. */
export function useViewerNews(selfId: string, hostName: () => string, tell: Tell): void {
  const guests = useCoGuestState();
  const on = eventsOf<CoGuestEventPayloads>(guests);
  const onSeat = eventsOf<LiveSeatEventPayloads>(useLiveSeatState());
  const ownSeat = (): SeatUserInfo | undefined => guests.connected.value.find(({ userId }) => userId === selfId);
  const isOnStage = (): boolean => ownSeat() !== undefined;
  const isWatching = (): boolean => !isOnStage() && guests.ownApplication.value === null;

  on(GuestEvent.onGuestApplicationResponded, ({ isAccept, hostUser }) =>
    isAccept
      ? tell(applicationEndText('accepted', hostUser.userName), 'stageUp', isOnStage)
      : tell(applicationEndText('rejected', hostUser.userName), 'stageDown', isWatching),
  );
  on(GuestEvent.onGuestApplicationNoResponse, ({ reason }) =>
    reason === NoResponseReason.timeout
      ? tell(applicationEndText('timedOut', hostName()), 'stageDown', isWatching)
      : tell(applicationEndText('accepted', hostName()), 'stageUp', isOnStage),
  );
  on(GuestEvent.onGuestApplicationError, ({ code }) => tell(textOfCode(code), 'stageDown', isWatching));
  on(GuestEvent.onHostInvitationCancelled, ({ hostUser }) =>
    tell(
      `${hostUser.userName}’s invitation is no longer open.`,
      'stageDown',
      () => guests.receivedInvitation.value === null && !isOnStage(),
    ),
  );
  on(GuestEvent.onKickedOffSeat, ({ hostUser }) =>
    tell(`${hostUser.userName} took you off the stage.`, 'stageDown', () => !isOnStage()),
  );

  const { isMessageDisabled } = useBarrageState();
  const { currentLive } = useLiveListState();
  const isSilent = (): boolean => isMessageDisabled.value || currentLive.value?.isMessageDisableForAllUser === true;
  watch(isMessageDisabled, (off) =>
    off
      ? tell(`${hostName()} turned your messages off.`, 'chatOff', () => isMessageDisabled.value)
      : tell('You can write again.', 'chat', () => !isSilent()),
  );

  const isOff = (device: 'microphoneStatus' | 'cameraStatus') => (): boolean =>
    ownSeat()?.[device] === DeviceStatus.Off;
  onSeat(LiveSeatEvent.onLocalMicrophoneClosedByAdmin, () =>
    tell(`${hostName()} turned your microphone off.`, 'microphoneOff', isOff('microphoneStatus')),
  );
  onSeat(LiveSeatEvent.onLocalMicrophoneOpenedByAdmin, () =>
    tell('You can turn your microphone on again.', 'microphone', isOff('microphoneStatus')),
  );
  onSeat(LiveSeatEvent.onLocalCameraClosedByAdmin, () =>
    tell(`${hostName()} turned your camera off.`, 'cameraOff', isOff('cameraStatus')),
  );
  onSeat(LiveSeatEvent.onLocalCameraOpenedByAdmin, () =>
    tell('You can turn your camera on again.', 'camera', isOff('cameraStatus')),
  );
}
