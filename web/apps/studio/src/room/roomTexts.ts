/** What became of a request to come on stage, as the applicant is told it. */
export type ApplicationEnd = 'accepted' | 'rejected' | 'timedOut';

/** What an applicant is told when the request is over. */
export function applicationEndText(end: ApplicationEnd, hostName: string): string {
  switch (end) {
    case 'accepted':
      return 'You are on stage now.';
    case 'rejected':
      return `${hostName} could not take you on stage this time.`;
    case 'timedOut':
      return `${hostName} did not answer in time. You can ask again.`;
  }
}

/** What the host is told when a guest left the stage by themselves. */
export function guestLeftText(userName: string, wasReconnecting: boolean): string {
  return wasReconnecting ? `${userName} lost the connection and left the stage.` : `${userName} left the stage.`;
}

/** How a live ended for this person: by the host, the server, because of a lost connection, or for them alone. */
export type LiveEnd = 'host' | 'hostTimeout' | 'server' | 'gone' | 'kicked' | 'disconnected';

/** Heading and sentence of the screen after the end. */
export function closedText(end: LiveEnd, isHost: boolean): { title: string; text: string } {
  switch (end) {
    case 'host':
      return isHost
        ? { title: 'Your live has ended', text: 'Nice one. Everyone has been told.' }
        : { title: 'The live has ended', text: 'Thanks for being there.' };
    case 'hostTimeout':
      return isHost
        ? { title: 'Your live has ended', text: 'You were away for too long. You can go live again any time.' }
        : { title: 'The live has ended', text: 'The host lost the connection and did not come back.' };
    case 'server':
      return { title: 'The live has ended', text: 'It was ended by the people who run this server.' };
    case 'gone':
      return { title: 'The live has ended', text: 'It was over by the time you were back.' };
    case 'kicked':
      return { title: 'You are no longer in this live', text: 'Someone who runs it has removed you.' };
    case 'disconnected':
      return { title: 'You have been disconnected', text: 'This live may be open in another tab or window.' };
  }
}
