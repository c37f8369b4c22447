import type { LiveInfo, SeatUserInfo } from '@dais/vue';
import { ref, type ComputedRef, type Ref } from 'vue';
import { useRemoteHosts } from '../cohost/remoteHosts';
import { useConnectionNews } from '../cohost/useCoHostNews';
import type { OwnDevices } from '../media/ownDevices';
import { useOwnDevices } from '../media/useOwnDevices';
import { useAttempt } from '../session/useAttempt';
import { useSession } from '../session/useSession';
import { usePublishTrouble } from '../stage/usePublishTrouble';
import { useNews, type Tell } from '../ui/toasts/useNews';
import { useWideScreen } from '../ui/useMediaQuery';
import { useNow } from '../ui/useNow';

/** What {@link useRoomPage} returns. */
export interface UseRoomPageReturn {
  readonly tell: Tell;
  /** Waits for something; a refusal is told in a sentence. */
  readonly attempt: (action: Promise<unknown>) => Promise<boolean>;
  readonly online: ComputedRef<boolean>;
  readonly devices: OwnDevices;
  readonly setMicrophone: (on: boolean) => Promise<boolean>;
  readonly setCamera: (on: boolean) => Promise<boolean>;
  /** The hosts of the lives this one is connected with. */
  readonly remoteHosts: ComputedRef<readonly SeatUserInfo[]>;
  /** The server's time, milliseconds since the Unix epoch. */
  readonly now: Readonly<Ref<number>>;
  readonly wide: Readonly<Ref<boolean>>;
  /** On a small screen: whether the people lie over the stage. */
  readonly panelOpen: Ref<boolean>;
}

/** What the pages of a host and of a viewer have in common; tells of connections and of trouble with one's picture. */
export function useRoomPage(live: () => LiveInfo): UseRoomPageReturn {
  const tell = useNews();
  const attempt = useAttempt(tell);
  const { online, serverNow } = useSession();
  const devices = useOwnDevices();
  const remoteHosts = useRemoteHosts(() => live().liveId);

  useConnectionNews(() => remoteHosts.value, tell);
  usePublishTrouble(tell);

  return {
    tell,
    attempt,
    online,
    devices,
    setMicrophone: (on) => attempt(devices.setMicrophoneOn(on)),
    setCamera: (on) => attempt(devices.setCameraOn(on)),
    remoteHosts,
    now: useNow(serverNow),
    wide: useWideScreen(),
    panelOpen: ref(false),
  };
}
