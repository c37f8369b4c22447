namespace Dais.Sfu.Allocation;

/// <summary>
/// One layer in which a picture can be had: what simulcast encodings and their temporal layers come down to for <see cref="Allocator"/>.
/// A picture's layers are given in rising bitrate, each whole in itself (what it needs of lower ones is counted in); a source that is not
/// layered has one.
/// </summary>
/// <param name="Spatial">The encoding, from 0 for the smallest.</param>
/// <param name="Temporal">The temporal layer up to which is sent, from 0; of a source without any, 0.</param>
/// <param name="Height">The picture's height in pixels; 0 when it is not known.</param>
/// <param name="Bitrate">What was measured lately, in bits per second with headers; 0 when nothing comes.</param>
public readonly record struct PictureLayer(byte Spatial, byte Temporal, int Height, int Bitrate);

/// <summary>What a viewer wants to see on one slot, and what there is.</summary>
/// <param name="FirstLayer">Where the picture's layers begin among all.</param>
/// <param name="LayerCount">How many it has; 0 for none.</param>
/// <param name="MaxHeight">No layer higher than needed for so many pixels is of use; 0 for any.</param>
/// <param name="IsPaused">Whether the viewer does not want to see it: hidden, or scrolled away.</param>
/// <param name="Current">The layer sent now, from 0 in the picture's own; <see cref="Allocator.None"/> for none.</param>
public readonly record struct PictureWish(int FirstLayer, int LayerCount, int MaxHeight, bool IsPaused, int Current);

/// <summary>What is believed to pass to a viewer.</summary>
/// <param name="Estimate">In bits per second; null when nothing is known, which is no bound.</param>
/// <param name="IsFull">Whether a queue says as well that no more passes.</param>
/// <param name="IsBurst">Whether the queue there is is one of a moment, behind a keyframe.</param>
/// <param name="IsProven">Whether the estimate was measured lately; else nothing above the lowest layer is added.</param>
public readonly record struct PathBelief(long? Estimate, bool IsFull, bool IsBurst, bool IsProven);
