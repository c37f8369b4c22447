import type { ConnectionStatus, LiveError } from '@dais/client';
import { computed, type ComputedRef, type ShallowRef } from 'vue';
import { EventHub } from '../events/eventHub';
import type { LiveUserInfo } from '../people/people';
import { useSession } from '../session/liveSession';
import { shared } from '../session/shared';

/** Whether someone is signed in. */
export const LoginStatus = { UNKNOWN: 'UNKNOWN', LOGINED: 'LOGINED' } as const;
export type LoginStatus = (typeof LoginStatus)[keyof typeof LoginStatus];

/** What ends a login from outside. */
export const LoginEvent = { onLoginExpired: 'onLoginExpired', onKickedOffline: 'onKickedOffline' } as const;
export type LoginEvent = (typeof LoginEvent)[keyof typeof LoginEvent];

/** What the events of {@link useLoginState} bring along. */
export interface LoginEventPayloads {
  /** The token is no longer good and no new one could be had. */
  onLoginExpired: { error: LiveError };
  /** The server does not want this user any more, for example because they signed in elsewhere. */
  onKickedOffline: { error: LiveError };
}

/** Signing in as this project knows it: a token, or, in development mode, a bare user id. */
export interface LoginOptions {
  /** Address of the server; default: the page's origin. */
  url?: string;
  userId: string;
  userName?: string;
  avatarUrl?: string;
  token?: string;
  /** Gives the first token, when `token` is missing, and a new one when the server refuses the last. */
  getToken?: () => Promise<string>;
}

/** Signing in as code for comparable SDKs does it: `userSig` carries the token, `sdkAppId` says nothing here. */
export interface SignatureLoginOptions {
  url?: string;
  sdkAppId: number;
  userId: string;
  userSig: string;
}

/** What {@link useLoginState} returns. */
export interface UseLoginStateReturn {
  readonly loginUserInfo: ComputedRef<LiveUserInfo | null>;
  readonly loginStatus: ComputedRef<LoginStatus>;
  /** The life of the connection: `open` while all is well, `waiting` before another try. */
  readonly connectionStatus: Readonly<ShallowRef<ConnectionStatus>>;
  /** The server lets everybody in by a bare user id. */
  readonly isDevelopmentMode: Readonly<ShallowRef<boolean>>;
  readonly login: (options: LoginOptions | SignatureLoginOptions) => Promise<void>;
  readonly logout: () => Promise<void>;
  /** Changes what others see of this user; possible while they are in no live. */
  readonly setSelfInfo: (info: { userName?: string; avatarUrl?: string }) => Promise<void>;
  /** The server's clock now: what `createdAt` and `expiresAt` compare with. */
  readonly serverNow: () => number;
  /** Tries to connect at once instead of waiting, for example because the network is back. */
  readonly reconnectNow: () => void;
  readonly subscribeEvent: EventHub<LoginEventPayloads>['subscribeEvent'];
  readonly unsubscribeEvent: EventHub<LoginEventPayloads>['unsubscribeEvent'];
}

const expiredErrors: readonly string[] = ['badToken', 'tokenExpired'];
const unauthorizedClose = 4401;

/** Who is signed in, and the connection to the server: one for the whole app. */
export const useLoginState: () => UseLoginStateReturn = shared(() => {
  const session = useSession();
  const hub = new EventHub<LoginEventPayloads>();
  session.observe({
    onDismissed: (error) => {
      const expired = expiredErrors.includes(error.name) || error.code === unauthorizedClose;
      hub.raise(expired ? LoginEvent.onLoginExpired : LoginEvent.onKickedOffline, { error });
    },
  });

  return {
    loginUserInfo: computed(() => session.user.value),
    loginStatus: computed(() => (session.user.value === null ? LoginStatus.UNKNOWN : LoginStatus.LOGINED)),
    connectionStatus: session.status,
    isDevelopmentMode: session.developmentMode,
    login: (options) => {
      if (!('userSig' in options)) {
        return session.signIn(options);
      }
      const { url, userId, userSig } = options;
      return session.signIn({ ...(url === undefined ? {} : { url }), userId, token: userSig });
    },
    logout: () => {
      session.signOut();
      return Promise.resolve();
    },
    setSelfInfo: (info) => session.rename(info),
    serverNow: () => session.serverNow(),
    reconnectNow: () => session.reconnectNow(),
    subscribeEvent: hub.subscribeEvent,
    unsubscribeEvent: hub.unsubscribeEvent,
  };
});
