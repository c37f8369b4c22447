namespace Dais.Simulation.Peers;

/// <summary>
/// How many bytes an encoder may put into its pictures: in the mean what it is told, a keyframe more and those after it less for a while.
/// </summary>
public sealed class PictureBudget
{
    private const int PicturesPerSecond = 30;

    /// <summary>A keyframe takes as much as so many other pictures.</summary>
    private const int KeyframePictures = 4;

    /// <summary>The least of a picture's share it gets while a keyframe is paid for.</summary>
    private const double ShareMin = 0.7;

    private const double BytesMin = 100;

    private double _owed;

    /// <summary>What all pictures of a second together are to take, in bits.</summary>
    public long BitsPerSecond { get; set; }

    /// <summary>Takes the bytes of the next picture.</summary>
    public int Take(bool isKeyframe)
    {
        double share = BitsPerSecond / 8.0 / PicturesPerSecond;
        double bytes = isKeyframe ? KeyframePictures * share : Math.Max(ShareMin * share, share - _owed);
        bytes = Math.Max(BytesMin, bytes);
        // What could not be saved of the least is not owed: the picture cannot be smaller.
        _owed = Math.Max(0, _owed + bytes - share);
        return (int)bytes;
    }
}
