import type { UseCoHostStateReturn } from '@dais/vue';
import { readonly, ref, shallowReadonly, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useAttempt } from '../session/useAttempt';
import { useBusyWith } from '../session/useBusyWith';
import { refusalText } from './coHostTexts';

/** How long another host has to answer. */
export const requestSeconds = 30;

/** A live one can connect with, and what its host is called. */
export interface Target {
  readonly liveId: string;
  readonly userName: string;
}

/** What {@link useCoHosting} returns. */
export interface UseCoHostingReturn {
  /** Ids of the lives something is under way for. */
  readonly busyWith: Readonly<ShallowRef<ReadonlySet<string>>>;
  readonly asking: Readonly<Ref<boolean>>;
  readonly leaving: Readonly<Ref<boolean>>;
  /** Why some of those asked last could not be, by live. */
  readonly refusals: Readonly<ShallowRef<ReadonlyMap<string, string>>>;
  /** Asks the hosts of lives; gives whether all of them could be asked. */
  readonly ask: (targets: readonly Target[], layoutId: number) => Promise<boolean>;
  readonly cancel: (liveId: string) => Promise<void>;
  readonly accept: (liveId: string) => Promise<void>;
  readonly reject: (liveId: string) => Promise<void>;
  readonly setMuted: (liveId: string, muted: boolean) => Promise<void>;
  /** Leaves the connection; gives whether that went well. */
  readonly leave: () => Promise<boolean>;
  /** Forgets why somebody could not be asked. */
  readonly forgetRefusals: () => void;
}

type Hosts = Pick<
  UseCoHostStateReturn,
  | 'requestHostConnection'
  | 'cancelHostConnection'
  | 'acceptHostConnection'
  | 'rejectHostConnection'
  | 'exitHostConnection'
  | 'muteRemoteHostAudio'
>;

/** What a host does with hosts of other lives; a refusal is told in a sentence. */
export function useCoHosting(hosts: Hosts, tell: (text: string) => void): UseCoHostingReturn {
  const attempt = useAttempt(tell);
  const { busyWith, on } = useBusyWith();
  const asking = ref(false);
  const leaving = ref(false);
  const refusals = shallowRef<ReadonlyMap<string, string>>(new Map());

  async function refusalOf({ liveId, userName }: Target, layoutTemplate: number): Promise<[string, string] | null> {
    const results = await hosts.requestHostConnection({ liveId, layoutTemplate, timeout: requestSeconds });
    const text = refusalText(results.get(liveId), userName);
    return text === null ? null : [liveId, text];
  }

  async function request(targets: readonly Target[], layoutTemplate: number): Promise<void> {
    const answers = await Promise.all(targets.map((target) => refusalOf(target, layoutTemplate)));
    refusals.value = new Map(answers.filter((answer) => answer !== null));
  }

  return {
    busyWith,
    asking: readonly(asking),
    leaving: readonly(leaving),
    refusals: shallowReadonly(refusals),
    ask: async (targets, layoutId) => {
      asking.value = true;
      const asked = await attempt(request(targets, layoutId));
      asking.value = false;
      return asked && refusals.value.size === 0;
    },
    cancel: (liveId) => on(liveId, () => attempt(hosts.cancelHostConnection({ liveId }))),
    accept: (liveId) => on(liveId, () => attempt(hosts.acceptHostConnection({ liveId }))),
    reject: (liveId) => on(liveId, () => attempt(hosts.rejectHostConnection({ liveId }))),
    setMuted: (liveId, muted) => on(liveId, () => attempt(hosts.muteRemoteHostAudio(liveId, muted))),
    leave: async () => {
      leaving.value = true;
      const left = await attempt(hosts.exitHostConnection());
      leaving.value = false;
      return left;
    },
    forgetRefusals: () => {
      refusals.value = new Map();
    },
  };
}
