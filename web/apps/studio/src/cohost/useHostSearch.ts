import type { UseCoHostStateReturn } from '@dais/vue';
import { computed, onScopeDispose, readonly, ref, watch, type ComputedRef, type Ref } from 'vue';
import { textOfError } from '../session/errorText';

type Candidate = UseCoHostStateReturn['candidates']['value'][number];

/** What {@link useHostSearch} returns. */
export interface UseHostSearchReturn {
  readonly query: Ref<string>;
  /** The lives whose host or id the query names. */
  readonly found: ComputedRef<readonly Candidate[]>;
  /** The query as the id of a live that is not in the list, but may be asked. */
  readonly unlistedId: ComputedRef<string | null>;
  readonly loading: Readonly<Ref<boolean>>;
  /** Whether the first page has come. */
  readonly known: Readonly<Ref<boolean>>;
  readonly hasMore: ComputedRef<boolean>;
  /** Why the list could not be read, as a sentence. */
  readonly failure: Readonly<Ref<string | null>>;
  readonly showMore: () => Promise<void>;
}

/** While nobody is there to ask, the list is read again this often. */
const againMs = 4_000;
const idPattern = /^[!-~]{1,48}$/;

/** The id that was typed, or that is in the link that was pasted. */
export function liveIdIn(query: string): string | null {
  const last = /\/live\/([^/?#]+)/.exec(query)?.[1] ?? query.trim();
  return idPattern.test(last) && !last.includes('/') ? last : null;
}

/** Finds hosts of other lives, by name or id; `ownId` is the live that searches. */
export function useHostSearch(
  hosts: Pick<UseCoHostStateReturn, 'candidates' | 'candidatesCursor' | 'getCoHostCandidates'>,
  ownId: string,
): UseHostSearchReturn {
  const query = ref('');
  const loading = ref(false);
  const known = ref(false);
  const failure = ref<string | null>(null);

  const wanted = computed(() => query.value.trim().toLowerCase());
  const wantedId = computed(() => liveIdIn(query.value));
  const found = computed(() =>
    hosts.candidates.value.filter(
      ({ userName, liveId }) =>
        userName.toLowerCase().includes(wanted.value) ||
        liveId.toLowerCase().includes(wanted.value) ||
        liveId === wantedId.value,
    ),
  );
  const hasMore = computed(() => known.value && hosts.candidatesCursor.value !== '');
  const unlistedId = computed(() => {
    const isListed = found.value.some(({ liveId }) => liveId === wantedId.value);
    return known.value && !hasMore.value && !isListed && wantedId.value !== ownId ? wantedId.value : null;
  });

  async function load(cursor: string): Promise<void> {
    if (loading.value) {
      return;
    }
    loading.value = true;
    try {
      await hosts.getCoHostCandidates(cursor);
      known.value = true;
      failure.value = null;
    } catch (error) {
      failure.value = textOfError(error);
    }
    loading.value = false;
  }
  const showMore = (): Promise<void> => load(hosts.candidatesCursor.value);

  // A name that is not on the pages so far may be on the next.
  watch([wanted, loading], () => {
    if (wanted.value !== '' && found.value.length === 0 && hasMore.value && failure.value === null) {
      void showMore();
    }
  });
  const timer = setInterval(() => hosts.candidates.value.length === 0 && void load(''), againMs);
  onScopeDispose(() => clearInterval(timer));
  void load('');

  return {
    query,
    found,
    unlistedId,
    loading: readonly(loading),
    known: readonly(known),
    hasMore,
    failure: readonly(failure),
    showMore,
  };
}
