import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { levelOf, smoothLevel } from './level';

const stepMs = 50;

/** How loud the microphone of a stream is, 0..1, about twenty times a second. */
export function useMicrophoneLevel(stream: Readonly<Ref<MediaStream | null>>): Readonly<Ref<number>> {
  const level = ref(0);
  let stop = (): void => {};

  function listen(source: MediaStream | null): void {
    stop();
    stop = () => {};
    level.value = 0;
    const track = source?.getAudioTracks()[0];
    if (track === undefined || typeof AudioContext === 'undefined') {
      return;
    }
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    const input = context.createMediaStreamSource(new MediaStream([track]));
    input.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      level.value = smoothLevel(level.value, levelOf(samples));
    }, stepMs);
    stop = () => {
      clearInterval(timer);
      input.disconnect();
      void context.close();
    };
  }

  watch(stream, listen, { immediate: true });
  onScopeDispose(() => stop());
  return level;
}
