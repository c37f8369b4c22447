import { TRTC } from './trtc.js';

/** For pages that take a script in the place of modules. */
(globalThis as { TRTC?: typeof TRTC }).TRTC = TRTC;
