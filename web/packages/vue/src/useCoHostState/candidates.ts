import type { CoHostCandidate, RoomState } from '@dais/client';
import { computed, shallowReadonly, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { hostInfoOf, type SeatUserInfo } from '../people/people';
import type { LiveSession } from '../session/liveSession';

/** Someone whose live this one can connect with. */
export interface CoHostCandidateInfo extends SeatUserInfo {
  readonly currentViewerCount: number;
}

/** The pages of candidates fetched so far, and how to fetch more. */
export interface Candidates {
  readonly candidates: ComputedRef<readonly CoHostCandidateInfo[]>;
  readonly candidatesCursor: Readonly<ShallowRef<string>>;
  readonly getCoHostCandidates: (cursor?: string) => Promise<void>;
}

/** The candidates of the current live; none once it is over. */
export function useCandidates(session: LiveSession): Candidates {
  const fetched = shallowRef<readonly CoHostCandidate[]>([]);
  const cursor = shallowRef('');
  // Pages of a list that has been begun anew meanwhile are of no use.
  let list = 0;
  watch(
    session.room,
    () => {
      list += 1;
      fetched.value = [];
      cursor.value = '';
    },
    { flush: 'sync' },
  );

  return {
    candidates: computed(() => {
      const state = session.state.value;
      return state === null ? [] : fetched.value.filter(isFree(state)).map((candidate) => infoOf(candidate, state));
    }),
    candidatesCursor: shallowReadonly(cursor),
    getCoHostCandidates: async (from = '') => {
      const room = session.requireRoom();
      list += from === '' ? 1 : 0;
      const asked = list;
      const page = await room.listHostCandidates(from);
      if (asked === list) {
        const known = new Set(page.candidates.map(({ roomId }) => roomId));
        const before = from === '' ? [] : fetched.value.filter(({ roomId }) => !known.has(roomId));
        fetched.value = [...before, ...page.candidates];
        cursor.value = page.cursor;
      }
    },
  };
}

/** Whoever has been asked or is connected since the page came is no candidate any more. */
function isFree({ connection, sentHostRequests }: RoomState): (candidate: CoHostCandidate) => boolean {
  const taken = new Set([
    ...(connection?.members ?? []).map(({ roomId }) => roomId),
    ...sentHostRequests.map(({ to }) => to.roomId),
  ]);
  return ({ roomId }) => !taken.has(roomId);
}

function infoOf(candidate: CoHostCandidate, state: RoomState): CoHostCandidateInfo {
  return { ...hostInfoOf(candidate, state), currentViewerCount: candidate.audienceCount };
}
