/** Whether the live is connected with others. */
export const CoHostStatus = { Connected: 'Connected', Disconnected: 'Disconnected' } as const;
export type CoHostStatus = (typeof CoHostStatus)[keyof typeof CoHostStatus];

/** How the stage of connected lives is drawn; the server takes every number. */
export const CoHostLayoutTemplate = {
  HostVoiceConnection: 2,
  HostVideoLandscapeFixed2Seats: 400,
  HostDynamicGrid: 600,
  HostDynamic1v6: 601,
  HostVideoLeftFocus9Seats: 602,
  HostVideoUniformGrid9Seats: 603,
} as const;
export type CoHostLayoutTemplate = (typeof CoHostLayoutTemplate)[keyof typeof CoHostLayoutTemplate];

/** What became of a request at once; both spellings that documents use. */
export const TUIConnectionCode = {
  /** Not possible: the own live. */
  unknown: -1,
  /** Sent; or, when the other host had asked already, accepted. */
  success: 0,
  roomNotExist: 1,
  /** There is an open request between the two already, or they are connected. */
  connecting: 2,
  /** Both are connected, with others. */
  connectingOtherRoom: 3,
  /** More lives than can be connected. */
  full: 4,
  retry: 5,
  TUIConnectionCodeUnknown: -1,
  TUIConnectionCodeSuccess: 0,
  TUIConnectionCodeRoomNotExist: 1,
  TUIConnectionCodeConnecting: 2,
  TUIConnectionCodeConnectingOtherRoom: 3,
  TUIConnectionCodeFull: 4,
  TUIConnectionCodeRetry: 5,
} as const;
export type TUIConnectionCode = (typeof TUIConnectionCode)[keyof typeof TUIConnectionCode];
