namespace Dais.Samples.StageBot;

/// <summary>An encoded frame and when it is to be seen or heard, from the start of its stream.</summary>
/// <param name="Timestamp">When.</param>
/// <param name="Data">The frame.</param>
public readonly record struct EncodedFrame(TimeSpan Timestamp, byte[] Data);

/// <summary>Takes frames out of a container, whose bytes may come in any pieces.</summary>
public interface IFrameReader
{
    /// <summary>Adds the next bytes of the container.</summary>
    /// <exception cref="InvalidDataException">They are not of that container.</exception>
    void Add(ReadOnlySpan<byte> bytes);

    /// <summary>Takes the next frame; false when more bytes are needed for it.</summary>
    bool TryTake(out EncodedFrame frame);
}
