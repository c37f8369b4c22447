import { LiveError } from '@dais/client';

/** Codes of {@link RtcError}, as code for TRTC knows them. */
export const ErrorCode = {
  INVALID_PARAMETER: 0x1000,
  INVALID_OPERATION: 0x1001,
  NOT_SUPPORTED: 0x1002,
  DEVICE_NOT_FOUND: 0x1003,
  INITIALIZE_FAILED: 0x1004,
  SIGNAL_CHANNEL_SETUP_FAILED: 0x4001,
  SIGNAL_CHANNEL_ERROR: 0x4002,
  ICE_TRANSPORT_ERROR: 0x4003,
  JOIN_ROOM_FAILED: 0x4004,
  CREATE_OFFER_FAILED: 0x4005,
  SIGNAL_CHANNEL_RECONNECTION_FAILED: 0x4006,
  UPLINK_RECONNECTION_FAILED: 0x4007,
  DOWNLINK_RECONNECTION_FAILED: 0x4008,
  REMOTE_STREAM_NOT_EXIST: 0x4010,
  CLIENT_BANNED: 0x4040,
  SERVER_TIMEOUT: 0x4041,
  SUBSCRIPTION_TIMEOUT: 0x4042,
  PLAY_NOT_ALLOWED: 0x4043,
  DEVICE_AUTO_RECOVER_FAILED: 0x4044,
  START_PUBLISH_CDN_FAILED: 0x4045,
  STOP_PUBLISH_CDN_FAILED: 0x4046,
  START_MIX_TRANSCODE_FAILED: 0x4047,
  STOP_MIX_TRANSCODE_FAILED: 0x4048,
  NOT_SUPPORTED_H264: 0x4049,
  SWITCH_ROLE_FAILED: 0x404a,
  API_CALL_TIMEOUT: 0x404b,
  UNKNOWN: 0xffff,
} as const;

export type ErrorCodeName = keyof typeof ErrorCode;

/** The one error of this package. */
export class RtcError extends Error {
  /** `RtcError`, or the browser's name of what went wrong with a device, for example `NotAllowedError`. */
  override readonly name: string;
  readonly #code: ErrorCodeName;
  readonly #extraCode: number;

  constructor(code: ErrorCodeName, message: string, details: { name?: string; extraCode?: number } = {}) {
    super(message);
    this.name = details.name ?? 'RtcError';
    this.#code = code;
    this.#extraCode = details.extraCode ?? 0;
  }

  /** One of {@link ErrorCode}. */
  getCode(): number {
    return ErrorCode[this.#code];
  }

  /** The code of the Dais server or client behind it; 0 when there is none. */
  getExtraCode(): number {
    return this.#extraCode;
  }
}

/** Failures that mean the same whatever was being done. */
const always: Readonly<Record<string, ErrorCodeName>> = {
  notConnected: 'SIGNAL_CHANNEL_ERROR',
  connectionLost: 'SIGNAL_CHANNEL_ERROR',
  callTimedOut: 'API_CALL_TIMEOUT',
};

/** Anything thrown as an `RtcError`; `otherwise` is the code of what is no failure of the connection. */
export function rtcErrorOf(thrown: unknown, otherwise: ErrorCodeName): RtcError {
  if (thrown instanceof RtcError) {
    return thrown;
  }
  const error = LiveError.from(thrown);
  return new RtcError(always[error.name] ?? otherwise, error.message, { extraCode: error.code });
}

/** What a browser throws when camera, microphone or screen cannot be had. */
export function deviceErrorOf(thrown: unknown): RtcError {
  if (thrown instanceof RtcError) {
    return thrown;
  }
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const isMissing = name === 'NotFoundError' || name === 'OverconstrainedError';
  return new RtcError(isMissing ? 'DEVICE_NOT_FOUND' : 'INITIALIZE_FAILED', message || name, { name });
}
