/** Codes of the errors this client makes itself; every other code comes from the server. */
export const clientErrorCodes = {
  /** The connection was lost before the answer came; the call may or may not have taken effect. */
  connectionLost: 1901,
  /** No answer within the call's time. */
  callTimedOut: 1902,
  /** The client is not connected, or was closed. */
  notConnected: 1903,
  /** The room was left or has ended. */
  roomClosed: 1904,
  /** The server's answer could not be used. */
  badAnswer: 1905,
  /** The camera or microphone cannot be opened. */
  deviceUnavailable: 1906,
  /** The user or the browser does not allow the camera or microphone. */
  devicePermissionDenied: 1907,
} as const;

export interface LiveErrorDetails {
  code: number;
  name: string;
  message: string;
  retryable?: boolean;
  field?: string;
  retryAfterMs?: number;
  applicationCode?: number;
}

/** The one error of this client: a refusal of the server, or a failure on the way to it. */
export class LiveError extends Error {
  /** The error code of the protocol, or one of `clientErrorCodes`. */
  readonly code: number;

  /** A stable word for the code, for example `seatLocked`. */
  override readonly name: string;

  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean;

  /** The parameter that was missing or wrong. */
  readonly field: string | undefined;

  /** How long to wait before the next try, when the server says so. */
  readonly retryAfterMs: number | undefined;

  /** What the application's backend says to the application, when it refused. */
  readonly applicationCode: number | undefined;

  constructor(details: LiveErrorDetails) {
    super(details.message);
    this.code = details.code;
    this.name = details.name;
    this.retryable = details.retryable ?? false;
    this.field = details.field;
    this.retryAfterMs = details.retryAfterMs;
    this.applicationCode = details.applicationCode;
  }

  /** An error made by this client itself. */
  static local(name: keyof typeof clientErrorCodes, message: string, retryable = false): LiveError {
    return new LiveError({ code: clientErrorCodes[name], name, message, retryable });
  }

  /** Any thrown value as a `LiveError`. */
  static from(value: unknown): LiveError {
    if (value instanceof LiveError) {
      return value;
    }
    const message = value instanceof Error ? value.message : String(value);
    return LiveError.local('badAnswer', message);
  }
}
