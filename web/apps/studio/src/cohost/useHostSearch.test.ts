import { LiveError, type CoHostCandidateInfo } from '@dais/vue';
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { computed, effectScope, shallowRef, type EffectScope } from 'vue';
import { liveIdIn, useHostSearch, type UseHostSearchReturn } from './useHostSearch';

const host = (liveId: string, userName: string) => ({ liveId, userName }) as CoHostCandidateInfo;
const pages: readonly CoHostCandidateInfo[][] = [
  [host('kitchen', 'Mei Tanaka'), host('vinyl', 'Otis Marlow')],
  [host('bike', 'Lena Fuchs')],
  [host('chess', 'Ravi Nair')],
];

describe('Looking for a host', () => {
  let scope: EffectScope;

  beforeEach(() => {
    vi.useFakeTimers();
    scope = effectScope();
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
  });

  function search(all = pages) {
    const candidates = shallowRef<readonly CoHostCandidateInfo[]>([]);
    const candidatesCursor = shallowRef('');
    const getCoHostCandidates = vi.fn(async (cursor = '') => {
      const page = Number(cursor);
      candidates.value = [...(cursor === '' ? [] : candidates.value), ...(all[page] ?? [])];
      candidatesCursor.value = page + 1 < all.length ? String(page + 1) : '';
    });
    const hosts = { candidates: computed(() => candidates.value), candidatesCursor, getCoHostCandidates };
    const found = scope.run(() => useHostSearch(hosts, 'own')) as UseHostSearchReturn;
    return { ...found, getCoHostCandidates, names: () => found.found.value.map(({ userName }) => userName) };
  }

  it('begins with the first page, and shows more when asked to', async () => {
    const { names, hasMore, showMore } = search();
    await flushPromises();
    expect(names()).toEqual(['Mei Tanaka', 'Otis Marlow']);
    expect(hasMore.value).toBe(true);
    await showMore();
    expect(names()).toEqual(['Mei Tanaka', 'Otis Marlow', 'Lena Fuchs']);
  });

  it('finds names and ids, whatever their letters', async () => {
    const { query, names } = search();
    await flushPromises();
    query.value = 'OTIS';
    expect(names()).toEqual(['Otis Marlow']);
    query.value = 'kitch';
    expect(names()).toEqual(['Mei Tanaka']);
  });

  it('finds who is in a link', async () => {
    const { query, names } = search();
    await flushPromises();
    query.value = 'https://dais.example/live/vinyl?userId=me';
    expect(names()).toEqual(['Otis Marlow']);
  });

  it('turns the pages until somebody is found', async () => {
    const { query, names, getCoHostCandidates } = search();
    await flushPromises();
    query.value = 'ravi';
    await flushPromises();
    expect(names()).toEqual(['Ravi Nair']);
    expect(getCoHostCandidates.mock.calls).toEqual([[''], ['1'], ['2']]);
  });

  it('offers an id that is in no list, once all of it is known', async () => {
    const { query, unlistedId } = search();
    await flushPromises();
    query.value = 'private-1';
    expect(unlistedId.value).toBeNull();
    await flushPromises();
    expect(unlistedId.value).toBe('private-1');
    query.value = 'own';
    expect(unlistedId.value).toBeNull();
    query.value = 'no id at all';
    expect(unlistedId.value).toBeNull();
  });

  it('looks again while nobody is there', async () => {
    const { getCoHostCandidates } = search([[]]);
    await vi.advanceTimersByTimeAsync(8_100);
    expect(getCoHostCandidates).toHaveBeenCalledTimes(3);
    scope.stop();
    await vi.advanceTimersByTimeAsync(8_100);
    expect(getCoHostCandidates).toHaveBeenCalledTimes(3);
  });

  it('says why there is no list', async () => {
    const getCoHostCandidates = async (): Promise<void> => {
      throw new LiveError({ code: 1903, name: 'notConnected', message: '' });
    };
    const hosts = { candidates: computed(() => []), candidatesCursor: shallowRef(''), getCoHostCandidates };
    const { failure } = scope.run(() => useHostSearch(hosts, 'own')) as UseHostSearchReturn;
    await flushPromises();
    expect(failure.value).toContain('no connection');
  });
});

describe('The id of a live', () => {
  it.each([
    ['abc-123', 'abc-123'],
    ['  abc ', 'abc'],
    ['http://localhost:5180/live/abc', 'abc'],
    ['https://dais.example/live/abc/?name=x#y', 'abc'],
    ['two words', null],
    ['https://dais.example/other', null],
    ['', null],
  ])('in %j is %j', (query, id) => {
    expect(liveIdIn(query)).toBe(id);
  });
});
