import { LiveError, clientErrorCodes } from '@dais/client';

/** Why a microphone or camera could not be used. */
export const DeviceError = {
  NoError: 0,
  NoDeviceDetected: 1,
  NoSystemPermission: 2,
  NotSupportCapture: 3,
  OccupiedError: 4,
  UnknownError: 5,
} as const;
export type DeviceError = (typeof DeviceError)[keyof typeof DeviceError];

/** What the browser throws when there is no `navigator.mediaDevices`, as on pages that are not secure. */
export class NoMediaDevices extends Error {}

/** Which error the refusal of the browser stands for. */
export function deviceErrorOf(thrown: unknown): DeviceError {
  if (thrown instanceof NoMediaDevices) {
    return DeviceError.NotSupportCapture;
  }
  switch (thrown instanceof Error ? thrown.name : '') {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return DeviceError.NoDeviceDetected;
    case 'NotAllowedError':
    case 'SecurityError':
      return DeviceError.NoSystemPermission;
    case 'NotSupportedError':
    case 'TypeError':
      return DeviceError.NotSupportCapture;
    case 'NotReadableError':
    case 'AbortError':
      return DeviceError.OccupiedError;
    default:
      return DeviceError.UnknownError;
  }
}

/** The refusal of the browser as the one error of this package. */
export function toLiveError(thrown: unknown): LiveError {
  const error = deviceErrorOf(thrown);
  const name = error === DeviceError.NoSystemPermission ? 'devicePermissionDenied' : 'deviceUnavailable';
  return new LiveError({
    code: clientErrorCodes[name],
    name,
    message: thrown instanceof Error && thrown.message !== '' ? thrown.message : 'The device cannot be used.',
    retryable: error === DeviceError.OccupiedError,
  });
}
