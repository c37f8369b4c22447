import type { SeatUserInfo } from '@dais/vue';
import { describe, expect, it } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { useConnectionNews } from './useCoHostNews';

const host = (liveId: string, userName: string) => ({ liveId, userName }) as SeatUserInfo;
const otis = host('vinyl', 'Otis');
const ravi = host('chess', 'Ravi');

describe('The news of a connection', () => {
  async function walk(...steps: (readonly SeatUserInfo[])[]) {
    const hosts = shallowRef<readonly SeatUserInfo[]>([]);
    const told: { text: string; holds: (() => boolean) | undefined }[] = [];
    const scope = effectScope();
    scope.run(() => useConnectionNews(() => hosts.value, (text, _icon, holds) => told.push({ text, holds })));
    for (const step of steps) {
      hosts.value = step;
      await nextTick();
    }
    scope.stop();
    return { told, texts: told.map(({ text }) => text) };
  }

  it('says who came and who went', async () => {
    expect((await walk([otis], [otis, ravi], [ravi], [])).texts).toEqual([
      'Live together with Otis.',
      'Live together with Ravi.',
      'Otis left the connection.',
      'No longer live together with Ravi.',
    ]);
  });

  it('says nothing of a microphone that went off', async () => {
    expect((await walk([otis], [{ ...otis }])).texts).toEqual(['Live together with Otis.']);
  });

  it('holds until the opposite happens', async () => {
    const { told } = await walk([otis], []);
    expect(told.map(({ holds }) => holds?.())).toEqual([false, true]);
  });
});
