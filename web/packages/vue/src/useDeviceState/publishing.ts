import { LiveError, ownApplication, ownSeat } from '@dais/client';
import type { Device, Publication, Room } from '@dais/client';
import { computed, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { LiveSession } from '../session/liveSession';

/** What is to be sent: an open device's track, or nothing; and whether it is muted. */
export interface Sources {
  readonly stream: Readonly<Ref<MediaStream | null>>;
  readonly tracks: Readonly<Record<Device, Readonly<Ref<MediaStreamTrack | null>>>>;
  readonly microphoneMuted: Readonly<Ref<boolean>>;
}

/** What {@link usePublishing} returns. */
export interface Publishing {
  /** Why camera and microphone could not be sent; null while all is well. */
  readonly error: Readonly<ShallowRef<LiveError | null>>;
  /** Sends what is open now; throws what the server refused. */
  readonly sync: () => Promise<void>;
}

const devices = ['microphone', 'camera'] as const;

/**
 * Sends the open devices while this user is on stage. Nobody receives them before, so it begins when an application is
 * open: whoever is let on stage is seen at once.
 */
export function usePublishing(session: LiveSession, sources: Sources): Publishing {
  const error = shallowRef<LiveError | null>(null);
  const sent = new WeakMap<Publication, Record<Device, MediaStreamTrack | null>>();
  const wanted = computed(() => {
    const state = session.state.value;
    return state !== null && (ownSeat(state) !== null || ownApplication(state) !== null);
  });

  async function carryOut(): Promise<void> {
    const room = session.room.value;
    if (room === null) {
      return;
    }
    if (!wanted.value) {
      await room.unpublish();
    } else if (room.publication !== null) {
      await update(room.publication);
    } else if (sources.stream.value !== null) {
      await begin(room, sources.stream.value);
    }
  }

  async function begin(room: Room, stream: MediaStream): Promise<void> {
    const tracks = current();
    const publication = await room.publish(stream);
    sent.set(publication, tracks);
    await update(publication);
  }

  async function update(publication: Publication): Promise<void> {
    const now = current();
    const before = sent.get(publication) ?? { microphone: null, camera: null };
    sent.set(publication, now);
    for (const device of devices) {
      if (now[device] !== before[device]) {
        await publication.replaceTrack(device, now[device]);
      }
      const muted = now[device] === null || (device === 'microphone' && sources.microphoneMuted.value);
      if (publication.muted.get()[device] !== muted) {
        await publication.setMuted(device, muted);
      }
    }
  }

  const current = (): Record<Device, MediaStreamTrack | null> => ({
    microphone: sources.tracks.microphone.value,
    camera: sources.tracks.camera.value,
  });

  // One step after the other: a publication must stand before its tracks or switches change.
  let last: Promise<void> = Promise.resolve();
  function sync(): Promise<void> {
    const step = last.then(carryOut).then(
      () => {
        error.value = null;
      },
      (thrown: unknown) => {
        error.value = LiveError.from(thrown);
        throw error.value;
      },
    );
    last = step.catch(() => undefined);
    return step;
  }

  // What fails here shows in `error`, and is tried again when the connection is back.
  watch(
    [session.room, wanted, sources.stream, sources.microphoneMuted, session.status],
    ([room, , , , status]) => {
      if (room !== null && status === 'open') {
        sync().catch(() => undefined);
      }
    },
  );
  return { error, sync };
}
