namespace Dais.Server.Storage.Journal;

/// <summary>Applies what a frame says.</summary>
internal static class Replay
{
    /// <summary>Applies a frame's operations in order.</summary>
    /// <param name="payload">The frame's payload.</param>
    /// <param name="index">The streams so far.</param>
    /// <param name="closedBy">The segment that the frame's last operation names as the next; 0 if it is another operation.</param>
    /// <returns>False if the frame makes no sense here, though its CRC is right.</returns>
    public static bool TryApply(ReadOnlySpan<byte> payload, StreamIndex index, out long closedBy)
    {
        closedBy = 0;
        while (!payload.IsEmpty)
        {
            if (!OperationFormat.TryRead(payload, out var operation, out int bytesRead) || !index.TryApply(operation))
            {
                return false;
            }

            closedBy = operation is LogOperation.Close close ? close.NextSegment : 0;
            payload = payload[bytesRead..];
        }

        return true;
    }
}
